import type { Transaction } from "../engine/transaction.ts";
import type { WireSubscription } from "../state/wire.ts";
import { invoiceLast } from "./cancel.ts";
import { addPending } from "./pending_lines.ts";
import { creditLine } from "./prorations.ts";
import { pauseSubscription } from "./standing.ts";

/** What is billed when a subscription is paused. */
export interface PauseOptions {
  /** From when on unused time is given back. */
  unusedTimeFrom: "item_current_period_start" | "none" | "now";
  invoicing: "invoice" | "pending_invoice_item";
}

/**
 * Pauses a subscription because somebody asks for it, with a credit for the time that it is not
 * used; emits `customer.subscription.updated` and `customer.subscription.paused`, and the burst of
 * an invoice that is asked for.
 */
export function pauseOnRequest(
  tx: Transaction,
  subscription: WireSubscription,
  { unusedTimeFrom, invoicing }: PauseOptions,
): void {
  const trialing = subscription.status === "trialing";
  const credits =
    trialing || unusedTimeFrom === "none"
      ? []
      : subscription.items.data.flatMap((item) => {
          const from = unusedTimeFrom === "now" ? tx.now : item.current_period_start;
          return creditLine(tx.state, subscription, item, from) ?? [];
        });
  if (invoicing === "invoice") {
    invoiceLast(tx, subscription, credits);
  } else {
    addPending(tx, subscription, credits);
  }
  pauseSubscription(tx, subscription, "pause_requested");
}
