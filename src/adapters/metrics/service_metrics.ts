import { collectDefaultMetrics, Registry } from "prom-client";
import type { ClockState } from "../../application/installation/clock_state.ts";
import { PortError } from "../../application/ports/port_error.ts";
import type { EventState } from "../../domain/events/billing_event.ts";
import type { Observe, WatchRequest } from "../../kit/observe.ts";
import { observeWith } from "./count_calls.ts";
import { askedMetrics, countedMetrics } from "./metric_definitions.ts";

/** What is asked when somebody reads the metrics. */
export interface MetricsSources {
  /** Events of the inbox by state. */
  countEvents(): Promise<Readonly<Record<EventState, number>>>;
  /** How many cases wait for a person. */
  countAttention(): Promise<number>;
  clockState(): ClockState;
  /** What background work may send to Stripe now, in requests per second. */
  stripeRate(): number | null;
}

/** The service's metrics in the form that Prometheus reads. */
export interface ServiceMetrics {
  readonly contentType: string;
  /** Looks at use cases, and at calls of the store and of Stripe. */
  readonly observe: Observe;
  readonly watchRequest: WatchRequest;
  /** From now on these are asked by each reading. */
  follow(sources: MetricsSources): void;
  read(): Promise<string>;
  /** Every metric's name. */
  names(): readonly string[];
}

/** Metrics that are counted from now on. */
export function serviceMetrics(): ServiceMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counted = countedMetrics(registry);
  const asked = askedMetrics(registry);
  let sources: MetricsSources | null = null;
  return {
    contentType: registry.contentType,
    observe: observeWith(counted),
    watchRequest(_request, next) {
      const start = performance.now();
      next();
      return ({ method, route, statusCode }) => {
        const seconds = (performance.now() - start) / 1_000;
        counted.requests.observe({ method, route, status: statusCode }, seconds);
      };
    },
    follow(asking) {
      sources = asking;
    },
    async read() {
      if (sources !== null) {
        await ask(sources, asked);
      }
      return await registry.metrics();
    },
    names: () => registry.getMetricsAsArray().map(({ name }) => name),
  };
}

async function ask(
  sources: MetricsSources,
  {
    events,
    attention,
    storeUp,
    clockSkew,
    clockTrusted,
    stripeRate,
  }: ReturnType<typeof askedMetrics>,
): Promise<void> {
  const { verdict, skewsMs } = sources.clockState();
  clockTrusted.set(verdict === "wrong" ? 0 : 1);
  for (const [clock, skewMs] of Object.entries(skewsMs)) {
    clockSkew.set({ clock }, skewMs / 1_000);
  }
  stripeRate.set(sources.stripeRate() ?? Number.POSITIVE_INFINITY);
  try {
    const [byState, open] = await Promise.all([sources.countEvents(), sources.countAttention()]);
    for (const [state, count] of Object.entries(byState)) {
      events.set({ state }, count);
    }
    attention.set(open);
    storeUp.set(1);
  } catch (error) {
    if (!(error instanceof PortError)) {
      throw error;
    }
    storeUp.set(0);
  }
}
