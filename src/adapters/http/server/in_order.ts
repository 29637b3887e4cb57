import type { RequestHandler } from "express";

/** Handlers that run one after the other, as one. */
export type Row = RequestHandler & { readonly handlers: readonly RequestHandler[] };

/**
 * One handler that runs several as Express does, each when the one before has called `next`, without
 * a layer for each. What one throws, rejects with or gives to `next` ends the row.
 */
export function inOrder(handlers: readonly RequestHandler[]): Row {
  const row: RequestHandler = (request, response, next) => {
    const run = (index: number): void => {
      const handler = handlers[index];
      if (handler === undefined) {
        next();
        return;
      }
      const goOn = (error?: unknown) => (error ? next(error) : run(index + 1));
      try {
        const ended: unknown = handler(request, response, goOn);
        if (ended instanceof Promise) {
          ended.catch((error: unknown) => next(error ?? new Error("A handler rejected")));
        }
      } catch (error) {
        next(error);
      }
    };
    run(0);
  };
  return Object.assign(row, { handlers });
}
