import { createMetricsApp } from "../../adapters/http/metrics_app.ts";
import type { MetricsRoute } from "../../adapters/http/metrics_route.ts";
import { serve } from "../../adapters/http/server/serve.ts";
import type { ServiceMetrics } from "../../adapters/metrics/service_metrics.ts";
import type { Logger } from "../../kit/logger.ts";
import { type Observe, observeAll, type WatchRequest, watchAll } from "../../kit/observe.ts";
import type { Settings } from "../settings.ts";

/** What looks at the service; nothing is loaded, and nothing costs, where nobody wants to look. */
export interface Watching {
  readonly observe: Observe | undefined;
  readonly watchRequest: WatchRequest | undefined;
  readonly metrics: ServiceMetrics | null;
  /** `/metrics` beside the API. */
  readonly route: MetricsRoute | undefined;
  /** Sends traces that are left, and closes the port of the metrics. */
  stop(): Promise<void>;
}

/** Starts metrics and traces where the settings ask for them. */
export async function startWatching(settings: Settings, logger: Logger): Promise<Watching> {
  const { metricsToken: token, metricsPort: port, host } = settings;
  const metrics = token !== null || port !== 0 ? await loadMetrics() : null;
  const tracing = await loadTracing(settings);
  const ways = [tracing, metrics].filter((way) => way !== null);
  const app = metrics !== null && port !== 0 ? createMetricsApp(metrics, logger) : null;
  const server = app && (await serve(app, { port, host, logger, setting: "METRICS_PORT" }));
  return {
    observe: observeAll(ways.map(({ observe }) => observe)),
    watchRequest: watchAll(ways.map(({ watchRequest }) => watchRequest)),
    metrics,
    route: metrics !== null && token !== null ? { metrics, token } : undefined,
    stop: async () => {
      await server?.close();
      await tracing?.stop();
    },
  };
}

async function loadMetrics(): Promise<ServiceMetrics> {
  const { serviceMetrics } = await import("../../adapters/metrics/service_metrics.ts");
  return serviceMetrics();
}

async function loadTracing({ otelExporterOtlpEndpoint: endpoint }: Settings) {
  if (endpoint === null) {
    return null;
  }
  const { startTracing } = await import("../../adapters/tracing/start_tracing.ts");
  return startTracing(endpoint);
}
