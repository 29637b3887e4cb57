/**
 * MailingCore billing as a library: the use cases over a store and a payment provider, without HTTP.
 *
 * ```ts
 * const billing = createBilling({
 *   store: openSqliteStore("./data/billing.db"),
 *   payments: connectStripe({ secretKey, webhookSecrets }),
 *   settings: { livemode: true, dashboardUrl: "https://app.example.com/billing" },
 * });
 * await billing.syncCatalog.execute(plans);
 * const subscription = await billing.readSubscription.execute({ tenantId });
 * ```
 *
 * @module
 */

export type { Allowed, Decide, Decision, Refused } from "./adapters/http/guards/decision.ts";
export { type LimitGuardOptions, limitDecision } from "./adapters/http/guards/limit_guard.ts";
export {
  type CountedRequest,
  type QuotaDecisionOptions,
  quotaDecision,
} from "./adapters/http/guards/quota_guard.ts";
export {
  type ReservedTokens,
  type TokenDecisionOptions,
  tokenDecision,
} from "./adapters/http/guards/token_guard.ts";
export type { AttentionPage } from "./application/attention/list_attention.ts";
export type {
  ResolveAttentionCommand,
  ResolveAttentionOutcome,
} from "./application/attention/resolve_attention.ts";
export type { AuditPage } from "./application/audit/list_audit_entries.ts";
export type { Billing } from "./application/billing.ts";
export type { CatalogChange } from "./application/catalog/catalog_plan.ts";
export type { SyncCatalogOptions, SyncCatalogOutcome } from "./application/catalog/sync_catalog.ts";
export type { OpenPortalCommand, OpenPortalOutcome } from "./application/checkout/open_portal.ts";
export type {
  CheckoutPreview,
  PreviewCheckoutCommand,
  PreviewCheckoutOutcome,
} from "./application/checkout/preview_checkout.ts";
export type { ResumeSubscriptionOutcome } from "./application/checkout/resume_subscription.ts";
export type {
  StartCheckoutCommand,
  StartCheckoutOutcome,
} from "./application/checkout/start_checkout.ts";
export type {
  StartPackCheckoutCommand,
  StartPackCheckoutOutcome,
} from "./application/checkout/start_pack_checkout.ts";
export type { HandledEvent } from "./application/events/handle_due_events.ts";
export type { HandleStripeEventOutcome } from "./application/events/handle_stripe_event.ts";
export type { EventPage, ListEventsQuery } from "./application/events/list_events.ts";
export type { ReceiveStripeEventOutcome } from "./application/events/receive_stripe_event.ts";
export type { ReplayEventOutcome } from "./application/events/replay_event.ts";
export type { Readiness } from "./application/installation/check_readiness.ts";
export type { DeliveryPage } from "./application/notifications/delivery_log.ts";
export type {
  ListenTo,
  NotificationHandler,
} from "./application/notifications/host_notifications.ts";
export type {
  EndpointOutcome,
  WebhookEndpoint,
} from "./application/notifications/webhook_endpoints.ts";
export type { OperatorCommand } from "./application/operator_command.ts";
export type {
  AttentionCursor,
  AttentionListing,
  AttentionStore,
} from "./application/ports/attention/attention_store.ts";
export type { AuditStore } from "./application/ports/audit/audit_store.ts";
export type { BillingPayments } from "./application/ports/billing_payments.ts";
export type { BillingStore } from "./application/ports/billing_store.ts";
export type { CatalogPublisher } from "./application/ports/catalog/catalog_publisher.ts";
export type { CatalogStore } from "./application/ports/catalog/catalog_store.ts";
export type { Clock, ClockReading, OtherClock } from "./application/ports/clock.ts";
export type {
  EventCursor,
  EventInbox,
  EventListing,
  InboxEvent,
} from "./application/ports/events/event_inbox.ts";
export type { WebhookVerifier } from "./application/ports/events/webhook_verifier.ts";
export type {
  Delivery,
  DeliveryCursor,
  DeliveryStore,
  NewDelivery,
} from "./application/ports/notifications/delivery_store.ts";
export type {
  NotificationRecord,
  NotificationRecordKind,
  NotificationRecords,
} from "./application/ports/notifications/notification_records.ts";
export type { WebhookSender } from "./application/ports/notifications/webhook_sender.ts";
export { PortError } from "./application/ports/port_error.ts";
export type { EmailLease, EmailLeaseStore } from "./application/ports/quota/email_lease_store.ts";
export type { EmailUsageStore, KeyedCount } from "./application/ports/quota/email_usage_store.ts";
export type { AccountStore } from "./application/ports/subscription/account_store.ts";
export type {
  BillingDetails,
  PostalAddress,
  TaxId,
} from "./application/ports/subscription/billing_details.ts";
export type { CustomerSnapshots } from "./application/ports/subscription/customer_snapshots.ts";
export type {
  InvoiceHistory,
  InvoicePage,
  InvoiceRecipient,
  InvoiceSummary,
} from "./application/ports/subscription/invoice_history.ts";
export type { PaymentGateway } from "./application/ports/subscription/payment_gateway.ts";
export type {
  BackgroundPayments,
  EventSelection,
  ListedCustomer,
  ListedInvoice,
  ListedPack,
  ListedSubscription,
  PaymentRecords,
} from "./application/ports/subscription/payment_records.ts";
export type { RaiseAlert } from "./application/ports/subscription/raise_alert.ts";
export type { Principal, TenantAccess, TenantRole } from "./application/ports/tenant_access.ts";
export type { TokenLedgerStore } from "./application/ports/tokens/token_ledger_store.ts";
export type { TokenPackPayments } from "./application/ports/tokens/token_pack_payments.ts";
export type {
  ReservationReminder,
  TokenReservationStore,
} from "./application/ports/tokens/token_reservation_store.ts";
export type { CheckLimitCommand, LimitCheck } from "./application/quota/check_limit.ts";
export type {
  ConsumeEmailQuotaCommand,
  ConsumeEmailQuotaOutcome,
  CountedEmails,
  StoreFailurePolicy,
} from "./application/quota/consume_email_quota_outcome.ts";
export type { EmailQuotaCounts } from "./application/quota/email_quota_counters.ts";
export type { EmailQuotaView } from "./application/quota/email_quota_view.ts";
export type {
  ReleaseEmailQuotaCommand,
  ReleaseEmailQuotaOutcome,
} from "./application/quota/release_email_quota.ts";
export type { Drift, DriftKind } from "./application/reconciliation/drift.ts";
export type {
  ReconcileCommand,
  ReconcileOutcome,
  ReconciliationSummary,
} from "./application/reconciliation/reconcile.ts";
export type { TenantResult } from "./application/reconciliation/tenant_tally.ts";
export type { SubscriptionView } from "./application/subscription/read_subscription.ts";
export type { CommitReservationCommand } from "./application/tokens/commit_reservation.ts";
export type { MonthlyTokens } from "./application/tokens/grant_monthly_tokens.ts";
export type { TokensView } from "./application/tokens/read_tokens.ts";
export type { ReserveTokensCommand } from "./application/tokens/reserve_tokens.ts";
export type { SettleOutcome } from "./application/tokens/settle_reservation.ts";
export type { SpendingOutcome } from "./application/tokens/spend_from_ledger.ts";
export type { SpendTokensCommand } from "./application/tokens/spend_tokens.ts";
export type { LedgerReport } from "./application/tokens/verify_ledgers.ts";
export type { EmbeddedSettings } from "./composition/billing_settings.ts";
export {
  type CreateBillingOptions,
  createBilling,
  type EmbeddedBilling,
} from "./composition/create_billing.ts";
export type { AttentionItem, AttentionRecord } from "./domain/attention/attention_item.ts";
export type { Catalog, CatalogDefinition, Plan, PlanDefinition } from "./domain/catalog/catalog.ts";
export type { FieldChange } from "./domain/catalog/field_change.ts";
export type { BillingEvent, EventOutcome, EventState } from "./domain/events/billing_event.ts";
export type { AlertSettings } from "./domain/notifications/alert_settings.ts";
export {
  type AnyNotification,
  NOTIFICATION_TYPES,
  type Notification,
  type NotificationData,
  type NotificationType,
} from "./domain/notifications/notification.ts";
export type { DecideEmailMonths, EmailMonths } from "./domain/quota/email_months.ts";
export type { EmailPeriod } from "./domain/quota/email_periods.ts";
export type { EmailUsage, QuotaBasis } from "./domain/quota/email_quota.ts";
export type { AuditEntry, ChangeCause } from "./domain/subscription/account_change.ts";
export type { BillingAccount } from "./domain/subscription/billing_account.ts";
export type { BillingAlert } from "./domain/subscription/billing_alert.ts";
export type { Period } from "./domain/subscription/billing_period.ts";
export type { CustomerSnapshot } from "./domain/subscription/customer_snapshot.ts";
export type { EntitlementReason } from "./domain/subscription/entitlement.ts";
export type { InvoiceReversal, PaymentReversal } from "./domain/subscription/payment_reversal.ts";
export type { LedgerEntry, TokenBalance } from "./domain/tokens/token_ledger.ts";
export type { PackPurchase } from "./domain/tokens/token_pack.ts";
export type { TokenPeriod } from "./domain/tokens/token_periods.ts";
