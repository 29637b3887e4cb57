import { readFileSync } from "node:fs";

/** A JSON object of a fixture, free to be changed. */
export type Json = Record<string, unknown>;

/** A fresh copy of `test/fixtures/stripe/<name>.json`, with some top-level fields replaced. */
export function fixture(name: string, changes: Json = {}): Json {
  const url = new URL(`../../fixtures/stripe/${name}.json`, import.meta.url);
  return { ...JSON.parse(readFileSync(url, "utf8")), ...changes };
}

/** One page of a list as Stripe answers it. */
export function page(data: readonly Json[], hasMore = false): Json {
  return { object: "list", data, has_more: hasMore, url: "/v1/list" };
}

/** A field below an object, by its path: `at(subscription, "items", "data", 0)`. */
export function at(value: unknown, ...path: readonly (string | number)[]): Json {
  let found = value;
  for (const step of path) {
    found = (found as Json)[step];
  }
  return found as Json;
}
