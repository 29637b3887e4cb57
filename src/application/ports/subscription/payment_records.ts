import type { BillingEvent } from "../../../domain/events/billing_event.ts";
import type {
  SnapshotInvoice,
  SnapshotSubscription,
} from "../../../domain/subscription/customer_snapshot.ts";
import type { ReceivedPayment } from "../../../domain/subscription/findings/foreign.ts";
import type { PackPurchase } from "../../../domain/tokens/token_pack.ts";
import type { TokenPackPayments } from "../tokens/token_pack_payments.ts";
import type { CustomerSnapshots } from "./customer_snapshots.ts";
import type { PaymentGateway } from "./payment_gateway.ts";

/** A customer at the payment provider. */
export interface ListedCustomer {
  readonly customerId: string;
  /** As stored at the provider; it may not be the id of any tenant. `null` if it is nobody's. */
  readonly tenantId: string | null;
  /** Minor units; negative is a credit. */
  readonly balance: number;
}

/** A subscription as a look sees it; `null` if it cannot be read. */
export interface ListedSubscription {
  readonly customerId: string;
  readonly subscription: SnapshotSubscription | null;
}

/** An invoice as a look sees it, but without lines; `null` if it cannot be read. */
export interface ListedInvoice {
  readonly customerId: string;
  readonly invoice: SnapshotInvoice | null;
  /** What a paid top-up has sold, without its refunds; `null` for any other invoice. */
  readonly pack: ListedPack | null;
}

/** A token pack that was sold, at Checkout or by a top-up; `null` if it cannot be read. */
export interface ListedPack {
  readonly customerId: string;
  readonly tenantId: string;
  readonly purchase: PackPurchase | null;
}

/** A webhook endpoint that `plans sync` has made. */
export interface ManagedEndpoint {
  readonly endpointId: string;
  readonly url: string;
  readonly enabled: boolean;
}

/** Which events to read. */
export interface EventSelection {
  /** Only events created at this time or later. */
  readonly since?: Date | undefined;
  /** Only events that at least one webhook endpoint has not accepted yet. */
  readonly undelivered?: boolean;
  /** Only events of these types; by default those that are handled. */
  readonly types?: readonly string[];
}

/** How long the payment provider keeps events. Source: Stripe API, "Events". */
export const EVENT_RETENTION_DAYS = 30;

/**
 * Lists our records at the payment provider across all tenants, for background work only. Reads
 * lists page by page as they are consumed, newest first within a page. Every method throws
 * `PortError`.
 */
export interface PaymentRecords {
  /** Lists all customers, without deleted ones. */
  customers(): AsyncIterable<ListedCustomer>;

  /** Lists all subscriptions that have not ended. */
  subscriptions(): AsyncIterable<ListedSubscription>;

  /**
   * Lists the invoices created since then, and the earlier ones that can still change: drafts, open
   * and uncollectible ones. One that changes meanwhile may be listed twice, or not at all.
   */
  invoices(since: Date): AsyncIterable<ListedInvoice>;

  /** Lists the packs of all complete Checkouts, with their refunds and disputes. */
  packs(): AsyncIterable<ListedPack>;

  /**
   * Lists what was paid since then by invoices, Checkouts and payments that say that they are for a
   * token pack, each once. What cannot be read is told by an error after all others.
   */
  payments(since: Date): AsyncIterable<ReceivedPayment>;

  /** Lists what was ever paid for a subscription, by invoices. */
  paymentsFor(subscriptionId: string): AsyncIterable<ReceivedPayment>;

  /** Reads such a payment by its id or its Checkout's; `null` if it is none any more. */
  payment(paymentId: string): Promise<ReceivedPayment | null>;

  /** Finds the Checkout that a payment came by; `null` if there is none. */
  checkoutOf(paymentId: string): Promise<string | null>;

  /** Lists the webhook endpoints that we manage. */
  endpoints(): AsyncIterable<ManagedEndpoint>;

  /** Lists customers with a refund or dispute since then; may repeat one. */
  reversedCustomers(since: Date): AsyncIterable<string>;

  /** Lists events of the handled types, as far back as the provider keeps them. */
  events(selection: EventSelection): AsyncIterable<BillingEvent>;
}

/** The payment provider for background work: every request waits its turn. */
export interface BackgroundPayments {
  readonly gateway: PaymentGateway;
  readonly snapshots: CustomerSnapshots;
  readonly packs: TokenPackPayments;
  readonly records: PaymentRecords;
}
