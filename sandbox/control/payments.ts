import type { Account } from "../account.ts";
import { defaultPayment } from "../engine/invoicing/invoice_payment.ts";
import { warnOfFraud } from "../engine/paying/charge_events.ts";
import { closeDispute, openDispute } from "../engine/paying/disputes.ts";
import { failRefund } from "../engine/paying/refunds.ts";
import type { State } from "../state/state.ts";
import type { WireCharge, WireDispute, WireFraudWarning, WireRefund } from "../state/wire.ts";
import { ControlError, flag, number, readBody, text } from "./json_body.ts";

const AMOUNT = number((n) => Number.isInteger(n) && n > 0, "a positive integer");

/**
 * Opens a dispute over a payment, as its payer's bank would.
 *
 * @param id of a charge, a payment intent, an invoice or a Checkout Session
 */
export function disputePayment(account: Account, id: string, body: unknown): WireDispute {
  const wanted = readBody({ amount: AMOUNT, inquiry: flag, reason: text }, body);
  const charge = chargeOf(account, id);
  const { amount, inquiry = false, reason = "fraudulent" } = wanted;
  return account.transact(
    (tx) => openDispute(tx, charge, { amount, inquiry, reason }),
    [charge.id],
  );
}

/** Lets the issuer warn of fraud in a payment, named as for a dispute. */
export function warnOfPayment(account: Account, id: string, body: unknown): WireFraudWarning {
  readBody({}, body);
  const charge = chargeOf(account, id);
  return account.transact((tx) => warnOfFraud(tx, charge), [charge.id]);
}

/** Decides a dispute: `won`, `lost`, or `warning_closed` for an inquiry. */
export function decideDispute(account: Account, disputeId: string, body: unknown): WireDispute {
  const { status } = readBody({ status: text }, body);
  const dispute = account.state.disputes.get(disputeId);
  if (dispute === undefined) {
    throw new ControlError("No such dispute", 404);
  }
  if (status !== "won" && status !== "lost" && status !== "warning_closed") {
    throw new ControlError('Bad "status": expected won, lost or warning_closed');
  }
  account.transact((tx) => closeDispute(tx, dispute, status), [dispute.id]);
  return dispute;
}

/** Lets a refund fail, as the payer's bank would return it. */
export function returnRefund(account: Account, refundId: string, body: unknown): WireRefund {
  readBody({}, body);
  const refund = account.state.refunds.get(refundId);
  if (refund === undefined) {
    throw new ControlError("No such refund", 404);
  }
  account.transact((tx) => failRefund(tx, refund), [refund.id]);
  return refund;
}

function chargeOf({ state }: Account, id: string): WireCharge {
  const charge = state.charges.get(id) ?? state.charges.get(latestCharge(state, id));
  if (charge === undefined) {
    throw new ControlError("No such payment: name a charge, intent, invoice or session", 404);
  }
  return charge;
}

function latestCharge(state: State, id: string): string {
  const invoice = state.invoices.get(id) ?? state.invoices.get(invoiceOfSession(state, id));
  const intent =
    (invoice && defaultPayment(state, invoice)?.intent) ??
    state.paymentIntents.get(state.checkoutSessions.get(id)?.payment_intent ?? id);
  return intent?.latest_charge ?? "";
}

function invoiceOfSession(state: State, id: string): string {
  return state.checkoutSessions.get(id)?.invoice ?? "";
}
