import type { WireInvoice } from "../../state/wire.ts";
import { refreshDraft } from "../invoices.ts";
import { emit, emitChange, type Transaction } from "../transaction.ts";
import { subscriptionOf } from "./debtor.ts";

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
 * Turns automatic tax off on a subscription's draft whose tax cannot be computed, and on the
 * subscription with its schedule; answers whether that is done
 * (docs.stripe.com/tax/customer-locations).
 */
export function turnTaxOff(tx: Transaction, invoice: WireInvoice): boolean {
  const subscription = subscriptionOf(tx, invoice);
  if (subscription === undefined || tx.state.assumptions.missingLocation === "keeps_draft") {
    return false;
  }
  emitChange(tx, "invoice.updated", invoice, ({ automatic_tax: tax }) => {
    tax.enabled = false;
    tax.disabled_reason = "finalization_requires_location_inputs";
  });
  const off = { enabled: false, disabled_reason: "requires_location_inputs" } as const;
  emitChange(tx, "customer.subscription.updated", subscription, ({ automatic_tax: tax }) => {
    Object.assign(tax, off);
  });
  const schedule = tx.state.schedules.get(String(subscription.schedule));
  const current = schedule?.phases.find(
    ({ start_date: start }) => start === schedule.current_phase?.start_date,
  );
  Object.assign(schedule?.default_settings.automatic_tax ?? {}, off);
  Object.assign(current?.automatic_tax ?? {}, off);
  return true;
}

/** Leaves a draft a draft that was to be final; emits `invoice.finalization_failed`. */
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
