import type { Account } from "../account.ts";
import { closeDispute, openDispute } from "../engine/disputes.ts";
import { failRefund } from "../engine/refunds.ts";
import type { WireCharge, WireDispute, WireRefund } from "../state/wire.ts";
import { ControlError, flag, number, readBody, text } from "./json_body.ts";

const AMOUNT = number((n) => Number.isInteger(n) && n > 0, "a positive integer");

/** Opens a dispute over the payment of a Checkout Session, as its payer's bank would. */
export function disputeCheckout(account: Account, sessionId: string, body: unknown): WireDispute {
  const { amount, inquiry } = readBody({ amount: AMOUNT, inquiry: flag }, body);
  const charge = chargeOf(account, sessionId);
  return account.transact(
    (tx) => openDispute(tx, charge, { amount, inquiry: inquiry ?? false }),
    [charge.id],
  );
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

function chargeOf({ state }: Account, sessionId: string): WireCharge {
  const intent = state.checkoutSessions.get(sessionId)?.payment_intent ?? "";
  const charge = state.charges.get(state.paymentIntents.get(intent)?.latest_charge ?? "");
  if (charge === undefined) {
    throw new ControlError("No such Checkout Session with a payment of its own", 404);
  }
  return charge;
}
