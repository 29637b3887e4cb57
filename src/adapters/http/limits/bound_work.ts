import type { RequestHandler } from "express";
import { HttpError } from "../http_error.ts";

/** The code of the refusal of what is too much. */
export const OVERLOADED = "overloaded";

/**
 * Works on so many requests at once at most, their bodies included; further ones are refused at
 * once, before the memory grows, and may come again.
 */
export function boundWork(most: number): RequestHandler {
  let working = 0;
  return (_request, response, next) => {
    if (working >= most) {
      throw new HttpError(503, {
        code: OVERLOADED,
        message: "The service is working on too many requests: try again in a moment",
        headers: { "Retry-After": "1" },
      });
    }
    working += 1;
    response.on("close", () => {
      working -= 1;
    });
    next();
  };
}
