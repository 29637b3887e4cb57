import { readFile } from "node:fs/promises";
import { type CatalogDefinition, catalogProblems } from "../../domain/catalog/catalog.ts";
import { checkCatalogShape } from "./catalog_schema.ts";
import { parseLocatedJson } from "./located_json.ts";

/** What is wrong with one line of the catalogue's file. */
export interface CatalogFileProblem {
  /** Counted from 1. */
  readonly line: number;
  /** Where in the JSON, such as `plans[1].slug`; empty for the whole file or invalid JSON. */
  readonly path: string;
  readonly message: string;
}

/** The plans file cannot be used; the message lists every problem with its line. */
export class CatalogFileError extends Error {
  override readonly name = "CatalogFileError";
  /** Ordered by line; empty if the file could not be read at all. */
  readonly problems: readonly CatalogFileProblem[];

  constructor(
    summary: string,
    options: { problems?: readonly CatalogFileProblem[]; cause?: unknown } = {},
  ) {
    const { problems = [], cause } = options;
    const sorted = problems.toSorted((a, b) => a.line - b.line);
    super([summary, ...sorted.map(lineOf)].join("\n"), { cause });
    this.problems = sorted;
  }
}

/**
 * Reads the plans that the operator wants to sell.
 *
 * @throws {CatalogFileError} when the file is missing, is not JSON, or describes no catalogue
 */
export async function readCatalogFile(path: string): Promise<CatalogDefinition> {
  const parsed = parseLocatedJson(await readText(path));
  if (!parsed.ok) {
    const problems = parsed.problems.map((problem) => ({ path: "", ...problem }));
    throw new CatalogFileError(`Cannot parse ${path}:`, { problems });
  }
  const { value, repeatedFields, lineOf: lineOfPath } = parsed.json;
  const checked = checkCatalogShape(value);
  const problems = [
    ...repeatedFields.map((field) => ({ path: field, message: `${field} is given twice` })),
    ...(checked.ok ? catalogProblems(checked.value) : checked.problems),
  ];
  if (!checked.ok || problems.length > 0) {
    throw new CatalogFileError(`Cannot use ${path}:`, {
      problems: problems.map((problem) => ({ ...problem, line: lineOfPath(problem.path) })),
    });
  }
  return checked.value;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new CatalogFileError(`Cannot read ${path}: set PLANS_FILE to a file that exists`, {
      cause,
    });
  }
}

function lineOf({ line, path, message }: CatalogFileProblem): string {
  return `  line ${line}: ${path === "" || message.startsWith(path) ? "" : `${path}: `}${message}`;
}
