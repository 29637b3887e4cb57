import { invalidRequest } from "../../engine/request_error.ts";
import { FIELD_PATHS, type FieldKind, SEARCH_FIELDS } from "./search_fields.ts";

const QUOTED = String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`;
const CLAUSE = new RegExp(
  String.raw`^(-?)([a-z_0-9.]+)(?:\[(${QUOTED})\])?\s*(:|~|>=|<=|>|<)\s*(${QUOTED}|[^\s'"()]+)`,
  "i",
);
const JOINT = /^\s+(?:(AND|OR)\s+)?(?=\S)/i;
const MOST_CLAUSES = 10;
const LEAST_PART = 3;

type Test = (object: object) => boolean;

/** One clause of a query, such as `-email:"a@example.com"`. */
interface Clause {
  negated: boolean;
  name: string;
  key: string | undefined;
  operator: string;
  /** Null for the word `null`: the field has no value. */
  value: string | null;
}

/**
 * Reads a query of Stripe's search language. Source: docs.stripe.com/search.
 *
 * @param resource such as `customers`
 * @throws {RequestError} for fields, operators and values that Stripe does not search by
 */
export function parseQuery(resource: string, query: string): Test {
  const tests: Test[] = [];
  const joints = new Set<string>();
  let rest = query.trim();
  do {
    const match = CLAUSE.exec(rest);
    if (match === null) {
      throw refused(`We were unable to parse your search query: ${query}.`);
    }
    const [text, minus, name = "", key, operator = "", value = ""] = match;
    const clause: Clause = {
      negated: minus === "-",
      name,
      key: key === undefined ? undefined : unquoted(key),
      operator,
      value: /^null$/i.test(value) ? null : unquoted(value),
    };
    tests.push(testOf(resource, clause));
    rest = rest.slice(text.length);
    const joint = JOINT.exec(rest);
    if (rest !== "" && joint === null) {
      throw refused(`We were unable to parse your search query: ${query}.`);
    }
    if (joint !== null) {
      joints.add((joint[1] ?? "AND").toUpperCase());
      rest = rest.slice(joint[0].length);
    }
  } while (rest !== "");
  if (joints.size > 1) {
    throw refused("You can't combine AND and OR in the same search query.");
  }
  if (tests.length > MOST_CLAUSES) {
    throw refused(`A search query has at most ${MOST_CLAUSES} clauses.`);
  }
  return joints.has("OR")
    ? (object) => tests.some((test) => test(object))
    : (object) => tests.every((test) => test(object));
}

function testOf(resource: string, clause: Clause): Test {
  const kind = kindOf(resource, clause);
  const compare = comparisonOf(kind, clause);
  const path = pathOf(resource, clause);
  return (object) => compare(valueAt(object, path)) !== clause.negated;
}

function kindOf(resource: string, { name, key }: Clause): FieldKind {
  const kind =
    key === undefined
      ? new Map(Object.entries(SEARCH_FIELDS[resource] ?? {})).get(name)
      : name === "metadata"
        ? "token"
        : undefined;
  if (kind === undefined) {
    throw refused(
      `Field \`${name}\` is an unsupported search field for resource \`${resource}\`. See ` +
        `http://stripe.com/docs/search#query-fields-for-${resource} for a list of supported fields.`,
    );
  }
  return kind;
}

function comparisonOf(
  kind: FieldKind,
  { name, operator, value }: Clause,
): (found: unknown) => boolean {
  if (value === null) {
    if (operator !== ":") {
      throw refused(`The operator \`${operator}\` does not compare with null.`);
    }
    return (found) => found === null || found === undefined;
  }
  const wanted = value.toLowerCase();
  const number = Number(value);
  if (kind === "numeric" && Number.isNaN(number)) {
    throw refused(`Field \`${name}\` is numeric: \`${value}\` is no number.`);
  }
  if (operator === "~") {
    if (kind !== "string" || value.length < LEAST_PART) {
      throw refused(
        `Substring search is for string fields and at least ${LEAST_PART} characters: ${name}.`,
      );
    }
    return (found) =>
      String(found ?? "")
        .toLowerCase()
        .includes(wanted);
  }
  if (operator === ":") {
    return (found) =>
      found !== null && found !== undefined && String(found).toLowerCase() === wanted;
  }
  if (kind !== "numeric") {
    throw refused(`The operator \`${operator}\` is for numeric fields, which \`${name}\` is not.`);
  }
  return (found) => typeof found === "number" && isSo(found, operator, number);
}

function isSo(found: number, operator: string, wanted: number): boolean {
  switch (operator) {
    case ">":
      return found > wanted;
    case ">=":
      return found >= wanted;
    case "<":
      return found < wanted;
    default:
      return found <= wanted;
  }
}

function pathOf(resource: string, { name, key }: Clause): readonly string[] {
  return key === undefined
    ? (FIELD_PATHS[`${resource}.${name}`] ?? name).split(".")
    : ["metadata", key];
}

function valueAt(object: object, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null
        ? new Map<string, unknown>(Object.entries(value)).get(name)
        : undefined,
    object,
  );
}

function unquoted(text: string): string {
  return /^['"]/.test(text) ? text.slice(1, -1).replaceAll(/\\(.)/g, "$1") : text;
}

function refused(message: string): Error {
  return invalidRequest(message, "query");
}
