import type { RequestHandler } from "express";
import { requestContext } from "./request_context.ts";

const HEADER = "X-Request-Id";
const SAFE_ID = /^[A-Za-z0-9._:-]{8,128}$/;

/**
 * Gives every request an id and echoes it: the one its response already has, the one the client
 * sent if it is harmless in a log, or a new one.
 */
export const takeRequestId: RequestHandler = (request, response, next) => {
  const context = requestContext(request);
  if (context.requestId === undefined) {
    const given = response.getHeader(HEADER) ?? request.get(HEADER);
    const isSafe = typeof given === "string" && SAFE_ID.test(given);
    context.requestId = isSafe ? given : crypto.randomUUID();
    response.setHeader(HEADER, context.requestId);
  }
  next();
};
