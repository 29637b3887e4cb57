import type {
  EventSelection,
  ListedCustomer,
  ListedInvoice,
  ListedPack,
  ListedSubscription,
  ManagedEndpoint,
  PaymentRecords,
} from "../../src/application/ports/subscription/payment_records.ts";
import type { BillingEvent } from "../../src/domain/events/billing_event.ts";
import type { SnapshotSubscription } from "../../src/domain/subscription/customer_snapshot.ts";
import type { ReceivedPayment } from "../../src/domain/subscription/findings/foreign.ts";

/** A provider's lists, as a test sets them. */
export class ScriptedRecords implements PaymentRecords {
  /** Newest first. */
  all: readonly ListedCustomer[] = [];
  /** Newest first; those in `undelivered` were taken by nobody. */
  happened: readonly BillingEvent[] = [];
  readonly undelivered = new Set<string>();
  /** Customers whose payments were refunded or disputed. */
  reversed: readonly string[] = [];
  /** Subscriptions that have not ended. */
  live: readonly SnapshotSubscription[] = [];
  /** What was paid, and the Checkouts by which. */
  paid: readonly ReceivedPayment[] = [];
  readonly checkouts = new Map<string, string>();
  /** Ends the list of payments early. */
  breaksOff: Error | null = null;
  billed: readonly ListedInvoice[] = [];
  sold: readonly ListedPack[] = [];
  /** Our webhook endpoints. */
  managed: readonly ManagedEndpoint[] = [];
  /** Thrown by every list, while set. */
  failure: unknown = null;

  /** {@inheritDoc} */
  async *customers(): AsyncIterable<ListedCustomer> {
    this.#failIfTold();
    yield* this.all;
  }

  /** {@inheritDoc} */
  async *subscriptions(): AsyncIterable<ListedSubscription> {
    this.#failIfTold();
    for (const subscription of this.live) {
      yield { customerId: subscription.customerId, subscription };
    }
  }

  /** {@inheritDoc} */
  async *invoices(): AsyncIterable<ListedInvoice> {
    this.#failIfTold();
    yield* this.billed;
  }

  /** {@inheritDoc} */
  async *packs(): AsyncIterable<ListedPack> {
    this.#failIfTold();
    yield* this.sold;
  }

  /** {@inheritDoc} */
  async *payments(since: Date): AsyncIterable<ReceivedPayment> {
    this.#failIfTold();
    yield* this.paid.filter(({ paidAt }) => paidAt >= since);
    if (this.breaksOff !== null) {
      throw this.breaksOff;
    }
  }

  /** {@inheritDoc} */
  async *paymentsFor(subscriptionId: string): AsyncIterable<ReceivedPayment> {
    this.#failIfTold();
    yield* this.paid.filter((payment) => payment.subscriptionId === subscriptionId);
  }

  /** {@inheritDoc} */
  async payment(paymentId: string): Promise<ReceivedPayment | null> {
    this.#failIfTold();
    return this.paid.find(({ id }) => id === paymentId) ?? null;
  }

  /** {@inheritDoc} */
  async checkoutOf(paymentId: string): Promise<string | null> {
    this.#failIfTold();
    return this.checkouts.get(paymentId) ?? null;
  }

  /** {@inheritDoc} */
  async *endpoints(): AsyncIterable<ManagedEndpoint> {
    this.#failIfTold();
    yield* this.managed;
  }

  /** {@inheritDoc} */
  async *reversedCustomers(): AsyncIterable<string> {
    this.#failIfTold();
    yield* this.reversed;
  }

  /** {@inheritDoc} */
  async *events({ since, undelivered, types }: EventSelection): AsyncIterable<BillingEvent> {
    this.#failIfTold();
    yield* this.happened.filter(
      ({ id, type, createdAt }) =>
        (types?.includes(type) ?? true) &&
        (since === undefined || createdAt >= since) &&
        (!undelivered || this.undelivered.has(id)),
    );
  }

  #failIfTold(): void {
    if (this.failure !== null) {
      throw this.failure;
    }
  }
}
