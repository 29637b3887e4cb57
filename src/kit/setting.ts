import { Secret } from "./secret.ts";

/** A setting: its meaning, its allowed values and its default. */
export interface Setting<T> {
  /** The default. */
  readonly default: T;
  /** The default in production, if it differs. */
  readonly productionDefault: T;
  /** The default in words, if its value does not explain itself. */
  readonly defaultText: string | null;
  /** The allowed values in words. */
  readonly possible: string;
  /** The meaning, with its unit: a line of Markdown. */
  readonly meaning: string;
  /** Whether its value must never be shown. */
  readonly isSecret: boolean;
  /** Parses a text; `undefined` if it is invalid. */
  parse(text: string): T | undefined;
  /** What is wrong with a value, such as `must be true or false`; `null` if it is valid. */
  problemOf(value: T | undefined): string | null;
}

/** What settings of every kind declare. */
interface About<T> {
  readonly default: T;
  readonly productionDefault?: T;
  readonly defaultText?: string;
  readonly meaning: string;
}

type Kind<T> = Pick<Setting<T>, "possible" | "parse" | "problemOf">;

function setting<T>(about: About<T>, kind: Kind<T>, isSecret = false): Setting<T> {
  const { default: value, productionDefault = value, defaultText = null, meaning } = about;
  return { default: value, productionDefault, defaultText, meaning, isSecret, ...kind };
}

/** A whole number within bounds, both included. */
export function integer(about: About<number> & { bounds: readonly [number, number] }) {
  const [least, most] = about.bounds;
  const possible = `a whole number from ${least} to ${most}`;
  const fits = (value = Number.NaN) => Number.isInteger(value) && value >= least && value <= most;
  return setting(about, {
    possible,
    parse: (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
    problemOf: (value) => (fits(value) ? null : `must be ${possible}`),
  });
}

/** A whole number within bounds, both included; `null` where none is set. */
export function optionalInteger(
  about: Omit<About<null>, "default"> & { bounds: readonly [number, number] },
) {
  const { parse, possible, problemOf } = integer({ ...about, default: 0, productionDefault: 0 });
  return setting<number | null>(
    { ...about, default: null, productionDefault: null },
    {
      possible,
      parse,
      problemOf: (value) => (value === null ? null : problemOf(value)),
    },
  );
}

/** A number of seconds within bounds, both included; fractions are possible. */
export function seconds(about: About<number> & { bounds: readonly [number, number] }) {
  const [least, most] = about.bounds;
  const possible = `a number from ${least} to ${most}`;
  const fits = (value = Number.NaN) => value >= least && value <= most;
  return setting(about, {
    possible,
    parse: (text) => (/^\d{1,9}(\.\d{1,3})?$/.test(text) ? Number(text) : undefined),
    problemOf: (value) => (fits(value) ? null : `must be ${possible}`),
  });
}

/** `true` or `false`. */
export function flag(about: About<boolean>) {
  return setting(about, {
    possible: "true or false",
    parse: (text) => (text === "true" ? true : text === "false" ? false : undefined),
    problemOf: (value) => (typeof value === "boolean" ? null : "must be true or false"),
  });
}

/** Something dangerous that has to be wished: `1`, or unset. */
export function consent({ meaning }: Pick<About<boolean>, "meaning">) {
  return setting<boolean>(
    { default: false, defaultText: "unset", meaning },
    {
      possible: "1",
      parse: (text) => (text === "1" ? true : undefined),
      problemOf: (value) => (typeof value === "boolean" ? null : "must be 1 or unset"),
    },
  );
}

/** One of several words. */
export function choice<const T extends string>(
  about: About<NoInfer<T>> & { values: readonly T[] },
): Setting<T> {
  const possible = `one of ${about.values.join(", ")}`;
  const known = (text: unknown) => about.values.find((value) => value === text);
  return setting<T>(about, {
    possible,
    parse: known,
    problemOf: (value) => (known(value) === undefined ? `must be ${possible}` : null),
  });
}

/** A text that is not empty. */
export function text(about: About<string>) {
  return setting(about, {
    possible: "text",
    parse: (value) => value,
    problemOf: (value) => (typeof value === "string" && value !== "" ? null : "must be a text"),
  });
}

/** A text, or `null`. `none`: the word that stands for `null`. */
export function optionalText({ none, ...about }: About<string | null> & { none?: string }) {
  return setting(about, {
    possible: "text",
    parse: (value) => (value === none ? null : value),
    problemOf: (value) => (value === null || typeof value === "string" ? null : "must be a text"),
  });
}

/** An absolute http or https address, `null` where none is set. */
export function url(about: Omit<About<null>, "default"> & { bare?: boolean }) {
  return setting<string | null>(
    { ...about, default: null },
    {
      possible: "an http or https URL",
      parse: (value) => (about.bare ? value.replace(/(?<!\/)\/+$/, "") : value),
      problemOf: (value) => {
        if (value === null) {
          return null;
        }
        if (!/^https?:$/.test(URL.canParse(value ?? "") ? new URL(value ?? "").protocol : "")) {
          return "must be an absolute URL that begins with https:// or http://";
        }
        return about.bare && /[?#@]/.test(value ?? "")
          ? "must be an address without user, query and fragment"
          : null;
      },
    },
  );
}

/** Origins, such as `https://app.example.com`, comma-separated; `null` where none are set. */
export function origins(about: Omit<About<null>, "default">) {
  const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;
  return setting<readonly string[] | null>(
    { ...about, default: null },
    {
      possible: "origins",
      parse: (value) => (partsOf(value).length === 0 ? null : partsOf(value)),
      problemOf: (value) => {
        const stray = value?.find((origin) => !isOrigin(origin));
        return stray === undefined
          ? null
          : `has "${stray}", which is no origin like https://app.example.com`;
      },
    },
  );
}

/** What a secret has to look like. */
interface SecretForm {
  readonly fits: (text: string) => boolean;
  readonly problem: string;
}

/** A secret, `null` where none is set. */
export function secret({ fits, problem, ...about }: Omit<About<null>, "default"> & SecretForm) {
  return setting<Secret | null>(
    { ...about, default: null },
    {
      possible: "a secret",
      parse: (value) => new Secret(value),
      problemOf: (value) => (value && !fits(value.reveal()) ? problem : null),
    },
    true,
  );
}

/** Secrets, comma-separated; an empty list where none are set. */
export function secrets({ fits, problem, ...about }: Omit<About<null>, "default"> & SecretForm) {
  return setting<readonly Secret[]>(
    { ...about, default: [], productionDefault: [] },
    {
      possible: "secrets",
      parse: (value) => partsOf(value).map((part) => new Secret(part)),
      problemOf: (value) => (value?.some((part) => !fits(part.reveal())) ? problem : null),
    },
    true,
  );
}

function partsOf(text: string): readonly string[] {
  return text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
