import type { EndRequest } from "../engine/schedule_end.ts";
import { currentPeriodEnd } from "../engine/subscriptions.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { WireInvoiceLine, WireSubscription } from "../state/wire.ts";
import { creditLine, debitLine } from "./prorations.ts";

/**
 * What is given back where a subscription shall end within a period that was billed, and what is
 * charged again where it shall end later than it was to. Source: stripe-node,
 * `SubscriptionUpdateParams.cancel_at`.
 *
 * @param changed the items whose time is settled otherwise, as they change
 */
export function endProrations(
  { state }: Pick<Transaction, "state">,
  subscription: WireSubscription,
  end: EndRequest,
  changed: readonly (string | undefined)[],
): WireInvoiceLine[] {
  if (subscription.status === "trialing") {
    return [];
  }
  const wanted = timeOf(subscription, end);
  return subscription.items.data
    .filter(({ id }) => !changed.includes(id))
    .flatMap((item) => {
      const within = (time: number | null) =>
        Math.min(time ?? item.current_period_end, item.current_period_end);
      const [before, after] = [within(subscription.cancel_at), within(wanted)];
      if (after < before) {
        return creditLine(state, subscription, item, after) ?? [];
      }
      const given = creditLine(state, subscription, item, before) === undefined;
      const until = { ...item, current_period_end: after };
      const open = { ...subscription, cancel_at: null };
      return after > before && given ? (debitLine(state, open, until, before) ?? []) : [];
    });
}

function timeOf(subscription: WireSubscription, end: EndRequest): number | null {
  switch (end.kind) {
    case "at":
      return end.timestamp;
    case "at_period_end":
      return currentPeriodEnd(subscription);
    case "never":
      return null;
    default:
      return end satisfies never;
  }
}
