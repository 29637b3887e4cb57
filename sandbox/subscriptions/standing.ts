import { emit, emitChange, type Transaction } from "../engine/transaction.ts";
import type { State } from "../state/state.ts";
import type { WireInvoice, WireSubscription } from "../state/wire.ts";

/** The first payment, and others that something waits for, may come this late. */
export const DEADLINE_SECONDS = 23 * 3600;

/** Why a subscription is paused. */
export type PauseReason = NonNullable<
  WireSubscription["status_details"]
>["paused"]["subscription"]["type"];

/** Makes a subscription active; emits `customer.subscription.updated`. */
export function activate(tx: Transaction, subscription: WireSubscription): void {
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    changed.status = "active";
  });
}

/** Makes a subscription past due; one that is worse off already stays as it is. */
export function fallBehind(tx: Transaction, subscription: WireSubscription): void {
  if (subscription.status === "active" || subscription.status === "trialing") {
    emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
      changed.status = "past_due";
    });
  }
}

/**
 * Ends a subscription whose first payment did not come; emits `customer.subscription.updated`
 * (Subscription.status).
 */
export function expire(tx: Transaction, subscription: WireSubscription): void {
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    changed.status = "incomplete_expired";
    changed.ended_at = tx.now;
  });
}

/**
 * Pauses a subscription: it enters no period and writes no invoice until it is resumed. Emits
 * `customer.subscription.updated` and `customer.subscription.paused`.
 */
export function pauseSubscription(
  tx: Transaction,
  subscription: WireSubscription,
  reason: PauseReason,
): void {
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    changed.status = "paused";
    changed.status_details = {
      paused: {
        subscription: { type: reason },
        transitioned_at: tx.now,
        type: "subscription",
      },
    };
  });
  emit(tx, "customer.subscription.paused", subscription);
}

/** Whether a paused subscription waits for this invoice to be paid before it goes on. */
export function waitsForResumption(
  state: State,
  subscription: WireSubscription,
  invoice: WireInvoice,
): boolean {
  return (
    subscription.status === "paused" &&
    state.resumptions.get(subscription.id)?.invoice === invoice.id
  );
}

/** Whether an attempt to pay this invoice, which did not succeed yet, has ended the pause. */
export function resumedByAttempt(
  tx: Transaction,
  subscription: WireSubscription,
  { invoice, status }: { invoice: WireInvoice; status: "active" | "past_due" },
): boolean {
  const { resumptions } = tx.state;
  const waits = waitsForResumption(tx.state, subscription, invoice);
  if (!waits || resumptions.get(subscription.id)?.onSuccess !== false) {
    return false;
  }
  resumptions.delete(subscription.id);
  goOn(tx, subscription, status);
  return true;
}

/** What an invoice that is closed means for the subscription that waits for it. */
export function resumed(
  tx: Transaction,
  subscription: WireSubscription,
  invoice: WireInvoice,
): void {
  tx.state.resumptions.delete(subscription.id);
  if (invoice.status !== "void") {
    goOn(tx, subscription);
  }
}

/**
 * Lets a paused subscription go on; emits `customer.subscription.updated` and
 * `customer.subscription.resumed`.
 */
export function goOn(
  tx: Transaction,
  subscription: WireSubscription,
  status: "active" | "past_due" = "active",
): void {
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    changed.status = status;
    delete changed.status_details;
  });
  emit(tx, "customer.subscription.resumed", subscription);
}
