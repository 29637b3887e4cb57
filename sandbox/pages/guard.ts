import type { NextFunction, Request, RequestHandler, Response } from "express";
import { messagePage, sendPage } from "./layout.ts";

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Refuses requests whose `Host` is neither a loopback name nor the configured host, so that a
 * web site cannot reach the sandbox by pointing its own name at this machine (DNS rebinding).
 */
export function requireLocalHost(configuredHost: string): RequestHandler {
  return (request, response, next) => {
    const name = URL.parse(`http://${request.get("Host") ?? ""}`)?.hostname ?? "";
    if (LOOPBACK.test(name) || name === configuredHost.toLowerCase()) {
      next();
      return;
    }
    const text = "The sandbox answers to a loopback name or the host it was configured with.";
    if (request.originalUrl.startsWith("/_sandbox")) {
      response.status(403).json({ error: text });
    } else {
      sendPage(response, messagePage("Wrong host", text, { status: 403 }));
    }
  };
}

/** Refuses forms that another site sent. */
export function requireSameOrigin(request: Request, response: Response, next: NextFunction): void {
  const site = request.get("Sec-Fetch-Site");
  const origin = request.get("Origin");
  const own = origin === `http://${request.get("Host")}`;
  if (site === undefined ? own : site === "same-origin") {
    next();
    return;
  }
  const text = "This form was not sent from the sandbox's own page.";
  sendPage(response, messagePage("Refused", text, { status: 403, back: "/" }));
}
