import { readFile } from "node:fs/promises";
import { type CatalogDefinition, catalogProblems } from "../../domain/catalog/catalog.ts";
import { SettingsError } from "../../kit/settings_error.ts";
import { checkCatalogShape } from "./catalog_schema.ts";
import { parseLocatedJson, type TextPlace } from "./located_json.ts";

/** What is wrong in one place of the catalogue's file. */
export interface CatalogFileProblem extends TextPlace {
  /** Where in the JSON, such as `plans[1].slug`; empty for the whole file or invalid JSON. */
  readonly path: string;
  readonly message: string;
}

/** The plans file cannot be used; the message lists every problem with its place. */
export class CatalogFileError extends Error {
  override readonly name = "CatalogFileError";
  /** Ordered by place. */
  readonly problems: readonly CatalogFileProblem[];

  constructor(
    summary: string,
    options: { problems?: readonly CatalogFileProblem[]; cause?: unknown } = {},
  ) {
    const { problems = [], cause } = options;
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super([summary, ...sorted.map(lineOf)].join("\n"), { cause });
    this.problems = sorted;
  }
}

/**
 * Reads the plans that the operator wants to sell.
 *
 * @throws {SettingsError} when there is no such file
 * @throws {CatalogFileError} when it is not JSON, or describes no catalogue
 */
export async function readCatalogFile(path: string): Promise<CatalogDefinition> {
  const parsed = parseLocatedJson(await readText(path));
  if (!parsed.ok) {
    const problems = parsed.problems.map((problem) => ({ path: "", ...problem }));
    throw new CatalogFileError(`Cannot parse ${path}:`, { problems });
  }
  const { value, repeatedFields, placeOf } = parsed.json;
  const checked = checkCatalogShape(value);
  const problems = [
    ...repeatedFields.map((field) => ({ path: field, message: `${field} is given twice` })),
    ...(checked.ok ? catalogProblems(checked.value) : checked.problems),
  ];
  if (!checked.ok || problems.length > 0) {
    throw new CatalogFileError(`Cannot use ${path}:`, {
      problems: problems.map((problem) => ({ ...problem, ...placeOf(problem.path) })),
    });
  }
  return checked.value;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new SettingsError([`PLANS_FILE: cannot read ${path}: ${reasonOf(cause)}`]);
  }
}

function reasonOf(error: unknown): string {
  const code: unknown = Reflect.get(Object(error), "code");
  return code === "ENOENT" ? "there is no such file" : String(code ?? "unknown error");
}

function lineOf({ line, column, path, message }: CatalogFileProblem): string {
  return `  line ${line}, column ${column}: ${path === "" || message.startsWith(path) ? "" : `${path}: `}${message}`;
}
