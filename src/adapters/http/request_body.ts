import express, { type Request, type RequestHandler } from "express";
import { HttpError } from "./http_error.ts";

const JSON_LIMIT_BYTES = 64 * 1024;
/** Of a body whose bytes are kept. */
export const RAW_LIMIT_BYTES = 1024 * 1024;
const JSON_TYPE = "application/json";
const UTF8_JSON = /^application\/json[ \t]*(;[ \t]*charset=("utf-8"|utf-8)[ \t]*)?$/i;

const requireJson: RequestHandler = (request, _response, next) => {
  const types = request.headersDistinct["content-type"] ?? [];
  if (hasBody(request) && !(types.length === 1 && UTF8_JSON.test(types[0] ?? ""))) {
    throw new HttpError(415, {
      code: "unsupported_media_type",
      message: `Send the body as JSON in UTF-8, with Content-Type ${JSON_TYPE}`,
    });
  }
  next();
};

/** Parses a JSON body of at most 64 KiB; a compressed one is refused, not unpacked. */
export const parseJsonBody: readonly RequestHandler[] = [
  requireJson,
  express.json({ limit: JSON_LIMIT_BYTES, inflate: false, strict: true, type: JSON_TYPE }),
];

/** Keeps the bytes of a body of at most 1 MiB, unless somebody has read it before. */
export const keepRawBody: RequestHandler = express.raw({
  limit: RAW_LIMIT_BYTES,
  inflate: false,
  type: () => true,
});

/**
 * The bytes of the body exactly as received (P01): what `keepRawBody` kept, or what the
 * host application kept in `rawBody`.
 *
 * @throws {HttpError} 500 when the bytes are gone; a parsed body cannot stand in for them
 */
export function rawBodyOf(request: Request): Uint8Array {
  const kept: unknown = "rawBody" in request ? request.rawBody : undefined;
  for (const bytes of [kept, request.body]) {
    if (bytes instanceof Uint8Array) {
      return bytes;
    }
  }
  if (request.body === undefined && !hasBody(request)) {
    return new Uint8Array();
  }
  throw new HttpError(500, {
    code: "raw_body_unavailable",
    message: "The signature cannot be checked: the server did not keep the body's bytes",
    cause: new Error(
      "Cannot check the webhook's signature: its body was parsed before the billing router. " +
        "Mount the router before express.json(), or keep the bytes in request.rawBody with " +
        "the verify option of express.json()",
    ),
  });
}

function hasBody(request: Request): boolean {
  const length = request.headers["content-length"];
  return request.headers["transfer-encoding"] !== undefined || (length ?? "0") !== "0";
}
