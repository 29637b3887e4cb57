import { invalidRequest, referenceMissing } from "../engine/request_error.ts";
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
 * One page of `newestFirst`.
 * @throws {RequestError} where the cursor is not in the list, or both cursors are given
 */
export function page<T extends { id: string }>(
  url: string,
  newestFirst: readonly T[],
  request: PageRequest,
): Page<T> {
  const limit = request.limit ?? 10;
  const { starting_after: after, ending_before: before } = request;
  if (after !== undefined && before !== undefined) {
    throw invalidRequest(
      "You may only specify one of these parameters: starting_after, ending_before.",
    );
  }
  if (before !== undefined) {
    const end = indexOf(newestFirst, before, "ending_before");
    const start = Math.max(0, end - limit);
    return { object: "list", url, has_more: start > 0, data: newestFirst.slice(start, end) };
  }
  const start = after === undefined ? 0 : indexOf(newestFirst, after, "starting_after") + 1;
  const data = newestFirst.slice(start, start + limit);
  return { object: "list", url, has_more: start + limit < newestFirst.length, data };
}

/** The values of a table that pass `keep`, newest first. */
export function newestFirst<T>(table: Map<string, T>, keep: (value: T) => boolean): T[] {
  return [...table.values()].filter(keep).reverse();
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

function indexOf(values: readonly { id: string }[], id: string, param: string): number {
  const index = values.findIndex((value) => value.id === id);
  if (index === -1) {
    throw referenceMissing("object", id, param);
  }
  return index;
}
