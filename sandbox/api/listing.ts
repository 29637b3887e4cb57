import { invalidRequest, referenceMissing } from "../engine/request_error.ts";
import type { Table } from "../state/table.ts";
import { between, hash, integer, type Param, text } from "./params.ts";

/** A range of Unix seconds, or one of them. */
export type CreatedRange =
  | number
  | {
      gt: number | undefined;
      gte: number | undefined;
      lt: number | undefined;
      lte: number | undefined;
    };

const range = hash({ gt: integer, gte: integer, lt: integer, lte: integer });

/** `created`: a Unix time, or `gt`, `gte`, `lt` and `lte`. */
export const created: Param<CreatedRange | undefined> = (value, name) =>
  typeof value === "string" ? integer(value, name) : range(value, name);

/** The parameters of every list. */
export const PAGE = {
  limit: between(1, 100),
  starting_after: text,
  ending_before: text,
};

/** What a page of a list asks for. */
export interface PageRequest {
  limit: number | undefined;
  starting_after: string | undefined;
  ending_before: string | undefined;
}

/** A page as the API answers it. */
export interface Page<T> {
  object: "list";
  url: string;
  has_more: boolean;
  data: T[];
}

/**
 * One page of `newestFirst`, which is read no further than the page needs.
 * @throws {RequestError} where the cursor is not in the list, or both cursors are given
 */
export function page<T extends { id: string }>(
  url: string,
  newestFirst: Iterable<T> | Listing<T>,
  request: PageRequest,
): Page<T> {
  const limit = request.limit ?? 10;
  const { starting_after: after, ending_before: before } = request;
  if (after !== undefined && before !== undefined) {
    throw invalidRequest(
      "You may only specify one of these parameters: starting_after, ending_before.",
    );
  }
  const found =
    before === undefined
      ? valuesAfter("from" in newestFirst ? newestFirst.from(after) : newestFirst, after, limit + 1)
      : valuesBefore(newestFirst, before, limit + 1);
  const data = before === undefined ? found.slice(0, limit) : found.slice(-limit);
  return { object: "list", url, has_more: found.length > limit, data };
}

/** The first `count` values, or those that come after the one with the id `after`. */
function valuesAfter<T extends { id: string }>(
  values: Iterable<T>,
  after: string | undefined,
  count: number,
): T[] {
  const found: T[] = [];
  let begun = after === undefined;
  for (const value of values) {
    if (begun) {
      found.push(value);
    }
    begun ||= value.id === after;
    if (found.length === count) {
      return found;
    }
  }
  if (!begun && after !== undefined) {
    throw referenceMissing("object", after, "starting_after");
  }
  return found;
}

/** The last `count` values before the one with the id `before`. */
function valuesBefore<T extends { id: string }>(
  values: Iterable<T>,
  before: string,
  count: number,
): T[] {
  const found: T[] = [];
  for (const value of values) {
    if (value.id === before) {
      return found;
    }
    found.push(value);
    if (found.length > count) {
      found.shift();
    }
  }
  throw referenceMissing("object", before, "ending_before");
}

/** Values of a table, newest first, looked at one by one. */
export interface Listing<T> extends Iterable<T> {
  /** Those from the one with this id on, without a look at those before it where that is possible. */
  from(id: string | undefined): Iterable<T>;
}

/** The values of a table that pass `keep`. */
export function newestFirst<T>(
  table: Map<string, T> | { newestFirst(from?: string): Iterable<T> },
  keep: (value: T) => boolean,
): Listing<T> {
  function* from(id?: string): Generator<T> {
    const values = "newestFirst" in table ? table.newestFirst(id) : [...table.values()].reverse();
    for (const value of values) {
      if (keep(value)) {
        yield value;
      }
    }
  }
  return { from, [Symbol.iterator]: () => from() };
}

/** What of a table belongs to somebody; all of it where nobody is asked for. */
export function ownedBy<T>(
  table: Table<T>,
  owner: string | undefined,
): { newestFirst(from?: string): Iterable<T> } {
  return owner === undefined ? table : { newestFirst: () => table.of(owner).reverse() };
}

/** Whether a time in Unix seconds lies in the range; every time does where there is none. */
export function inRange(at: number, wanted: CreatedRange | undefined): boolean {
  if (wanted === undefined || typeof wanted === "number") {
    return wanted === undefined || wanted === at;
  }
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = wanted;
  return at > gt && at >= gte && at < lt && at <= lte;
}

/**
 * Whether a list shows an object by its test clock. Source: docs.stripe.com/search: lists of all
 * leave out what test clocks made; lists of a customer, a subscription or a clock show it.
 */
export function isInView(
  object: { test_clock?: string | null },
  asked: {
    customer?: string | undefined;
    subscription?: string | undefined;
    test_clock?: string | undefined;
  },
): boolean {
  const { customer, subscription, test_clock: clock } = asked;
  return clock === undefined
    ? (object.test_clock ?? null) === null || customer !== undefined || subscription !== undefined
    : object.test_clock === clock;
}

/** Whether a filter is absent or met. */
export function matches<T>(wanted: T | undefined, value: T | null): boolean {
  return wanted === undefined || wanted === value;
}
