import type { Stripe } from "stripe";
import { PortError } from "../../../application/ports/port_error.ts";
import type {
  PackCheckoutRequest,
  TokenPackPayments,
  TopUpOutcome,
  TopUpRequest,
} from "../../../application/ports/tokens/token_pack_payments.ts";
import type { PackPurchase } from "../../../domain/tokens/token_pack.ts";
import { callStripe } from "../call_stripe.ts";
import { packCheckoutParams } from "../checkout/pack_checkout_params.ts";
import { listAll, readAll } from "../list_all.ts";
import { stripeCodeOf } from "../port_error_of.ts";
import { reversalsOfSession } from "../reversals.ts";
import { reversedPayments } from "../subscription/reversed_payments.ts";
import { WireObject } from "../wire_object.ts";
import {
  mapPackPurchase,
  mapTopUpPurchase,
  PACK_SESSION_PARTS,
  tenantOfPackSession,
  tenantOfTopUp,
} from "./map_pack_purchase.ts";
import { topUp } from "./stripe_top_up.ts";

const LARGEST_PAGE = 100;

/** Sells token packs through one-time Checkout Sessions, and reads their refunds and disputes. */
export class StripeTokenPackPayments implements TokenPackPayments {
  readonly #stripe: Stripe;

  constructor(stripe: Stripe) {
    this.#stripe = stripe;
  }

  /** {@inheritDoc} */
  async createPackCheckout(
    request: PackCheckoutRequest,
    idempotencyKey: string,
  ): Promise<{ readonly id: string; readonly url: string }> {
    const action = `create a Checkout for tenant "${request.tenantId}"`;
    const { wire } = await callStripe({ action, object: "checkout.session" }, () =>
      this.#stripe.checkout.sessions.create(packCheckoutParams(request), { idempotencyKey }),
    );
    return { id: wire.text("id"), url: wire.text("url") };
  }

  /** {@inheritDoc} */
  topUp(request: TopUpRequest): Promise<TopUpOutcome> {
    return topUp(this.#stripe, request);
  }

  /** {@inheritDoc} */
  async purchases(
    customerId: string,
    tenantId: string,
    topUps: boolean,
  ): Promise<readonly PackPurchase[]> {
    const sold = await this.#soldPacks(customerId, tenantId);
    return topUps ? [...sold, ...(await this.#topUps(customerId, tenantId))] : sold;
  }

  /** The invoices of top-ups, with the refunds and disputes of their payments. */
  async #topUps(customerId: string, tenantId: string): Promise<readonly PackPurchase[]> {
    const action = `list the invoices of customer "${customerId}"`;
    const pages = listAll({ action, object: "invoice" }, (cursor) =>
      this.#stripe.invoices.list({
        customer: customerId,
        status: "paid",
        limit: LARGEST_PAGE,
        ...cursor,
      }),
    );
    const invoices = await noneIfMissing(readAll(pages));
    const paid = invoices.filter((invoice) => tenantOfTopUp(invoice) === tenantId);
    const reversed = paid.length === 0 ? [] : await reversedPayments(this.#stripe, customerId);
    return paid.map((invoice) =>
      mapTopUpPurchase(
        invoice,
        reversed.filter(({ invoiceId }) => invoiceId === invoice.text("id")),
      ),
    );
  }

  async #soldPacks(customerId: string, tenantId: string): Promise<readonly PackPurchase[]> {
    const action = `list the paid Checkouts of customer "${customerId}"`;
    const params = {
      customer: customerId,
      status: "complete" as const,
      limit: LARGEST_PAGE,
      expand: PACK_SESSION_PARTS,
    };
    const pages = listAll({ action, object: "checkout.session" }, (cursor) =>
      this.#stripe.checkout.sessions.list({ ...params, ...cursor }),
    );
    const sessions = await noneIfMissing(readAll(pages));
    const purchases: PackPurchase[] = [];
    for (const session of sessions.filter((one) => tenantOfPackSession(one) === tenantId)) {
      purchases.push(mapPackPurchase(session, await reversalsOfSession(this.#stripe, session)));
    }
    return purchases;
  }

  /** {@inheritDoc} */
  async customerOfEvent(payload: string): Promise<string | null> {
    const event = new WireObject(JSON.parse(payload), "an event");
    const paymentId = event.child("data").child("object").idOrNull("payment_intent");
    return paymentId === null ? null : await this.#customerOfPayment(paymentId);
  }

  async #customerOfPayment(paymentId: string): Promise<string | null> {
    const action = `read payment "${paymentId}"`;
    const expected = { action, object: "payment_intent", id: paymentId };
    try {
      const { wire } = await callStripe(expected, () =>
        this.#stripe.paymentIntents.retrieve(paymentId),
      );
      return wire.idOrNull("customer");
    } catch (error) {
      if (error instanceof PortError && stripeCodeOf(error) === "resource_missing") {
        return null;
      }
      throw error;
    }
  }
}

/** A deleted customer has bought nothing any more. */
async function noneIfMissing(list: Promise<WireObject[]>): Promise<WireObject[]> {
  try {
    return await list;
  } catch (error) {
    if (error instanceof PortError && stripeCodeOf(error) === "resource_missing") {
      return [];
    }
    throw error;
  }
}
