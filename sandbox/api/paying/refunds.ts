import type { Stripe } from "stripe";
import { createRefund } from "../../engine/paying/refunds.ts";
import { invalidRequest, referenceMissing, resourceMissing } from "../../engine/request_error.ts";
import { emitChange, type Transaction } from "../../engine/transaction.ts";
import type { WireCharge } from "../../state/wire.ts";
import { newestFirst, PAGE, page } from "../listing.ts";
import { between, mergeMetadata, metadata, oneOf, type ShapeOf, text } from "../params.ts";
import { type Route, route } from "../route.ts";
import { isOf, OF_PAYMENT } from "./of_payment.ts";

const PATH = "/v1/refunds";

/** Refunds of charges. */
export const refundRoutes: Route[] = [
  route("POST", PATH, {
    params: {
      amount: between(1, 99_999_999),
      charge: text,
      metadata,
      payment_intent: text,
      reason: oneOf("duplicate", "fraudulent", "requested_by_customer"),
    } satisfies ShapeOf<Stripe.RefundCreateParams>,
    returns: "refund",
    check: ({ charge, payment_intent: intent }) => {
      if ((charge === undefined) === (intent === undefined)) {
        throw invalidRequest("Give exactly one of `charge` and `payment_intent`.", "charge");
      }
    },
    handle: ({ tx, params }) =>
      createRefund(tx, chargeOf(tx, params), {
        amount: params.amount,
        reason: params.reason ?? null,
        metadata: mergeMetadata({}, params.metadata),
      }),
  }),
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: "refund",
    handle: ({ tx, id }) => tx.state.refunds.get(id) ?? missing("refund", id),
  }),
  route("GET", PATH, {
    params: { ...PAGE, ...OF_PAYMENT } satisfies ShapeOf<Stripe.RefundListParams>,
    returns: "list:refund",
    handle: ({ tx, params }) => page(PATH, newestFirst(tx.state.refunds, isOf(params)), params),
  }),
  route("POST", `${PATH}/:id`, {
    params: { metadata } satisfies ShapeOf<Stripe.RefundUpdateParams>,
    returns: "refund",
    handle: ({ tx, id, params }) => {
      const refund = tx.state.refunds.get(id) ?? missing("refund", id);
      emitChange(tx, "refund.updated", refund, (changed) => {
        changed.metadata = mergeMetadata(refund.metadata ?? {}, params.metadata);
      });
      return refund;
    },
  }),
];

/**
 * Refunds wait for their customer only where a payment method asks for it, which none here does.
 * Source: stripe-node, `refunds.cancel`.
 */
export const refundCancellation: Route = route("POST", `${PATH}/:id/cancel`, {
  params: {} satisfies ShapeOf<Stripe.RefundCancelParams>,
  returns: "refund",
  handle: ({ tx, id }) => {
    const { status } = tx.state.refunds.get(id) ?? missing("refund", id);
    throw invalidRequest(
      `You can only cancel a refund with a status of requires_action. This refund is ${status}.`,
    );
  },
});

function chargeOf(
  tx: Transaction,
  named: { charge: string | undefined; payment_intent: string | undefined },
): WireCharge {
  const intent = tx.state.paymentIntents.get(named.payment_intent ?? "");
  if (named.payment_intent !== undefined && intent === undefined) {
    throw referenceMissing("payment_intent", named.payment_intent, "payment_intent");
  }
  const id = intent?.latest_charge ?? named.charge ?? "";
  const charge = tx.state.charges.get(id);
  if (charge === undefined) {
    throw referenceMissing("charge", id, "charge");
  }
  return charge;
}

function missing(type: string, id: string): never {
  throw resourceMissing(type, id);
}
