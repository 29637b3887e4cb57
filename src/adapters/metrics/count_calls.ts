import { PortError } from "../../application/ports/port_error.ts";
import { type Ending, type Observe, whenEnded } from "../../kit/observe.ts";
import type { countedMetrics } from "./metric_definitions.ts";

/** Use cases that nobody waits for: background work. */
export const BACKGROUND: readonly string[] = [
  "continueTopUps",
  "deliverNotifications",
  "expireReservations",
  "handleDueEvents",
  "measureClock",
  "purgeDeliveries",
  "purgeEvents",
  "reconcile",
  "sweepMonthlyTokens",
  "sweepTopUps",
  "tellAllTenants",
];

/** Counts calls of use cases, of the store and of Stripe, and what their outcomes say. */
export function observeWith(counted: ReturnType<typeof countedMetrics>): Observe {
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
      const isNew = value === "received" || value === "claimed";
      if (isNew && createdAt instanceof Date && second instanceof Date) {
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
