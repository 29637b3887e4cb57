import type { WireInvoice } from "../../state/wire.ts";
import { stopCollection } from "../invoices.ts";
import { emit, emitChange, type Transaction } from "../transaction.ts";
import { setDelinquent } from "./debtor.ts";

/** Why nobody has to pay an invoice any more. */
export type UncollectibleReason = NonNullable<
  NonNullable<WireInvoice["status_details"]>["uncollectible"]
>["reason"];

/** Makes an open invoice uncollectible; emits `invoice.updated`, `invoice.marked_uncollectible`. */
export function giveInvoiceUp(
  tx: Transaction,
  invoice: WireInvoice,
  reason: UncollectibleReason,
): void {
  emitChange(tx, "invoice.updated", invoice, (changed) => {
    changed.status = "uncollectible";
    changed.status_details = { uncollectible: { reason } };
    changed.status_transitions.marked_uncollectible_at = tx.now;
    stopCollection(changed);
  });
  emit(tx, "invoice.marked_uncollectible", invoice);
  setDelinquent(tx, invoice, false);
}
