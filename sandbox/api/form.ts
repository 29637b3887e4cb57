import { invalidRequest } from "../engine/request_error.ts";

/** A form value: text, a list, or a hash of values. */
export type FormValue = string | FormValue[] | FormHash;

/** Named form values. */
export interface FormHash {
  [name: string]: FormValue;
}

type Branch = Map<string, Branch | string>;

const MAX_DEPTH = 10;

/**
 * Parses Stripe's form encoding: `a=1&b[c]=2&d[]=3&e[0][f]=4`. A hash whose names are all numbers
 * is a list.
 * @throws {RequestError} where a name is malformed or used in two ways
 */
export function parseForm(text: string): FormHash {
  const root: Branch = new Map();
  for (const [name, value] of new URLSearchParams(text)) {
    insert(root, name, value);
  }
  return toHash(root);
}

/** Whether a value is a hash. */
export function isHash(value: FormValue): value is FormHash {
  return typeof value === "object" && !Array.isArray(value);
}

function insert(root: Branch, name: string, value: string): void {
  const path = splitName(name);
  const last = path.pop() ?? "";
  let branch = root;
  for (const part of path) {
    const key = part === "" ? String(branch.size) : part;
    const next = branch.get(key) ?? new Map();
    if (typeof next === "string") {
      throw invalidRequest(`Invalid hash: ${name}`, name);
    }
    branch.set(key, next);
    branch = next;
  }
  const key = last === "" ? String(branch.size) : last;
  if (branch.get(key) instanceof Map) {
    throw invalidRequest(`Invalid string: ${name}`, name);
  }
  branch.set(key, value);
}

function splitName(name: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  const parts = match?.[2]?.match(/\[[^[\]]*\]/g) ?? [];
  if (match?.[1] === undefined || parts.length > MAX_DEPTH) {
    throw invalidRequest(`Invalid parameter name: ${name}`, name);
  }
  return [match[1], ...parts.map((part) => part.slice(1, -1))];
}

function toHash(branch: Branch): FormHash {
  const hash: FormHash = Object.create(null);
  for (const [key, value] of branch) {
    hash[key] = toValue(value);
  }
  return hash;
}

function toValue(value: Branch | string): FormValue {
  if (typeof value === "string") {
    return value;
  }
  const keys = [...value.keys()];
  return keys.every((key) => /^\d{1,4}$/.test(key))
    ? [...value]
        .toSorted(([a], [b]) => Number(a) - Number(b))
        .map(([, element]) => toValue(element))
    : toHash(value);
}
