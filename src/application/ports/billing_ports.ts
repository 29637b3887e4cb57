import type { LedgerKeys } from "../../domain/tokens/ledger_keys.ts";
import type { AttentionStore } from "./attention/attention_store.ts";
import type { AuditStore } from "./audit/audit_store.ts";
import type { CauseScope } from "./audit/cause_scope.ts";
import type { NoteChange } from "./audit/note_change.ts";
import type { BillingStore } from "./billing_store.ts";
import type { CatalogPublisher } from "./catalog/catalog_publisher.ts";
import type { CatalogStore } from "./catalog/catalog_store.ts";
import type { Clock, IsClockTrusted, OtherClocks } from "./clock.ts";
import type { EventInbox } from "./events/event_inbox.ts";
import type { WebhookVerifier } from "./events/webhook_verifier.ts";
import type { Announce } from "./notifications/announce.ts";
import type { DeliveryStore } from "./notifications/delivery_store.ts";
import type { HostHandlers } from "./notifications/host_handlers.ts";
import type { NotificationRecords } from "./notifications/notification_records.ts";
import type { WebhookSender } from "./notifications/webhook_sender.ts";
import type { EmailLeaseStore } from "./quota/email_lease_store.ts";
import type { EmailUsageStore } from "./quota/email_usage_store.ts";
import type { AccountRecordStore, AccountStore } from "./subscription/account_store.ts";
import type { CustomerSnapshots } from "./subscription/customer_snapshots.ts";
import type { InvoiceHistory } from "./subscription/invoice_history.ts";
import type { PaymentGateway } from "./subscription/payment_gateway.ts";
import type { BackgroundPayments } from "./subscription/payment_records.ts";
import type { RaiseAlert } from "./subscription/raise_alert.ts";
import type { FollowHead } from "./tokens/follow_head.ts";
import type { LedgerHeadStore } from "./tokens/ledger_head_store.ts";
import type { LedgerTurns } from "./tokens/ledger_turns.ts";
import type { TokenLedgerStore } from "./tokens/token_ledger_store.ts";
import type { TokenPackPayments } from "./tokens/token_pack_payments.ts";
import type { TokenReservationStore } from "./tokens/token_reservation_store.ts";
import type { TopUpStore } from "./tokens/top_up_store.ts";

/** All ports, by the names that use cases have for them. */
export interface BillingPorts {
  readonly store: Pick<BillingStore, "catalog" | "missingIndexes">;
  /** Every change of them leaves an entry in the audit trail (P38). */
  readonly accounts: AccountStore;
  /** The accounts as they are stored. */
  readonly records: AccountRecordStore;
  readonly audit: AuditStore;
  readonly attention: AttentionStore;
  readonly ledger: TokenLedgerStore;
  readonly ledgerTurns: LedgerTurns;
  readonly ledgerHeads: LedgerHeadStore;
  readonly ledgerKeys: LedgerKeys;
  readonly followHead: FollowHead;
  readonly reservations: TokenReservationStore;
  readonly topUps: TopUpStore;
  readonly inbox: EventInbox;
  readonly catalog: CatalogStore;
  readonly usage: EmailUsageStore;
  readonly leases: EmailLeaseStore;
  readonly notificationRecords: NotificationRecords;
  readonly deliveries: DeliveryStore;
  readonly webhookSender: WebhookSender;
  readonly hostHandlers: HostHandlers;
  /** What changes something that others want to hear of calls this afterwards. */
  readonly announce: Announce;
  readonly payments: PaymentGateway;
  readonly snapshots: CustomerSnapshots;
  readonly packPayments: TokenPackPayments;
  readonly invoices: InvoiceHistory;
  readonly publisher: CatalogPublisher;
  readonly verifier: WebhookVerifier;
  /** What background work uses of the payment provider, within a rate of its own. */
  background(signal: AbortSignal): BackgroundPayments;
  readonly noteChange: NoteChange;
  readonly causes: CauseScope;
  readonly raiseAlert: RaiseAlert;
  readonly clock: Clock;
  readonly otherClocks: OtherClocks;
  /** What begins a month asks this first. */
  readonly isClockTrusted: IsClockTrusted;
}
