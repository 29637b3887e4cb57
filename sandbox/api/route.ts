import type { Transaction } from "../engine/transaction.ts";
import type { FormHash } from "./form.ts";
import { type Read, readShape, type Shape } from "./params.ts";

/** What a handler gets: the change it is part of, its parameters, and the ids in its path. */
export interface Call<S extends Shape> extends PathIds {
  tx: Transaction;
  params: Read<S>;
}

/** The `:id` of a path, and its `:second`; empty where the path has none. */
export interface PathIds {
  id: string;
  second: string;
}

/** How a route reads its request and what it answers. */
export interface RouteOptions<S extends Shape> {
  params: S;
  /** The type of the answer, such as `invoice` or `list:invoice`; decides what can be expanded. */
  returns: string;
  /** Checks parameters against each other, before the request counts as executed. */
  check?: (params: Read<S>) => void;
  handle: (call: Call<S>) => object;
}

/** A route of the API. `prepare` validates and returns what executes the request. */
export interface Route {
  method: "GET" | "POST" | "DELETE";
  path: string;
  returns: string;
  prepare: (form: FormHash, ids: PathIds) => (tx: Transaction) => object;
}

/** Defines one route of the API. */
export function route<const S extends Shape>(
  method: Route["method"],
  path: string,
  options: RouteOptions<S>,
): Route {
  return {
    method,
    path,
    returns: options.returns,
    prepare: (form, ids) => {
      const params = readShape(options.params, form);
      options.check?.(params);
      return (tx) => options.handle({ tx, params, ...ids });
    },
  };
}
