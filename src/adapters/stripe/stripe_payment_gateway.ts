import type { Stripe } from "stripe";
import { PortError } from "../../application/ports/port_error.ts";
import type { BillingDetails } from "../../application/ports/subscription/billing_details.ts";
import type {
  BalanceCredit,
  CheckoutRequest,
  CheckoutSession,
  PaymentGateway,
  PortalRequest,
  PreviewPart,
  PriceChange,
  PriceChangePreview,
  Purchase,
  Resumption,
} from "../../application/ports/subscription/payment_gateway.ts";
import type { Money } from "../../domain/catalog/money.ts";
import type { Redaction } from "../../domain/subscription/billing_account.ts";
import type { InvoiceReversal } from "../../domain/subscription/payment_reversal.ts";
import { callStripe } from "./call_stripe.ts";
import { checkoutParams } from "./checkout/checkout_params.ts";
import { mapCheckoutSession } from "./checkout/map_checkout_session.ts";
import { portalSessionParams } from "./checkout/portal_session_params.ts";
import { previewChange } from "./checkout/preview_change.ts";
import { listAll } from "./list_all.ts";
import { stripeCodeOf, stripeStatusOf } from "./port_error_of.ts";
import { keptMoney } from "./records/kept_money.ts";
import { sendableKey } from "./sendable_key.ts";
import { billingDetails } from "./subscription/billing_details.ts";
import { creditBalance } from "./subscription/credit_balance.ts";
import { endWithPeriod } from "./subscription/end_with_period.ts";
import { redactCustomer } from "./subscription/redact_customer.ts";
import { refundInvoice, refundPart } from "./subscription/refund_invoice.ts";
import { reversedPayments } from "./subscription/reversed_payments.ts";
import type { WireObject } from "./wire_object.ts";

const LARGEST_PAGE = 100;
/** A tenant has one customer, and perhaps a few that were deleted a moment ago. */
const MOST_CUSTOMERS = 10;

/** Subscribes, changes and charges customers through Stripe. */
export class StripePaymentGateway implements PaymentGateway {
  readonly #stripe: Stripe;

  constructor(stripe: Stripe) {
    this.#stripe = stripe;
  }

  /** {@inheritDoc} */
  async createCustomer(
    { tenantId }: { tenantId: string },
    idempotencyKey: string,
  ): Promise<{ customerId: string }> {
    const action = `create the customer of tenant "${tenantId}"`;
    const { wire } = await callStripe({ action, object: "customer" }, () =>
      this.#stripe.customers.create(
        { metadata: { tenantId } },
        { idempotencyKey: sendableKey(idempotencyKey) },
      ),
    );
    return { customerId: wire.text("id") };
  }

  /** {@inheritDoc} */
  async findCustomer(tenantId: string): Promise<string | undefined> {
    const action = `search the customer of tenant "${tenantId}"`;
    const query = `metadata['tenantId']:'${tenantId.replaceAll(/[\\']/g, "\\$&")}'`;
    const { wire } = await callStripe({ action, object: "search_result" }, () =>
      this.#stripe.customers.search({ query, limit: MOST_CUSTOMERS }),
    );
    // The search lags behind, so it may find deleted customers; it ignores case, so it may find
    // other tenants' customers.
    for (const found of wire.objects("data")) {
      const customer = await this.#findCustomer(found.text("id"));
      if (customer !== undefined && tenantOf(customer) === tenantId) {
        return customer.text("id");
      }
    }
    return undefined;
  }

  /** {@inheritDoc} */
  async tenantOfCustomer(customerId: string): Promise<string | null> {
    const customer = await this.#findCustomer(customerId);
    return customer === undefined ? null : tenantOf(customer);
  }

  /** {@inheritDoc} */
  async billingDetails(customerId: string): Promise<BillingDetails | undefined> {
    try {
      return await billingDetails(this.#stripe, customerId);
    } catch (error) {
      return undefinedIfMissing(error);
    }
  }

  /** {@inheritDoc} */
  async createCheckout(request: CheckoutRequest, idempotencyKey: string): Promise<CheckoutSession> {
    const action = `create a Checkout for tenant "${request.tenantId}"`;
    const { wire } = await callStripe({ action, object: "checkout.session" }, () =>
      this.#stripe.checkout.sessions.create(checkoutParams(request), {
        idempotencyKey: sendableKey(idempotencyKey),
      }),
    );
    const session = mapCheckoutSession(wire);
    if (session === null) {
      throw wire.contradiction("url is missing");
    }
    return session;
  }

  /** {@inheritDoc} */
  async openCheckouts(
    customerId: string,
    { packs }: { packs: boolean } = { packs: false },
  ): Promise<readonly CheckoutSession[]> {
    const action = `list the open Checkouts of customer "${customerId}"`;
    const sessions: CheckoutSession[] = [];
    const params = { customer: customerId, status: "open" as const, limit: LARGEST_PAGE };
    const pages = listAll({ action, object: "checkout.session" }, (cursor) =>
      this.#stripe.checkout.sessions.list({ ...params, ...cursor }),
    );
    for await (const wire of pages) {
      const isWanted = packs || wire.text("mode") === "subscription";
      const session = isWanted ? mapCheckoutSession(wire) : null;
      if (session !== null) {
        sessions.push(session);
      }
    }
    return sessions;
  }

  /** {@inheritDoc} */
  async expireCheckout(sessionId: string): Promise<void> {
    const expected = { object: "checkout.session", id: sessionId };
    try {
      const action = `expire Checkout "${sessionId}"`;
      await callStripe({ action, ...expected }, () =>
        this.#stripe.checkout.sessions.expire(sessionId),
      );
    } catch (error) {
      if (stripeStatusOf(error) !== 400) {
        throw error;
      }
      const action = `read Checkout "${sessionId}"`;
      const { wire } = await callStripe({ action, ...expected }, () =>
        this.#stripe.checkout.sessions.retrieve(sessionId),
      );
      if (wire.text("status") === "open") {
        throw error;
      }
    }
  }

  /** {@inheritDoc} */
  async createPortalSession(request: PortalRequest): Promise<{ url: string }> {
    const action = `open the Customer Portal for customer "${request.customerId}"`;
    // The URL works once and expires within minutes, so every call creates its own.
    const options = { idempotencyKey: `portal-${crypto.randomUUID()}` };
    const { wire } = await callStripe({ action, object: "billing_portal.session" }, () =>
      this.#stripe.billingPortal.sessions.create(portalSessionParams(request), options),
    );
    return { url: wire.text("url") };
  }

  /** {@inheritDoc} */
  previewChange(change: PriceChange | Purchase, part: PreviewPart): Promise<PriceChangePreview> {
    return previewChange(this.#stripe, change, part);
  }

  /** {@inheritDoc} */
  async resumeSubscription(
    { subscriptionId, keepsPeriod }: Resumption,
    idempotencyKey: string,
  ): Promise<void> {
    const action = `resume subscription "${subscriptionId}"`;
    const params = {
      payment_behavior: "resume_on_payment_success",
      billing_cycle_anchor: { type: keepsPeriod ? "unchanged" : "now" },
      ...(keepsPeriod && { proration_behavior: "none" as const }),
    };
    await callStripe({ action, object: "subscription", id: subscriptionId }, () =>
      this.#stripe.subscriptions.resume(subscriptionId, params, { idempotencyKey }),
    );
  }

  /** {@inheritDoc} */
  reversedPayments(customerId: string): Promise<readonly InvoiceReversal[]> {
    return reversedPayments(this.#stripe, customerId);
  }

  /** {@inheritDoc} */
  keptMoney(paymentId: string): Promise<Money> {
    return keptMoney(this.#stripe, paymentId);
  }

  /** {@inheritDoc} */
  async cancelSubscription(subscriptionId: string): Promise<void> {
    const action = `cancel subscription "${subscriptionId}"`;
    try {
      await callStripe({ action, object: "subscription", id: subscriptionId }, () =>
        this.#stripe.subscriptions.cancel(subscriptionId),
      );
    } catch (error) {
      undefinedIfMissing(error);
    }
  }

  /** {@inheritDoc} */
  async cancelAtPeriodEnd(subscriptionId: string): Promise<void> {
    try {
      await endWithPeriod(this.#stripe, subscriptionId);
    } catch (error) {
      undefinedIfMissing(error);
    }
  }

  /** {@inheritDoc} */
  async redactCustomer(customerId: string, how: Redaction): Promise<void> {
    try {
      await redactCustomer(this.#stripe, customerId, how);
    } catch (error) {
      undefinedIfMissing(error);
    }
  }

  /** {@inheritDoc} */
  refundPart(part: Parameters<PaymentGateway["refundPart"]>[0]): Promise<void> {
    return refundPart(this.#stripe, part);
  }

  /** {@inheritDoc} */
  refundInvoice(invoiceId: string, idempotencyKey: string): Promise<{ refunded: number }> {
    return refundInvoice(this.#stripe, invoiceId, idempotencyKey);
  }

  /** {@inheritDoc} */
  creditBalance(credit: BalanceCredit, idempotencyKey: string): Promise<void> {
    return creditBalance(this.#stripe, credit, idempotencyKey);
  }

  async #findCustomer(customerId: string): Promise<WireObject | undefined> {
    const action = `read customer "${customerId}"`;
    try {
      const { wire } = await callStripe({ action, object: "customer", id: customerId }, () =>
        this.#stripe.customers.retrieve(customerId),
      );
      return wire.flag("deleted") ? undefined : wire;
    } catch (error) {
      return undefinedIfMissing(error);
    }
  }
}

function tenantOf(customer: WireObject): string | null {
  return customer.childOrNull("metadata")?.textOrNull("tenantId") ?? null;
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof PortError && stripeCodeOf(error) === "resource_missing") {
    return undefined;
  }
  throw error;
}
