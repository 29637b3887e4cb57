import type { WireInvoice } from "../../state/wire.ts";
import { refreshDraft } from "../invoices.ts";
import { emit, type Transaction } from "../transaction.ts";

const CODE = "customer_tax_location_invalid";
const MESSAGE =
  "The customer's location isn't recognized. Set a valid customer address in order to " +
  "automatically calculate tax.";

/** Why a draft cannot become final now: its tax cannot be computed. Undefined where it can. */
export function finalizationProblem(
  tx: Transaction,
  invoice: WireInvoice,
): { code: string; message: string } | undefined {
  refreshDraft(tx, invoice);
  const { enabled, status } = invoice.automatic_tax;
  return enabled && status === "requires_location_inputs"
    ? { code: CODE, message: MESSAGE }
    : undefined;
}

/**
 * Leaves a draft a draft that was to be final; emits `invoice.finalization_failed`. Its subscription
 * goes on (docs.stripe.com/tax/customer-locations).
 */
export function failFinalization(
  tx: Transaction,
  invoice: WireInvoice,
  problem: { code: string; message: string },
): void {
  invoice.last_finalization_error = { ...problem, type: "invalid_request_error" };
  invoice.automatically_finalizes_at = null;
  invoice.next_payment_attempt = null;
  emit(tx, "invoice.finalization_failed", invoice);
}
