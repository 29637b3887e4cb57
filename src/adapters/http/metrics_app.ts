import express, { type Express } from "express";
import type { Log } from "../../kit/log.ts";
import { handleErrors, routeNotFound } from "./errors.ts";
import { type Metrics, metricsHandler } from "./metrics_route.ts";

/** `GET /metrics` and nothing else, for a port of its own. */
export function createMetricsApp(
  metrics: Metrics,
  logger: Pick<Log, "error" | "warn" | "debug">,
): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("case sensitive routing", true);
  app.set("strict routing", true);
  app.get("/metrics", metricsHandler({ metrics, token: null }));
  app.use(routeNotFound);
  app.use(handleErrors(logger));
  return app;
}
