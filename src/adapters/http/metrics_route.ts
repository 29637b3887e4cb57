import { createHash, timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";
import type { Secret } from "../../kit/secret.ts";
import { HttpError } from "./http_error.ts";

/** What can be read of the service. */
export interface Metrics {
  readonly contentType: string;
  read(): Promise<string>;
}

/** Metrics for whoever has the token; `null`: for everybody who reaches the port. */
export interface MetricsRoute {
  readonly metrics: Metrics;
  readonly token: Secret | null;
}

/** `GET /metrics` in the form that Prometheus reads. */
export function metricsHandler({ metrics, token }: MetricsRoute): RequestHandler {
  const expected = token && digest(`Bearer ${token.reveal()}`);
  return async (request, response) => {
    if (expected !== null) {
      const [given = ""] = request.headersDistinct.authorization ?? [];
      if (!timingSafeEqual(digest(given), expected)) {
        throw new HttpError(401, {
          code: "token_invalid",
          message: "Send Authorization: Bearer with the METRICS_TOKEN of this service",
          headers: { "WWW-Authenticate": "Bearer" },
        });
      }
    }
    const text = await metrics.read();
    response.writeHead(200, { "Content-Type": metrics.contentType, "Cache-Control": "no-store" });
    response.end(text);
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
