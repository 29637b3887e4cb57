import { Counter, Gauge, Histogram, type Registry } from "prom-client";

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LAG_SECONDS = [1, 2, 5, 10, 30, 60, 300, 1_800, 7_200, 86_400, 259_200];

/** The metrics that calls and requests count. */
export function countedMetrics(registry: Registry) {
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

/** The metrics whose values are asked for by each reading. */
export function askedMetrics(registry: Registry) {
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
