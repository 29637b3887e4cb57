import type { CatalogPublisher } from "./catalog/catalog_publisher.ts";
import type { OtherClock } from "./clock.ts";
import type { WebhookVerifier } from "./events/webhook_verifier.ts";
import type { CustomerSnapshots } from "./subscription/customer_snapshots.ts";
import type { InvoiceHistory } from "./subscription/invoice_history.ts";
import type { PaymentGateway } from "./subscription/payment_gateway.ts";
import type { BackgroundPayments } from "./subscription/payment_records.ts";
import type { TokenPackPayments } from "./tokens/token_pack_payments.ts";

/** How many requests background work sends where nobody has decided. Per process. */
export const DEFAULT_RECONCILE_REQUESTS_PER_SECOND = 10;

/** All that billing needs of one payment provider. */
export interface BillingPayments {
  readonly gateway: PaymentGateway;
  readonly snapshots: CustomerSnapshots;
  readonly packs: TokenPackPayments;
  readonly invoices: InvoiceHistory;
  readonly publisher: CatalogPublisher;
  readonly verifier: WebhookVerifier;
  /** The provider's clock. Every answer to one of the others tells its time, too. */
  readonly clock: OtherClock;
  /**
   * The same for background work, within a rate that the whole process shares; users' requests are
   * never slowed down by it. Once the signal is aborted, calls that wait throw `PortError`.
   */
  background(signal: AbortSignal): BackgroundPayments;
}
