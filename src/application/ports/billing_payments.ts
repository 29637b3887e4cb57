import type { CatalogPublisher } from "./catalog/catalog_publisher.ts";
import type { OtherClock } from "./clock.ts";
import type { WebhookVerifier } from "./events/webhook_verifier.ts";
import type { CustomerSnapshots } from "./subscription/customer_snapshots.ts";
import type { InvoiceHistory } from "./subscription/invoice_history.ts";
import type { PaymentGateway } from "./subscription/payment_gateway.ts";
import type { BackgroundPayments } from "./subscription/payment_records.ts";
import type { TokenPackPayments } from "./tokens/token_pack_payments.ts";

/** The default rate of background work, per process. */
export const DEFAULT_RECONCILE_REQUESTS_PER_SECOND = 10;

/** Everything that billing needs from a payment provider. */
export interface BillingPayments {
  readonly gateway: PaymentGateway;
  readonly snapshots: CustomerSnapshots;
  readonly packs: TokenPackPayments;
  readonly invoices: InvoiceHistory;
  readonly publisher: CatalogPublisher;
  readonly verifier: WebhookVerifier;
  /** The provider's clock; answers to calls of the other ports update it, too. */
  readonly clock: OtherClock;
  /**
   * Returns the ports for background work. The whole process shares their rate limit, which never
   * slows down users' requests. Once the signal aborts, waiting calls throw `PortError`.
   */
  background(signal: AbortSignal): BackgroundPayments;
  /** That rate at this moment, in requests per second. */
  backgroundRate?(): number;
}
