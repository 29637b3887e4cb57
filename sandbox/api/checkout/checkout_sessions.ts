import type { Stripe } from "stripe";
import { expireSession, requireOpen } from "../../engine/checkout/checkout.ts";
import { resourceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WireCheckoutSession } from "../../state/wire.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "../listing.ts";
import { hash, oneOf, required, type ShapeOf, text } from "../params.ts";
import { type Route, route } from "../route.ts";
import { checkNewSession, NEW_SESSION } from "./checkout_params.ts";
import { openSession } from "./checkout_session.ts";

const PATH = "/v1/checkout/sessions";

/** The Checkout Session with this id. */
function sessionOf(tx: Transaction, id: string): WireCheckoutSession {
  const session = tx.state.checkoutSessions.get(id);
  if (session === undefined) {
    throw resourceMissing("checkout.session", id);
  }
  return session;
}

export const checkoutSessionRoutes: Route[] = [
  route("POST", PATH, {
    params: NEW_SESSION,
    returns: "checkout.session",
    check: checkNewSession,
    handle: ({ tx, params }) => openSession(tx, params),
  }),
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: "checkout.session",
    handle: ({ tx, id }) => sessionOf(tx, id),
  }),
  route("GET", `${PATH}/:id/line_items`, {
    params: PAGE,
    returns: "list:item",
    handle: ({ tx, id, params }) => {
      const session = sessionOf(tx, id);
      const items = tx.state.checkoutDetails.get(session.id)?.lineItems ?? [];
      return page(`${PATH}/${id}/line_items`, items, params);
    },
  }),
  route("POST", `${PATH}/:id/expire`, {
    params: {},
    returns: "checkout.session",
    handle: ({ tx, id }) => {
      const session = sessionOf(tx, id);
      requireOpen(session);
      expireSession(tx, session);
      return session;
    },
  }),
  route("GET", PATH, {
    params: {
      ...PAGE,
      created,
      customer: text,
      customer_details: hash({ email: required(text) }),
      payment_intent: text,
      status: oneOf("open", "complete", "expired"),
      subscription: text,
    } satisfies ShapeOf<Stripe.Checkout.SessionListParams>,
    returns: "list:checkout.session",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.checkoutSessions,
        (session) =>
          matches(params.customer, session.customer) &&
          matches(params.customer_details?.email, session.customer_details?.email ?? null) &&
          matches(params.payment_intent, session.payment_intent) &&
          matches(params.status, session.status) &&
          matches(params.subscription, session.subscription) &&
          inRange(session.created, params.created),
      );
      return page(PATH, found, params);
    },
  }),
];
