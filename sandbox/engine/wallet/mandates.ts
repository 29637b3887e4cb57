import { newId } from "../../state/ids.ts";
import type { WireMandate, WirePaymentMethod } from "../../state/wire.ts";
import type { Transaction } from "../transaction.ts";

/** Keeps the customer's consent to bank debits; emits nothing. */
export function agreeToDebits(tx: Transaction, method: WirePaymentMethod): WireMandate {
  const id = newId("mandate");
  const mandate: WireMandate = {
    id,
    object: "mandate",
    customer_acceptance: { accepted_at: tx.now, offline: {}, type: "offline" },
    livemode: false,
    multi_use: {},
    payment_method: method.id,
    payment_method_details: {
      sepa_debit: { reference: id.slice(-16).toUpperCase(), url: `${tx.baseUrl}/mandates/${id}` },
      type: "sepa_debit",
    },
    status: "active",
    type: "multi_use",
  };
  tx.state.mandates.set(id, mandate);
  return mandate;
}
