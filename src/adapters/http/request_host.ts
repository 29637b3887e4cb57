import type { RequestHandler } from "express";
import { HttpError } from "./http_error.ts";

const HOST = /^(\[[\d:a-f.]{2,45}\]|[\w.-]{1,255})(:\d{1,5})?$/i;

/**
 * Refuses requests with several hosts, or one that is none: programs in front of us may have
 * understood another one (RFC 9112, section 3.2).
 */
export const requireOneHost: RequestHandler = (request, _response, next) => {
  const hosts = request.headersDistinct.host ?? [];
  if (hosts.length !== 1 || !HOST.test(hosts[0] ?? "")) {
    throw new HttpError(400, {
      code: "invalid_host",
      message: "Send one header Host, with the name of this service",
    });
  }
  next();
};
