import type { EndRequest } from "../../engine/schedule_end.ts";
import { currentPeriodEnd } from "../../engine/subscriptions.ts";
import type { WireSubscription } from "../../state/wire.ts";

/** How a request says that a subscription shall end. */
export interface EndParams {
  cancel_at?: number | "max_billed_until" | "min_period_end" | "max_period_end" | null | undefined;
  cancel_at_period_end?: boolean | undefined;
}

/** The end that a request asks for; undefined where it says nothing about it. */
export function requestedEnd(
  subscription: WireSubscription,
  { cancel_at: at, cancel_at_period_end: atPeriodEnd }: EndParams,
): EndRequest | undefined {
  if (atPeriodEnd !== undefined) {
    return { kind: atPeriodEnd ? "at_period_end" : "never" };
  }
  switch (at) {
    case undefined:
      return undefined;
    case null:
      return { kind: "never" };
    case "min_period_end":
      return { kind: "at", timestamp: firstPeriodEnd(subscription) };
    case "max_period_end":
    case "max_billed_until":
      return { kind: "at", timestamp: currentPeriodEnd(subscription) };
    default:
      return { kind: "at", timestamp: at };
  }
}

function firstPeriodEnd(subscription: WireSubscription): number {
  return Math.min(...subscription.items.data.map((item) => item.current_period_end));
}
