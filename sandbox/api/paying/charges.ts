import type { Stripe } from "stripe";
import { captureIntent } from "../../engine/paying/payment_intents.ts";
import { invalidRequest, resourceMissing } from "../../engine/request_error.ts";
import { emitChange, type Transaction } from "../../engine/transaction.ts";
import type { WireCharge } from "../../state/wire.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "../listing.ts";
import {
  between,
  clearable,
  given,
  hash,
  mergeMetadata,
  metadata,
  oneOf,
  type ShapeOf,
  text,
} from "../params.ts";
import { type Route, route } from "../route.ts";

const PATH = "/v1/charges";

export const chargeRoutes: Route[] = [
  route("GET", PATH, {
    params: {
      ...PAGE,
      created,
      customer: text,
      payment_intent: text,
      transfer_group: text,
    } satisfies ShapeOf<Stripe.ChargeListParams>,
    returns: "list:charge",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.charges,
        (charge) =>
          matches(params.customer, charge.customer) &&
          matches(params.payment_intent, charge.payment_intent) &&
          matches(params.transfer_group, charge.transfer_group) &&
          inRange(charge.created, params.created),
      );
      return page(PATH, found, params);
    },
  }),
  route("POST", `${PATH}/:id`, {
    params: {
      description: clearable(text),
      fraud_details: hash({ user_report: oneOf("fraudulent", "safe") }),
      metadata,
      receipt_email: text,
    } satisfies ShapeOf<Stripe.ChargeUpdateParams>,
    returns: "charge",
    handle: ({ tx, id, params }) => {
      const charge = chargeOf(tx, id);
      const { description, receipt_email, fraud_details: fraud } = params;
      emitChange(tx, "charge.updated", charge, (changed) => {
        Object.assign(changed, given({ description, receipt_email }));
        changed.metadata = mergeMetadata(charge.metadata, params.metadata);
        if (fraud?.user_report !== undefined) {
          changed.fraud_details = { user_report: fraud.user_report };
        }
      });
      return charge;
    },
  }),
  route("POST", `${PATH}/:id/capture`, {
    params: {
      amount: between(1, 99_999_999),
    } satisfies ShapeOf<Stripe.ChargeCaptureParams>,
    returns: "charge",
    handle: ({ tx, id, params }) => {
      const charge = chargeOf(tx, id);
      const intent = tx.state.paymentIntents.get(charge.payment_intent ?? "");
      if (intent === undefined || charge.captured) {
        throw invalidRequest(
          `Charge ${id} has already been captured.`,
          "charge",
          "charge_already_captured",
        );
      }
      captureIntent(tx, intent, params.amount);
      return charge;
    },
  }),
];

function chargeOf(tx: Transaction, id: string): WireCharge {
  const charge = tx.state.charges.get(id);
  if (charge === undefined) {
    throw resourceMissing("charge", id);
  }
  return charge;
}
