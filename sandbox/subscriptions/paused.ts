import { emit, emitChange, type Transaction } from "../engine/transaction.ts";
import type { State } from "../state/state.ts";
import type { WireInvoice, WireSubscription } from "../state/wire.ts";

/** Why a subscription is paused. */
export type PauseReason = NonNullable<
  WireSubscription["status_details"]
>["paused"]["subscription"]["type"];

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
