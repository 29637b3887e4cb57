import { periodAt } from "../../engine/billing_period.ts";
import { chargeInvoice } from "../../engine/collection.ts";
import { periodLine } from "../../engine/invoice_lines.ts";
import { draftInvoice, finalizeInvoice } from "../../engine/invoices.ts";
import { emit, emitChange, type Transaction } from "../../engine/transaction.ts";
import type { WireInvoice, WireInvoiceLine, WireSubscription } from "../../state/wire.ts";
import type { ProrationBehavior } from "../item_change.ts";
import { addPending } from "../pending_lines.ts";
import { debitLine } from "../prorations.ts";
import { DEADLINE_SECONDS, goOn } from "../standing.ts";
import { isMetered, recurrenceOf } from "../subscription_item.ts";

/** How a paused subscription goes on. */
export interface Resumption {
  /** Whether every item begins a new period now. */
  resetAnchor: boolean;
  prorationBehavior: ProrationBehavior;
  prorationDate: number;
  /**
   * Whether its invoice is charged now, and it stays paused until that is paid. Otherwise nothing is
   * charged now, and the first attempt to pay ends the pause, whatever comes of it.
   */
  onSuccess: boolean;
}

/**
 * Lets a paused subscription go on: at once where there is nothing to pay, otherwise with the
 * attempt to pay its invoice, or with its success (changelog 2026-05-27, subscription pause). Emits
 * `customer.subscription.updated`, the burst of the invoice and `customer.subscription.resumed`.
 */
export function resumeSubscription(
  tx: Transaction,
  subscription: WireSubscription,
  resumption: Resumption,
): void {
  const lines: WireInvoiceLine[] = [];
  const periodStart = Math.min(...subscription.items.data.map((i) => i.current_period_start));
  let invoice: WireInvoice | undefined;
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    lines.push(...beginPeriods(tx, changed, resumption));
    if (resumption.resetAnchor || resumption.prorationBehavior === "always_invoice") {
      const occasion = { billingReason: "subscription_update", finalizesAt: null } as const;
      const window = { periodStart, periodEnd: tx.now };
      invoice =
        lines.length === 0
          ? undefined
          : draftInvoice(tx, changed, { ...occasion, ...window }, lines);
      changed.latest_invoice = invoice?.id ?? changed.latest_invoice;
    } else {
      addPending(tx, changed, lines);
    }
  });
  if (invoice === undefined) {
    goOn(tx, subscription);
    return;
  }
  tx.state.resumptions.set(subscription.id, {
    invoice: invoice.id,
    expiresAt: tx.now + DEADLINE_SECONDS,
    onSuccess: resumption.onSuccess,
  });
  emit(tx, "invoice.created", invoice);
  finalizeInvoice(tx, invoice);
  if (resumption.onSuccess || invoice.amount_due === 0) {
    chargeInvoice(tx, invoice);
  }
}

/** Begins the periods in which a subscription goes on; answers what they cost. */
function beginPeriods(
  tx: Transaction,
  subscription: WireSubscription,
  { resetAnchor, prorationBehavior, prorationDate }: Resumption,
): WireInvoiceLine[] {
  if (resetAnchor) {
    subscription.billing_cycle_anchor = tx.now;
  }
  const { billing_cycle_anchor: anchor } = subscription;
  return subscription.items.data.flatMap((item) => {
    const period = periodAt(anchor, recurrenceOf(item.price), tx.now);
    item.current_period_start = period.start;
    item.current_period_end = period.end;
    if (isMetered(item.price)) {
      return [];
    }
    if (resetAnchor) {
      return [periodLine(tx.state, { ...subscription, status: "active" }, item)];
    }
    const prorates = prorationBehavior !== "none";
    return (prorates ? debitLine(tx.state, subscription, item, prorationDate) : undefined) ?? [];
  });
}
