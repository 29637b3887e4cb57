import type { BillingEvent } from "../../../domain/events/billing_event.ts";
import type {
  ForeignSubscription,
  KeptMoney,
  ReceivedPayment,
} from "../../../domain/subscription/findings/foreign.ts";
import type { TokenPackPayments } from "../tokens/token_pack_payments.ts";
import type { CustomerSnapshots } from "./customer_snapshots.ts";
import type { PaymentGateway } from "./payment_gateway.ts";

/** A customer at the payment provider, created for a tenant. */
export interface KnownCustomer {
  readonly customerId: string;
  /** As stored at the provider; it may not be the id of any tenant. */
  readonly tenantId: string;
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
}

/** How long the payment provider keeps events. Source: Stripe API, "Events". */
export const EVENT_RETENTION_DAYS = 30;

/**
 * Lists our records at the payment provider across all tenants, for background work only. Reads
 * lists page by page as they are consumed, newest first within a page. Every method throws
 * `PortError`.
 */
export interface PaymentRecords {
  /** Lists all customers with a tenant's id, without deleted ones. */
  customers(): AsyncIterable<KnownCustomer>;

  /** Lists all subscriptions that have not ended. */
  subscriptions(): AsyncIterable<ForeignSubscription>;

  /**
   * Lists what was paid since then by invoices, Checkouts and payments that say that they are for a
   * token pack, each once.
   */
  payments(since: Date): AsyncIterable<ReceivedPayment>;

  /** What is left of a payment, by its id: less refunds and what disputes have taken. */
  keptMoney(paymentId: string): Promise<KeptMoney>;

  /** Whether a customer was deleted. */
  isDeleted(customerId: string): Promise<boolean>;

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
