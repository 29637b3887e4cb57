import { copyOf } from "../state/copy_of.ts";
import { emptyState, type State } from "../state/state.ts";
import type { WireInvoice, WireSubscription } from "../state/wire.ts";
import { applyChange, type SubscriptionChange } from "../subscriptions/subscription_change.ts";
import { draftInvoice } from "./invoices.ts";
import { renewSubscription } from "./renewal.ts";
import { invalidRequest } from "./request_error.ts";
import { type NewSubscription, startSubscription } from "./subscriptions.ts";
import type { Transaction } from "./transaction.ts";

/**
 * The invoice that a change of plan would make now, or, where it makes none, the next renewal's
 * after it. Nothing is changed: all of it happens to copies.
 *
 * @param changeOf the change of the copy that it is given; undefined to leave the plan as it is
 * @throws {RequestError} where the subscription cannot be changed so, or will not renew
 */
export function previewChange(
  tx: Transaction,
  subscription: WireSubscription,
  changeOf: (copy: WireSubscription) => SubscriptionChange | undefined,
): WireInvoice {
  const aside = asideOf(tx, subscription.customer);
  const copy = copySubscription(tx, aside, subscription);
  const change = changeOf(copy);
  const invoice = change === undefined ? undefined : applyChange(aside, copy, change);
  if (invoice !== undefined) {
    return asPreview(invoice);
  }
  if (copy.status === "canceled" || copy.cancel_at !== null) {
    throw invalidRequest("No upcoming invoices for customer.", undefined, "invoice_upcoming_none");
  }
  const now = Math.min(...copy.items.data.map((item) => item.current_period_end));
  renewSubscription({ ...aside, now }, copy);
  const renewal = aside.state.invoices.get(copy.latest_invoice ?? "");
  if (renewal === undefined) {
    throw invalidRequest("No upcoming invoices for customer.", undefined, "invoice_upcoming_none");
  }
  return asPreview(renewal);
}

/** The first invoice of a subscription that does not exist yet. */
export function previewStart(tx: Transaction, request: NewSubscription): WireInvoice {
  const aside = asideOf(tx, request.customer);
  const subscription = startSubscription(aside, request);
  const invoice = draftInvoice(aside, subscription, {
    billingReason: "subscription_create",
    periodStart: tx.now,
    periodEnd: tx.now,
    finalizesAt: null,
  });
  return asPreview(invoice);
}

/** A copy of a subscription beside, with all that a change of it needs. */
export function copySubscription(
  tx: Transaction,
  aside: Transaction,
  subscription: WireSubscription,
): WireSubscription {
  const copy = structuredClone(subscription);
  aside.state.subscriptions.set(copy.id, copy);
  for (const invoice of tx.state.invoices.of(copy.id)) {
    aside.state.invoices.set(invoice.id, invoice);
  }
  copyTo(aside.state.schedules, tx.state.schedules, subscription.schedule);
  copyTo(aside.state.pendingLines, tx.state.pendingLines, subscription.id);
  return copy;
}

/** A transaction beside the real one. It shares what is only read, and its events are lost. */
export function asideOf(tx: Transaction, customer: string): Transaction {
  const state: State = {
    ...emptyState(),
    products: tx.state.products,
    prices: tx.state.prices,
    assumptions: tx.state.assumptions,
  };
  copyTo(state.customers, tx.state.customers, customer);
  return { ...tx, state, events: [], resends: [] };
}

function copyTo<T>(copies: Map<string, T>, table: Map<string, T>, id: string | null): void {
  const found = id === null ? undefined : table.get(id);
  if (id !== null && found !== undefined) {
    copies.set(id, copyOf(found));
  }
}

function asPreview(invoice: WireInvoice): WireInvoice {
  return {
    ...invoice,
    id: invoice.id.replace("in_", "upcoming_in_"),
    automatically_finalizes_at: null,
    next_payment_attempt: invoice.next_payment_attempt ?? invoice.created,
  };
}
