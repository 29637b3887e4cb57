import type { Request, RequestHandler } from "express";
import { HttpError } from "../http_error.ts";

const MAX_HEADER_LENGTH = 2_048;

/** Refuses deliveries that no secret can have signed lately, before their body is read. */
export function requireSignature(mayBeSigned: (signature: string) => boolean): RequestHandler {
  return (request, _response, next) => {
    const [header = "", ...more] = request.headersDistinct["stripe-signature"] ?? [];
    if (more.length > 0 || header.length > MAX_HEADER_LENGTH || !mayBeSigned(header)) {
      throw badSignature({ Connection: "close" });
    }
    next();
  };
}

/** The refusal of a delivery that is not Stripe's. */
export function badSignature(headers: Readonly<Record<string, string>> = {}): HttpError {
  return new HttpError(400, {
    code: "bad_signature",
    message: "The Stripe-Signature is missing, wrong or too old, or signs no event",
    headers,
  });
}

/**
 * Reads bodies of so many bytes at once at most. Whoever has taken longest gives way to a new one:
 * Stripe's come in one piece, and those who send slowly to keep others out lose their place first.
 *
 * @param limits.each what a body may have; one that does not say its length counts as that
 */
export function boundBodies(limits: {
  readonly all: number;
  readonly each: number;
}): RequestHandler {
  const reading = new Map<Request, number>();
  let taken = 0;
  const leave = (request: Request) => {
    taken -= reading.get(request) ?? 0;
    reading.delete(request);
  };
  return (request, _response, next) => {
    if (request.readableEnded) {
      next();
      return;
    }
    const length = Number(request.headers["content-length"] ?? limits.each);
    const bytes = Math.min(length, limits.each);
    for (const longest of reading.keys()) {
      if (taken + bytes <= limits.all) {
        break;
      }
      leave(longest);
      longest.destroy();
    }
    reading.set(request, bytes);
    taken += bytes;
    const done = () => leave(request);
    request.once("end", done).once("close", done);
    // Whoever else comes in this turn has their say before more than the first part is read.
    setImmediate(() => {
      if (!request.socket.destroyed) {
        next();
      }
    });
  };
}
