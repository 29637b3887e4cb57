import type { Stripe } from "stripe";
import { PortError } from "../../../application/ports/port_error.ts";
import type {
  PackCheckoutRequest,
  TokenPackPayments,
} from "../../../application/ports/tokens/token_pack_payments.ts";
import type { PaymentReversal } from "../../../domain/subscription/payment_reversal.ts";
import type { PackPurchase } from "../../../domain/tokens/token_pack.ts";
import { callStripe } from "../call_stripe.ts";
import { type CheckoutPaperwork, DEFAULT_PAPERWORK } from "../checkout/checkout_paperwork.ts";
import { packCheckoutParams } from "../checkout/pack_checkout_params.ts";
import { listAll } from "../list_all.ts";
import { stripeCodeOf } from "../port_error_of.ts";
import { reversalsOf } from "../reversals.ts";
import { WireObject } from "../wire_object.ts";
import { isPackSession, mapPackPurchase } from "./map_pack_purchase.ts";

const LARGEST_PAGE = 100;

/** Sells token packs through one-time Checkout Sessions, and reads their refunds and disputes. */
export class StripeTokenPackPayments implements TokenPackPayments {
  readonly #stripe: Stripe;
  readonly #paperwork: CheckoutPaperwork;

  constructor(stripe: Stripe, paperwork: CheckoutPaperwork = DEFAULT_PAPERWORK) {
    this.#stripe = stripe;
    this.#paperwork = paperwork;
  }

  /** {@inheritDoc} */
  async createPackCheckout(
    request: PackCheckoutRequest,
    idempotencyKey: string,
  ): Promise<{ readonly id: string; readonly url: string }> {
    const action = `create a Checkout for tenant "${request.tenantId}"`;
    const { wire } = await callStripe({ action, object: "checkout.session" }, () =>
      this.#stripe.checkout.sessions.create(packCheckoutParams(request, this.#paperwork), {
        idempotencyKey,
      }),
    );
    return { id: wire.text("id"), url: wire.text("url") };
  }

  /** {@inheritDoc} */
  async purchases(customerId: string, tenantId: string): Promise<readonly PackPurchase[]> {
    const action = `list the paid Checkouts of customer "${customerId}"`;
    const params = {
      customer: customerId,
      status: "complete" as const,
      limit: LARGEST_PAGE,
      expand: ["data.payment_intent.latest_charge.refunds"],
    };
    const pages = listAll({ action, object: "checkout.session" }, (cursor) =>
      this.#stripe.checkout.sessions.list({ ...params, ...cursor }),
    );
    const purchases: PackPurchase[] = [];
    try {
      for await (const session of pages) {
        if (isPackSession(session, tenantId)) {
          purchases.push(mapPackPurchase(session, await this.#reversalsOf(session)));
        }
      }
    } catch (error) {
      if (error instanceof PortError && stripeCodeOf(error) === "resource_missing") {
        return [];
      }
      throw error;
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

  async #reversalsOf(session: WireObject): Promise<PaymentReversal[]> {
    const charge = session.childOrNull("payment_intent")?.childOrNull("latest_charge") ?? null;
    return charge === null ? [] : await reversalsOf(this.#stripe, charge);
  }
}
