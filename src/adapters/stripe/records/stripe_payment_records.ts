import type { Stripe } from "stripe";
import type {
  EventSelection,
  ListedCustomer,
  ListedInvoice,
  ListedPack,
  ListedSubscription,
  ManagedEndpoint,
  PaymentRecords,
} from "../../../application/ports/subscription/payment_records.ts";
import { type BillingEvent, HANDLED_EVENT_TYPES } from "../../../domain/events/billing_event.ts";
import type { ReceivedPayment } from "../../../domain/subscription/findings/foreign.ts";
import { MANAGED_BY } from "../catalog/portal_settings.ts";
import { mapEvent } from "../events/map_event.ts";
import { listAll } from "../list_all.ts";
import type { PriceRegister } from "../subscription/price_register.ts";
import { listedInvoices, listedPacks, listedSubscriptions } from "./listed_records.ts";
import { checkoutOf, onePayment } from "./one_payment.ts";
import { receivedPayments, subscriptionPayments } from "./received_payments.ts";

const LARGEST_PAGE = 100;
/** Stripe accepts at most 20 `types`. Source: Stripe API, "List all events". */
const TYPES_PER_LIST = 20;

/** Lists what there is across all tenants. */
export class StripePaymentRecords implements PaymentRecords {
  readonly #stripe: Stripe;
  readonly #prices: PriceRegister;

  /** @param prices shared by all Stripe clients of a process */
  constructor(stripe: Stripe, prices: PriceRegister) {
    this.#stripe = stripe;
    this.#prices = prices;
  }

  /** {@inheritDoc} */
  async *customers(): AsyncGenerator<ListedCustomer, void, undefined> {
    const pages = listAll({ action: "list the customers", object: "customer" }, (cursor) =>
      this.#stripe.customers.list({ limit: LARGEST_PAGE, ...cursor }),
    );
    for await (const wire of pages) {
      yield {
        customerId: wire.text("id"),
        tenantId: wire.childOrNull("metadata")?.textOrNull("tenantId") ?? null,
        balance: wire.integerOrNull("balance") ?? 0,
      };
    }
  }

  /** {@inheritDoc} */
  subscriptions(): AsyncIterable<ListedSubscription> {
    return listedSubscriptions(this.#stripe, this.#prices);
  }

  /** {@inheritDoc} */
  invoices(since: Date): AsyncIterable<ListedInvoice> {
    return listedInvoices(this.#stripe, since);
  }

  /** {@inheritDoc} */
  packs(): AsyncIterable<ListedPack> {
    return listedPacks(this.#stripe);
  }

  /** {@inheritDoc} */
  payments(since: Date): AsyncIterable<ReceivedPayment> {
    return receivedPayments(this.#stripe, since);
  }

  /** {@inheritDoc} */
  paymentsFor(subscriptionId: string): AsyncIterable<ReceivedPayment> {
    return subscriptionPayments(this.#stripe, subscriptionId);
  }

  /** {@inheritDoc} */
  payment(paymentId: string): Promise<ReceivedPayment | null> {
    return onePayment(this.#stripe, paymentId);
  }

  /** {@inheritDoc} */
  async checkoutOf(paymentId: string): Promise<string | null> {
    return (await checkoutOf(this.#stripe, paymentId))?.text("id") ?? null;
  }

  /** {@inheritDoc} */
  async *endpoints(): AsyncGenerator<ManagedEndpoint, void, undefined> {
    const expected = { action: "list the webhook endpoints", object: "webhook_endpoint" };
    const pages = listAll(expected, (cursor) =>
      this.#stripe.webhookEndpoints.list({ limit: LARGEST_PAGE, ...cursor }),
    );
    for await (const wire of pages) {
      if (wire.childOrNull("metadata")?.textOrNull("managedBy") === MANAGED_BY) {
        const enabled = wire.textOrNull("status") === "enabled";
        yield { endpointId: wire.text("id"), url: wire.text("url"), enabled };
      }
    }
  }

  /** {@inheritDoc} */
  async *reversedCustomers(since: Date): AsyncGenerator<string, void, undefined> {
    const params = {
      created: { gte: Math.floor(since.getTime() / 1000) },
      limit: LARGEST_PAGE,
      expand: ["data.charge"],
    };
    const refunds = listAll({ action: "list the refunds", object: "refund" }, (cursor) =>
      this.#stripe.refunds.list({ ...params, ...cursor }),
    );
    const disputes = listAll({ action: "list the disputes", object: "dispute" }, (cursor) =>
      this.#stripe.disputes.list({ ...params, ...cursor }),
    );
    for (const pages of [refunds, disputes]) {
      for await (const wire of pages) {
        const customerId = wire.childOrNull("charge")?.idOrNull("customer") ?? null;
        if (customerId !== null) {
          yield customerId;
        }
      }
    }
  }

  /** {@inheritDoc} */
  async *events(selection: EventSelection): AsyncGenerator<BillingEvent, void, undefined> {
    const { types = HANDLED_EVENT_TYPES } = selection;
    for (let from = 0; from < types.length; from += TYPES_PER_LIST) {
      yield* this.#eventsOf(types.slice(from, from + TYPES_PER_LIST), selection);
    }
  }

  async *#eventsOf(
    types: string[],
    { since, undelivered }: EventSelection,
  ): AsyncGenerator<BillingEvent, void, undefined> {
    const params = {
      types,
      limit: LARGEST_PAGE,
      ...(undelivered && { delivery_success: false }),
      ...(since && { created: { gte: Math.floor(since.getTime() / 1000) } }),
    };
    const pages = listAll({ action: "list the events", object: "event" }, (cursor) =>
      this.#stripe.events.list({ ...params, ...cursor }),
    );
    for await (const wire of pages) {
      const event = mapEvent(wire.json());
      if (event !== undefined) {
        yield event;
      }
    }
  }
}
