import { Container, ContainerModule, type ServiceIdentifier } from "inversify";
import { AppendToLedger } from "./application/append_to_ledger.ts";
import { AuditedAccounts } from "./application/audited_accounts.ts";
import type { Billing } from "./application/billing.ts";
import { CheckReadiness } from "./application/check_readiness.ts";
import { CountEvents } from "./application/count_events.ts";
import type { EmailQuotaUseCases } from "./application/email_quota_use_cases.ts";
import { EndDuplicates } from "./application/end_duplicates.ts";
import { GrantMonthlyTokens } from "./application/grant_monthly_tokens.ts";
import { HandleDueEvents } from "./application/handle_due_events.ts";
import { HandleStripeEvent } from "./application/handle_stripe_event.ts";
import { ListAuditEntries } from "./application/list_audit_entries.ts";
import { ListEvents } from "./application/list_events.ts";
import type { PlanUseCases } from "./application/plan_use_cases.ts";
import type { AuditStore } from "./application/ports/audit_store.ts";
import type { BillingPayments } from "./application/ports/billing_payments.ts";
import type { BillingStore } from "./application/ports/billing_store.ts";
import type { CatalogPublisher } from "./application/ports/catalog_publisher.ts";
import type { CatalogStore } from "./application/ports/catalog_store.ts";
import type { Clock } from "./application/ports/clock.ts";
import type { EventInbox } from "./application/ports/event_inbox.ts";
import type { NoteChange } from "./application/ports/note_change.ts";
import type { PaymentGateway } from "./application/ports/payment_gateway.ts";
import type { RaiseAlert } from "./application/ports/raise_alert.ts";
import type { TokenLedgerStore } from "./application/ports/token_ledger_store.ts";
import type { TokenPackPayments } from "./application/ports/token_pack_payments.ts";
import type { TokenReservationStore } from "./application/ports/token_reservation_store.ts";
import type { WebhookVerifier } from "./application/ports/webhook_verifier.ts";
import { ProvideCustomer } from "./application/provide_customer.ts";
import { PurgeEvents } from "./application/purge_events.ts";
import { ReadEvent } from "./application/read_event.ts";
import { ReadSubscription } from "./application/read_subscription.ts";
import { ReceiveStripeEvent } from "./application/receive_stripe_event.ts";
import { ReplayEvent } from "./application/replay_event.ts";
import { SyncSubscription } from "./application/sync_subscription.ts";
import type { TokenUseCases } from "./application/token_use_cases.ts";
import type { BillingDependencies, BillingSettings } from "./billing_settings.ts";
import { runningCause } from "./running_cause.ts";
import { wireEmailQuota } from "./wire_email_quota.ts";
import { wirePlans } from "./wire_plans.ts";
import { wireReconciliation } from "./wire_reconciliation.ts";
import { wireTokens } from "./wire_tokens.ts";

/** The token of a port or use case; it carries the type, so wrong wiring does not compile. */
function port<T>(name: string): ServiceIdentifier<T> {
  return Symbol(name);
}

const STORE = port<BillingStore>("BillingStore");
const ACCOUNTS = port<AuditedAccounts>("AccountStore");
const LEDGER = port<TokenLedgerStore>("TokenLedgerStore");
const RESERVATIONS = port<TokenReservationStore>("TokenReservationStore");
const APPEND_TO_LEDGER = port<AppendToLedger>("AppendToLedger");
const PROVIDE_CUSTOMER = port<ProvideCustomer>("ProvideCustomer");
const INBOX = port<EventInbox>("EventInbox");
const CATALOG = port<CatalogStore>("CatalogStore");
const PAYMENTS = port<PaymentGateway>("PaymentGateway");
const PACK_PAYMENTS = port<TokenPackPayments>("TokenPackPayments");
const PUBLISHER = port<CatalogPublisher>("CatalogPublisher");
const VERIFIER = port<WebhookVerifier>("WebhookVerifier");
const CLOCK = port<Clock>("Clock");
const SETTINGS = port<BillingSettings>("BillingSettings");

const AUDIT = port<AuditStore>("AuditStore");
const RAISE_ALERT = port<RaiseAlert>("RaiseAlert");
const TOKENS = port<TokenUseCases>("TokenUseCases");
const PLANS = port<PlanUseCases>("PlanUseCases");
const USE_CASES: {
  readonly [K in Exclude<
    keyof Billing,
    keyof TokenUseCases | keyof PlanUseCases
  >]: ServiceIdentifier<Billing[K]>;
} = {
  listAuditEntries: port("ListAuditEntries"),
  reconcile: port("Reconcile"),
  readSubscription: port("ReadSubscription"),
  receiveStripeEvent: port("ReceiveStripeEvent"),
  handleStripeEvent: port("HandleStripeEvent"),
  handleDueEvents: port("HandleDueEvents"),
  listEvents: port("ListEvents"),
  readEvent: port("ReadEvent"),
  countEvents: port("CountEvents"),
  replayEvent: port("ReplayEvent"),
  purgeEvents: port("PurgeEvents"),
  syncSubscription: port("SyncSubscription"),
  grantMonthlyTokens: port("GrantMonthlyTokens"),
  checkReadiness: port("CheckReadiness"),
  consumeEmailQuota: port("ConsumeEmailQuota"),
  releaseEmailQuota: port("ReleaseEmailQuota"),
  readUsage: port("ReadUsage"),
  refreshEmailQuota: port("RefreshEmailQuota"),
};

/** Use cases over a store and a payment provider, with the end of both. */
export interface WiredBilling {
  readonly billing: Billing;
  /** Gives back what is reserved, and releases the store. */
  close(): Promise<void>;
}

/** Wires all use cases. Fails at once, not at the first request, when something is missing. */
export function wireBilling(dependencies: BillingDependencies): WiredBilling {
  const container = new Container({ defaultScope: "Singleton" });
  const { store, clock, settings } = dependencies;
  const { graceDays, emailQuota = {} } = settings;
  const quota = wireEmailQuota(store, { clock, graceDays, settings: emailQuota });
  container.load(
    storeModule(dependencies),
    quotaModule(quota.useCases),
    paymentsModule(dependencies.payments),
    surroundingsModule(dependencies),
    eventModule,
    inboxModule,
    useCaseModule,
  );
  container.get(STORE);
  const close = async () => {
    await quota.close();
    await container.unbindAllAsync();
  };
  return { billing: resolveAll(container), close };
}

function resolveAll(container: Container): Billing {
  const resolved = Object.fromEntries(
    Object.entries(USE_CASES).map(([name, token]) => [name, container.get<unknown>(token)]),
  );
  return { ...resolved, ...container.get(TOKENS), ...container.get(PLANS) } as unknown as Billing;
}

function storeModule({ store, clock }: BillingDependencies): ContainerModule {
  const { accounts, audit } = store;
  const audited = new AuditedAccounts({ accounts, audit, causes: runningCause, clock });
  return new ContainerModule(({ bind }) => {
    bind(STORE)
      .toConstantValue(store)
      .onDeactivation((opened) => opened.close());
    bind(ACCOUNTS).toConstantValue(audited);
    bind(AUDIT).toConstantValue(audit);
    bind(LEDGER).toConstantValue(store.ledger);
    bind(RESERVATIONS).toConstantValue(store.reservations);
    bind(INBOX).toConstantValue(store.inbox);
    bind(CATALOG).toConstantValue(store.catalog);
  });
}

function quotaModule(useCases: EmailQuotaUseCases): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(USE_CASES.consumeEmailQuota).toConstantValue(useCases.consumeEmailQuota);
    bind(USE_CASES.releaseEmailQuota).toConstantValue(useCases.releaseEmailQuota);
    bind(USE_CASES.readUsage).toConstantValue(useCases.readUsage);
    bind(USE_CASES.refreshEmailQuota).toConstantValue(useCases.refreshEmailQuota);
  });
}

function paymentsModule(payments: BillingPayments): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(PAYMENTS).toConstantValue(payments.gateway);
    bind(PACK_PAYMENTS).toConstantValue(payments.packs);
    bind(PUBLISHER).toConstantValue(payments.publisher);
    bind(VERIFIER).toConstantValue(payments.verifier);
  });
}

function surroundingsModule(dependencies: BillingDependencies): ContainerModule {
  const { clock, settings, raiseAlert = () => undefined } = dependencies;
  return new ContainerModule(({ bind }) => {
    bind(CLOCK).toConstantValue(clock);
    bind(SETTINGS).toConstantValue(settings);
    bind(RAISE_ALERT).toConstantValue(raiseAlert);
    bind(USE_CASES.reconcile).toResolvedValue(
      (refreshEmailQuota) => wireReconciliation(dependencies, { refreshEmailQuota }),
      [USE_CASES.refreshEmailQuota],
    );
  });
}

const eventModule = new ContainerModule(({ bind }) => {
  bind(USE_CASES.receiveStripeEvent).toResolvedValue(
    (verifier, inbox, clock) => new ReceiveStripeEvent({ verifier, inbox, clock }),
    [VERIFIER, INBOX, CLOCK],
  );
  bind(USE_CASES.handleStripeEvent).toResolvedValue(
    (inbox, accounts, gateway, packs, tokens, sync, grant, refreshEmailQuota, clock, settings) =>
      new HandleStripeEvent(
        {
          ...{ inbox, accounts, payments: gateway, packPayments: packs, clock },
          causes: runningCause,
          ...{ syncTokenPacks: tokens.syncTokenPacks, syncSubscription: sync },
          ...{ grantMonthlyTokens: grant, refreshEmailQuota },
        },
        {
          livemode: settings.livemode,
          retry: settings.eventRetry,
          leaseMs: settings.eventLeaseMs,
        },
      ),
    [
      INBOX,
      ACCOUNTS,
      PAYMENTS,
      PACK_PAYMENTS,
      TOKENS,
      USE_CASES.syncSubscription,
      USE_CASES.grantMonthlyTokens,
      USE_CASES.refreshEmailQuota,
      CLOCK,
      SETTINGS,
    ],
  );
  bind(USE_CASES.handleDueEvents).toResolvedValue(
    (inbox, handleStripeEvent, clock, settings) =>
      new HandleDueEvents(
        { inbox, handleStripeEvent, clock },
        { firstAttemptMs: settings.eventFirstAttemptMs, concurrency: settings.workerConcurrency },
      ),
    [INBOX, USE_CASES.handleStripeEvent, CLOCK, SETTINGS],
  );
});

const inboxModule = new ContainerModule(({ bind }) => {
  bind(USE_CASES.listAuditEntries).toResolvedValue(
    (accounts, audit) => new ListAuditEntries({ accounts, audit }),
    [ACCOUNTS, AUDIT],
  );
  bind(USE_CASES.listEvents).toResolvedValue((inbox) => new ListEvents({ inbox }), [INBOX]);
  bind(USE_CASES.readEvent).toResolvedValue((inbox) => new ReadEvent({ inbox }), [INBOX]);
  bind(USE_CASES.countEvents).toResolvedValue((inbox) => new CountEvents({ inbox }), [INBOX]);
  bind(USE_CASES.replayEvent).toResolvedValue(
    (inbox, handleStripeEvent, clock) => new ReplayEvent({ inbox, handleStripeEvent, clock }),
    [INBOX, USE_CASES.handleStripeEvent, CLOCK],
  );
  bind(USE_CASES.purgeEvents).toResolvedValue(
    (inbox, clock, settings) =>
      new PurgeEvents({ inbox, clock }, { retentionDays: settings.eventRetentionDays }),
    [INBOX, CLOCK, SETTINGS],
  );
});

const useCaseModule = new ContainerModule(({ bind }) => {
  bind(APPEND_TO_LEDGER).toResolvedValue((ledger) => new AppendToLedger({ ledger }), [LEDGER]);
  bind(TOKENS).toResolvedValue(
    (accounts, catalog, packPayments, provideCustomer, ledger, reservations, ...rest) => {
      const [appendToLedger, grantMonthlyTokens, clock, settings] = rest;
      return wireTokens({
        ...{ accounts, catalog, packPayments, provideCustomer, ledger, reservations },
        ...{ appendToLedger, grantMonthlyTokens, clock, settings },
      });
    },
    [
      ACCOUNTS,
      CATALOG,
      PACK_PAYMENTS,
      PROVIDE_CUSTOMER,
      LEDGER,
      RESERVATIONS,
      APPEND_TO_LEDGER,
      USE_CASES.grantMonthlyTokens,
      CLOCK,
      SETTINGS,
    ],
  );
  bind(PROVIDE_CUSTOMER).toResolvedValue(
    (accounts, payments) => new ProvideCustomer({ accounts, payments }),
    [ACCOUNTS, PAYMENTS],
  );
  bind(PLANS).toResolvedValue(
    (accounts, catalog, payments, publisher, syncSubscription, ...rest) => {
      const [provideCustomer, clock, settings] = rest;
      return wirePlans({
        ...{ accounts, catalog, payments, publisher, syncSubscription },
        ...{ provideCustomer, clock, settings },
      });
    },
    [
      ACCOUNTS,
      CATALOG,
      PAYMENTS,
      PUBLISHER,
      USE_CASES.syncSubscription,
      PROVIDE_CUSTOMER,
      CLOCK,
      SETTINGS,
    ],
  );
  bind(USE_CASES.readSubscription).toResolvedValue(
    (grantMonthlyTokens, readUsage, clock, settings) =>
      new ReadSubscription({ grantMonthlyTokens, readUsage, clock }, settings),
    [USE_CASES.grantMonthlyTokens, USE_CASES.readUsage, CLOCK, SETTINGS],
  );
  bind(USE_CASES.syncSubscription).toResolvedValue(
    (accounts, catalog, payments, raiseAlert, { duplicatePolicy = "cancel-and-refund" }) => {
      const noteChange: NoteChange = (note) => accounts.note(note);
      const ports = { payments, raiseAlert, noteChange };
      const endDuplicates = new EndDuplicates(ports, { duplicatePolicy });
      return new SyncSubscription({ accounts, catalog, payments, endDuplicates });
    },
    [ACCOUNTS, CATALOG, PAYMENTS, RAISE_ALERT, SETTINGS],
  );
  bind(USE_CASES.grantMonthlyTokens).toResolvedValue(
    (accounts, catalog, appendToLedger, clock, settings) =>
      new GrantMonthlyTokens({ accounts, catalog, appendToLedger, clock }, settings),
    [ACCOUNTS, CATALOG, APPEND_TO_LEDGER, CLOCK, SETTINGS],
  );
  bind(USE_CASES.checkReadiness).toResolvedValue((store) => new CheckReadiness({ store }), [STORE]);
});
