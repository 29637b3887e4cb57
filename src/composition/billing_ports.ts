import { AuditedAccounts } from "../application/audit/audited_accounts.ts";
import type { AuditStore } from "../application/ports/audit/audit_store.ts";
import type { CauseScope } from "../application/ports/audit/cause_scope.ts";
import type { NoteChange } from "../application/ports/audit/note_change.ts";
import type { BillingStore } from "../application/ports/billing_store.ts";
import type { CatalogPublisher } from "../application/ports/catalog/catalog_publisher.ts";
import type { CatalogStore } from "../application/ports/catalog/catalog_store.ts";
import type { Clock } from "../application/ports/clock.ts";
import type { EventInbox } from "../application/ports/events/event_inbox.ts";
import type { WebhookVerifier } from "../application/ports/events/webhook_verifier.ts";
import type {
  AccountRecordStore,
  AccountStore,
} from "../application/ports/subscription/account_store.ts";
import type { InvoiceHistory } from "../application/ports/subscription/invoice_history.ts";
import type { PaymentGateway } from "../application/ports/subscription/payment_gateway.ts";
import type { BackgroundPayments } from "../application/ports/subscription/payment_records.ts";
import type { RaiseAlert } from "../application/ports/subscription/raise_alert.ts";
import type { TokenLedgerStore } from "../application/ports/tokens/token_ledger_store.ts";
import type { TokenPackPayments } from "../application/ports/tokens/token_pack_payments.ts";
import type { TokenReservationStore } from "../application/ports/tokens/token_reservation_store.ts";
import type { BillingDependencies, BillingSettings } from "./billing_settings.ts";
import { runningCause } from "./running_cause.ts";

/** All that use cases work with, by the names that they have for it. */
export interface BillingPorts {
  readonly store: BillingStore;
  /** Every change of them leaves an entry in the audit trail (P38). */
  readonly accounts: AccountStore;
  /** The accounts as they are stored. */
  readonly records: AccountRecordStore;
  readonly audit: AuditStore;
  readonly ledger: TokenLedgerStore;
  readonly reservations: TokenReservationStore;
  readonly inbox: EventInbox;
  readonly catalog: CatalogStore;
  readonly payments: PaymentGateway;
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
  readonly settings: BillingSettings;
}

/** The ports over a store and a payment provider. */
export function billingPorts(dependencies: BillingDependencies): BillingPorts {
  const { store, payments, clock, settings, raiseAlert = () => undefined } = dependencies;
  const { audit, ledger, reservations, inbox, catalog } = store;
  const causes = runningCause;
  const accounts = new AuditedAccounts({ accounts: store.accounts, audit, causes, clock });
  return {
    ...{ store, accounts, records: store.accounts, audit, ledger, reservations, inbox, catalog },
    payments: payments.gateway,
    packPayments: payments.packs,
    invoices: payments.invoices,
    publisher: payments.publisher,
    verifier: payments.verifier,
    background: (signal) => payments.background(signal),
    noteChange: (note) => accounts.note(note),
    ...{ causes, raiseAlert, clock, settings },
  };
}
