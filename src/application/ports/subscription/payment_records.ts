import type { BillingEvent } from "../../../domain/events/billing_event.ts";
import type { TokenPackPayments } from "../tokens/token_pack_payments.ts";
import type { CustomerSnapshots } from "./customer_snapshots.ts";
import type { PaymentGateway } from "./payment_gateway.ts";

/** A customer at the payment provider that was created for a tenant. */
export interface KnownCustomer {
  readonly customerId: string;
  /** As it is written there; it may be no tenant's id. */
  readonly tenantId: string;
}

/** Which events to read. */
export interface EventSelection {
  /** Only those that were created then or later. */
  readonly since?: Date | undefined;
  /** Only those that some webhook endpoint has not taken, or not yet. */
  readonly undelivered?: boolean;
}

/** How long the payment provider keeps events. Source: Stripe API, "Events". */
export const EVENT_RETENTION_DAYS = 30;

/**
 * What the payment provider has of ours, across all tenants; for background work only, it is not
 * there for requests. Lists are read page by page as they are asked for, newest first within a
 * page. Every method throws `PortError`.
 */
export interface PaymentRecords {
  /** All customers that carry a tenant's id; deleted ones are not among them. */
  customers(): AsyncIterable<KnownCustomer>;

  /** Customers with a refund or a dispute since then; one may come several times. */
  reversedCustomers(since: Date): AsyncIterable<string>;

  /** Events of the types that are handled, as far back as they are kept. */
  events(selection: EventSelection): AsyncIterable<BillingEvent>;
}

/** The payment provider as background work sees it: every request waits for its turn. */
export interface BackgroundPayments {
  readonly gateway: PaymentGateway;
  readonly snapshots: CustomerSnapshots;
  readonly packs: TokenPackPayments;
  readonly records: PaymentRecords;
}
