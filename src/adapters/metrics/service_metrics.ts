import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { ClockState } from "../../application/installation/clock_state.ts";
import { PortError } from "../../application/ports/port_error.ts";
import type { EventState } from "../../domain/events/billing_event.ts";
import { type Ending, type Observe, type WatchRequest, whenEnded } from "../../kit/observe.ts";

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LAG_SECONDS = [1, 2, 5, 10, 30, 60, 300, 1_800, 7_200, 86_400, 259_200];

/** Use cases that nobody waits for: background work. */
const BACKGROUND: readonly string[] = [
  "expireReservations",
  "handleDueEvents",
  "measureClock",
  "purgeEvents",
  "reconcile",
  "sweepMonthlyTokens",
];

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

function countedMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Histogram({
      name: "billing_http_request_duration_seconds",
      help: "Requests by method, route and status",
      labelNames: ["method", "route", "status"],
      buckets: SECONDS,
      registers,
    }),
    calls: new Histogram({
      name: "billing_call_duration_seconds",
      help: "Calls of use cases, of the store and of Stripe, by their outcome",
      labelNames: ["layer", "call", "outcome"],
      buckets: SECONDS,
      registers,
    }),
    webhookLag: new Histogram({
      name: "billing_webhook_lag_seconds",
      help: "From when Stripe made an event to when it was stored here",
      buckets: LAG_SECONDS,
      registers,
    }),
    handlings: new Counter({
      name: "billing_event_handlings_total",
      help: "Ends of the handling of events, by state",
      labelNames: ["state"],
      registers,
    }),
    quota: new Counter({
      name: "billing_quota_decisions_total",
      help: "Decisions about e-mails to send",
      labelNames: ["decision"],
      registers,
    }),
    ledger: new Counter({
      name: "billing_ledger_entries_total",
      help: "Entries appended to token ledgers, by kind",
      labelNames: ["kind"],
      registers,
    }),
    stripeErrors: new Counter({
      name: "billing_stripe_errors_total",
      help: "Calls of Stripe that failed; transient ones may be tried again",
      labelNames: ["call", "transient"],
      registers,
    }),
    workerRuns: new Counter({
      name: "billing_worker_runs_total",
      help: "Runs of background work, by how they ended",
      labelNames: ["work", "result"],
      registers,
    }),
    workerSeen: new Gauge({
      name: "billing_worker_last_success_timestamp_seconds",
      help: "When background work ended well for the last time",
      labelNames: ["work"],
      registers,
    }),
  };
}

function askedMetrics(registry: Registry) {
  const registers = [registry];
  return {
    events: new Gauge({
      name: "billing_events",
      help: "Events of the inbox by state; dead ones need an operator",
      labelNames: ["state"],
      registers,
    }),
    attention: new Gauge({
      name: "billing_attention_open",
      help: "Cases that wait for a person",
      registers,
    }),
    storeUp: new Gauge({
      name: "billing_store_up",
      help: "Whether the database answered when these metrics were read",
      registers,
    }),
    clockSkew: new Gauge({
      name: "billing_clock_skew_seconds",
      help: "How far our clock is ahead of another one, at least",
      labelNames: ["clock"],
      registers,
    }),
    clockTrusted: new Gauge({
      name: "billing_clock_trusted",
      help: "1: months are begun; 0: our clock is wrong",
      registers,
    }),
    stripeRate: new Gauge({
      name: "billing_stripe_background_requests_per_second",
      help: "What background work may send to Stripe; lower after refusals",
      registers,
    }),
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

function observeWith(counted: ReturnType<typeof countedMetrics>): Observe {
  return ({ layer, name, args }, work) => {
    const start = performance.now();
    return whenEnded(work(), (ending) => {
      const outcome = outcomeOf(ending);
      const seconds = (performance.now() - start) / 1_000;
      counted.calls.observe({ layer, call: name, outcome }, seconds);
      count(counted, { layer, name, args, ending });
    });
  };
}

function count(
  counted: ReturnType<typeof countedMetrics>,
  {
    layer,
    name,
    args,
    ending,
  }: { layer: string; name: string; args: readonly unknown[]; ending: Ending },
): void {
  if (layer === "stripe" && ending.type === "failed") {
    const transient = String(ending.error instanceof PortError && ending.error.transient);
    counted.stripeErrors.inc({ call: name, transient });
  }
  if (layer === "use_case" && BACKGROUND.includes(name)) {
    counted.workerRuns.inc({ work: name, result: ending.type });
    if (ending.type === "answered") {
      counted.workerSeen.set({ work: name }, Date.now() / 1_000);
    }
  }
  if (layer === "use_case" && name === "consumeEmailQuota") {
    counted.quota.inc({ decision: outcomeOf(ending) });
  }
  if (layer === "store" && ending.type === "answered") {
    countStored(counted, name, { args, value: ending.value });
  }
}

function countStored(
  counted: ReturnType<typeof countedMetrics>,
  name: string,
  { args: [first, second, third], value }: { args: readonly unknown[]; value: unknown },
): void {
  switch (name) {
    case "inbox.receive": {
      const { createdAt }: { createdAt?: unknown } = Object(first);
      if (value === "received" && createdAt instanceof Date && second instanceof Date) {
        counted.webhookLag.observe(Math.max(0, (+second - +createdAt) / 1_000));
      }
      return;
    }
    case "inbox.settle": {
      if (value === true) {
        counted.handlings.inc({ state: String(Object(third).state) });
      }
      return;
    }
    case "ledger.append":
      if (value === "appended") {
        counted.ledger.inc({ kind: String(Object(first).kind) });
      }
      return;
    default:
  }
}

/** An outcome's type; `answered` where there is none. */
function outcomeOf(ending: Ending): string {
  if (ending.type === "failed") {
    return ending.error instanceof PortError && ending.error.transient ? "unavailable" : "failed";
  }
  const { type }: { type?: unknown } = Object(ending.value);
  return typeof type === "string" && /^[a-z_]{1,40}$/.test(type) ? type : "answered";
}
