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
 * Reads so many bodies at once at most. Whoever has taken longest gives way to a new one: Stripe's
 * come in one piece, and those who send slowly to keep others out lose their place first.
 */
export function boundBodies(most: number): RequestHandler {
  const reading = new Set<Request>();
  return (request, _response, next) => {
    const [longest] = reading;
    if (longest !== undefined && reading.size >= most) {
      reading.delete(longest);
      longest.destroy();
    }
    reading.add(request);
    const done = () => reading.delete(request);
    request.once("end", done).once("close", done);
    next();
  };
}
