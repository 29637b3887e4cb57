import { readFileSync } from "node:fs";
import type { Setting } from "./setting.ts";

/** Environment variables by name; empty and blank ones count as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings by the names of their environment variables. */
export type Declarations = Readonly<Record<string, Setting<unknown>>>;

/** A setting's name in code: `EVENT_MAX_ATTEMPTS` is `eventMaxAttempts`. */
export type PropertyName<Variable extends string> = Variable extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<PropertyName<Tail>>}`
  : Lowercase<Variable>;

/** The value of each setting by its name in code. */
export type ValuesOf<D extends Declarations> = {
  readonly [Variable in keyof D & string as PropertyName<Variable>]: D[Variable] extends Setting<
    infer T
  >
    ? T
    : never;
};

/** Settings of which any may be left out. */
export type SomeOf<Values> = { readonly [Name in keyof Values]?: Values[Name] | undefined };

/** All values, and a sentence per problem that never shows a secret's value. */
export interface Read<Values> {
  readonly values: Values;
  readonly problems: readonly string[];
}

/**
 * The environment with the secrets that are in files: `NAME_FILE` is the path of a file with the
 * value of `NAME`. So they are in no list of processes, and in no image.
 */
export function withSecretFiles(
  declarations: Declarations,
  env: Environment,
): { readonly env: Environment; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const values = Object.keys(declarations)
    .filter((variable) => declarations[variable]?.isSecret)
    .flatMap((variable) => {
      const name = `${variable}_FILE`;
      const path = env[name]?.trim();
      if (!path) {
        return [];
      }
      if (env[variable]?.trim()) {
        problems.push(`${variable} and ${name} exclude each other: set one of them`);
        return [];
      }
      const text = readSecretFile(path);
      if (!text) {
        problems.push(`${name} names a file that is empty or cannot be read: ${path}`);
        return [];
      }
      return [[variable, text] as const];
    });
  return { env: { ...env, ...Object.fromEntries(values) }, problems };
}

function readSecretFile(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}

/** The value of each setting in an environment, or else its default. */
export function readEnvironment<D extends Declarations>(
  declarations: D,
  { env, production }: { env: Environment; production: boolean },
): Read<ValuesOf<D>> {
  return readValues(declarations, (variable, setting) => {
    const text = env[variable]?.trim() || null;
    const byDefault = production ? setting.productionDefault : setting.default;
    return { name: variable, value: text === null ? byDefault : setting.parse(text) };
  });
}

/** The value of each setting, given in code by its name there, or else its default. */
export function completeSettings<D extends Declarations>(
  declarations: D,
  given: SomeOf<ValuesOf<D>>,
): Read<ValuesOf<D>> {
  const names = new Set(Object.keys(declarations).map(propertyName));
  const unknown = Object.keys(given).filter((name) => !names.has(name));
  const read = readValues(declarations, (variable, setting) => {
    const name = propertyName(variable);
    const value: unknown = Reflect.get(given, name);
    return { name, value: value === undefined ? setting.default : value };
  });
  const strays = unknown.map((name) => `${name} is no setting: remove it`);
  return { ...read, problems: [...read.problems, ...strays] };
}

/** Picks the values of some settings. */
export function partOf<D extends Declarations>(
  declarations: D,
  values: NoInfer<ValuesOf<D>>,
): ValuesOf<D> {
  const names = Object.keys(declarations).map(propertyName);
  return Object.fromEntries(names.map((name): unknown[] => [name, Reflect.get(values, name)]));
}

function readValues<D extends Declarations>(
  declarations: D,
  read: (variable: string, setting: Setting<unknown>) => { name: string; value: unknown },
): Read<ValuesOf<D>> {
  const problems: string[] = [];
  const values = Object.entries(declarations).map(([variable, setting]) => {
    const { name, value } = read(variable, setting);
    const problem = setting.problemOf(value);
    if (problem !== null) {
      problems.push(`${name} ${problem}`);
    }
    return [propertyName(variable), value === undefined ? setting.default : value];
  });
  return { values: Object.fromEntries(values), problems };
}

function propertyName(variable: string): string {
  return variable.toLowerCase().replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
