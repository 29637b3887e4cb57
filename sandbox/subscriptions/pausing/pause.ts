import type { Transaction } from "../../engine/transaction.ts";
import type { WireSubscription } from "../../state/wire.ts";
import { invoiceLast } from "../cancel.ts";
import { addPending } from "../pending_lines.ts";
import { creditLine } from "../prorations.ts";
import { pauseSubscription } from "../standing.ts";
import { lastUsageLines, startUsage } from "../usage/usage.ts";

/** What is billed when a subscription is paused. */
export interface PauseOptions {
  /** From when on unused time is given back. */
  unusedTimeFrom: "item_current_period_start" | "none" | "now";
  /** Whether what was used of metered items is billed. */
  usage: boolean;
  invoicing: "invoice" | "pending_invoice_item";
}

/**
 * Pauses a subscription because somebody asks for it, with a credit for the time that it is not
 * used and a charge for what was used of metered items; emits `customer.subscription.updated` and `customer.subscription.paused`, and the burst of
 * an invoice that is asked for.
 */
export function pauseOnRequest(
  tx: Transaction,
  subscription: WireSubscription,
  { unusedTimeFrom, usage, invoicing }: PauseOptions,
): void {
  const trialing = subscription.status === "trialing";
  const credits =
    trialing || unusedTimeFrom === "none"
      ? []
      : subscription.items.data.flatMap((item) => {
          const from = unusedTimeFrom === "now" ? tx.now : item.current_period_start;
          return creditLine(tx.state, subscription, item, from) ?? [];
        });
  const lines = [...credits, ...(usage ? lastUsageLines(tx, subscription, () => true) : [])];
  if (invoicing === "invoice") {
    invoiceLast(tx, subscription, lines);
  } else {
    addPending(tx, subscription, lines);
  }
  for (const item of usage ? subscription.items.data : []) {
    startUsage(tx, item);
  }
  pauseSubscription(tx, subscription, "pause_requested");
}
