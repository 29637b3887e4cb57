import { invalidRequest } from "../../engine/request_error.ts";
import { copyOf } from "../../state/copy_of.ts";
import { findObject } from "../../state/find_object.ts";
import type { State } from "../../state/state.ts";
import { BILLING_FIELDS } from "./billing_fields.ts";
import { included } from "./included.ts";
import { PAYMENT_FIELDS } from "./payment_fields.ts";

const MAX_LEVELS = 4;

/** What can be expanded, by type of object and path in it. */
export const EXPANDABLE_FIELDS = { ...BILLING_FIELDS, ...PAYMENT_FIELDS };

type Fields = Record<string, unknown>;

/** One step of a path: the field it begins with, what that leads to, and what is left. */
interface Step {
  field: string;
  /** As in {@linkcode EXPANDABLE_FIELDS}; `list:` for the elements of an answered list. */
  target: string;
  rest: readonly string[];
}

/**
 * Checks that every path can be expanded in an answer of this type, such as `invoice` or
 * `list:invoice`.
 * @throws {RequestError} for a path that Stripe would not expand
 */
export function checkExpansions(type: string, paths: readonly string[]): void {
  for (const path of paths) {
    const names = path.split(".");
    if (names.length > MAX_LEVELS) {
      throw invalidRequest(
        `You cannot expand more than ${MAX_LEVELS} levels of a property: ${path}`,
        "expand",
      );
    }
    if (!leadsSomewhere(type, names)) {
      throw invalidRequest(`This property cannot be expanded (${path}).`, "expand");
    }
  }
}

/** A copy of `answer` in which the paths are expanded. */
export function expand(
  state: State,
  answer: object,
  type: string,
  paths: readonly string[],
): object {
  const copy: Fields = copyOf({ ...answer });
  for (const path of paths) {
    expandPath(state, copy, type, path.split("."));
  }
  return copy;
}

function leadsSomewhere(type: string, names: readonly string[]): boolean {
  return stepsFrom(type, names).some(({ target, rest }) =>
    rest.length === 0 ? !target.startsWith("=") : leadsSomewhere(typeOf(target), rest),
  );
}

/** The ways to begin a path: at most one for each type that may stand here. */
function stepsFrom(type: string, names: readonly string[]): Step[] {
  if (type.startsWith("list:")) {
    const target = `=${type.slice("list:".length)}`;
    return names[0] === "data" ? [{ field: "data", target, rest: names.slice(1) }] : [];
  }
  return type.split("|").flatMap((one) => {
    const fields = new Map(
      Object.entries(new Map(Object.entries(EXPANDABLE_FIELDS)).get(one) ?? {}),
    );
    const lengths = names.map((_, index) => index + 1);
    return lengths.flatMap((length) => {
      const field = names.slice(0, length).join(".");
      const target = fields.get(field);
      return target === undefined ? [] : [{ field, target, rest: names.slice(length) }];
    });
  });
}

function typeOf(target: string): string {
  return target.startsWith("=") ? target.slice(1) : target;
}

function expandPath(state: State, parent: Fields, type: string, names: readonly string[]): void {
  for (const { field, target, rest } of stepsFrom(type, names)) {
    const path = field.split(".");
    const last = path.pop() ?? "";
    for (const holder of descend(parent, path)) {
      const children = follow(state, holder, { type, field, last, target });
      if (rest.length > 0) {
        for (const child of children) {
          expandPath(state, child, typeOf(target), rest);
        }
      }
    }
  }
}

/** Puts what a field leads to in its place; returns it. */
function follow(
  state: State,
  holder: Fields,
  { type, field, last, target }: { type: string; field: string; last: string; target: string },
): Fields[] {
  const value = holder[last];
  if (value === undefined && (target === "shown" || target.startsWith("list:"))) {
    const found = included(state, `${type}.${field}`, String(holder.id));
    if (found !== undefined) {
      holder[last] = copyOf(found);
    }
  } else if (Array.isArray(value)) {
    holder[last] = value.map((element) => expanded(state, element));
  } else {
    holder[last] = expanded(state, value);
  }
  return [holder[last]].flat().filter(isFields);
}

function expanded(state: State, value: unknown): unknown {
  const found = typeof value === "string" ? findObject(state, value) : undefined;
  return found === undefined ? value : copyOf({ ...found });
}

/** The hashes at the end of a path of embedded hashes and arrays of them. */
function descend(parent: Fields, path: readonly string[]): Fields[] {
  return path.reduce<Fields[]>(
    (holders, name) => holders.flatMap((holder) => [holder[name]].flat().filter(isFields)),
    [parent],
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
