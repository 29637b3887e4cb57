import { HttpsWebhookSender } from "../adapters/webhooks/https_webhook_sender.ts";
import { AuditedAccounts } from "../application/audit/audited_accounts.ts";
import { inTurn } from "../application/in_turn.ts";
import { isClockTrusted } from "../application/installation/clock_state.ts";
import { RequestCounts } from "../application/limits/request_counts.ts";
import { Announcements } from "../application/notifications/announcements.ts";
import type { BillingPayments } from "../application/ports/billing_payments.ts";
import type { BillingPorts } from "../application/ports/billing_ports.ts";
import type { BillingStore } from "../application/ports/billing_store.ts";
import type { Clock, OtherClocks } from "../application/ports/clock.ts";
import type { WebhookVerifier } from "../application/ports/events/webhook_verifier.ts";
import type { HostHandlers } from "../application/ports/notifications/host_handlers.ts";
import type { WebhookSender } from "../application/ports/notifications/webhook_sender.ts";
import type { RaiseAlert } from "../application/ports/subscription/raise_alert.ts";
import { LedgerHeads } from "../application/tokens/ledger_heads.ts";
import { ledgerKeys } from "../domain/tokens/ledger_keys.ts";
import { fingerprint } from "../kit/fingerprint.ts";
import { hmacSha256, sha256 } from "../kit/hmac.ts";
import type { Observe } from "../kit/observe.ts";
import type { BillingSettings } from "./billing_settings.ts";
import { runningCause } from "./running_cause.ts";
import { usageWithLeases } from "./usage_with_leases.ts";

/** What the use cases are made from. */
export interface BillingDependencies {
  readonly store: BillingStore;
  readonly payments: BillingPayments;
  readonly clock: Clock;
  /** Clocks to compare `clock` with. Default: none; `clock` is trusted. */
  readonly otherClocks?: OtherClocks;
  readonly settings: BillingSettings;
  /** Called for each delivery with a valid signature. */
  readonly onEvent?: () => void;
  /** Called with what the operator should know at once. */
  readonly raiseAlert?: RaiseAlert | undefined;
  /** Handlers of notifications in this process. Default: none. */
  readonly hostHandlers?: HostHandlers;
  /** Default: by https, to public addresses unless the settings allow others. */
  readonly webhookSender?: WebhookSender;
  /** Looks at use cases, and at calls of the store and of Stripe. */
  readonly observe?: Observe | undefined;
}

const NO_HANDLERS: HostHandlers = { wanted: () => new Map(), handle: async () => undefined };

/** The ports, which can be closed. */
export interface ClosablePorts extends BillingPorts {
  readonly announcements: Announcements;
  readonly requestCounts: RequestCounts;
  /** Returns leased e-mails if the store can be reached, then closes the store. */
  close(): Promise<void>;
}

/** The ports over a store and a payment provider. */
export function billingPorts(dependencies: BillingDependencies): ClosablePorts {
  const { store, payments, clock, settings } = dependencies;
  const { otherClocks = {}, raiseAlert = () => undefined } = dependencies;
  const { audit, emailLeases: leases } = store;
  const causes = runningCause;
  const announcements = new Announcements();
  const { announce } = announcements;
  const records = store.accounts;
  const accounts = new AuditedAccounts({ accounts: records, audit, causes, clock, announce });
  const keys = ledgerKeys(
    settings.ledgerKeys.map((key) => key.reveal()),
    hmacSha256,
    sha256,
  );
  const heads = new LedgerHeads({ ...store, ledgerKeys: keys });
  const requestCounts = new RequestCounts({ store: store.requestCounts, nameOf: fingerprint });
  const leased = settings.quotaLeases ? usageWithLeases(store, clock, settings) : null;
  return {
    store,
    accounts,
    records,
    audit,
    attention: store.attention,
    ledger: store.ledger,
    ledgerTurns: inTurn(),
    ledgerHeads: store.ledgerHeads,
    ledgerKeys: keys,
    followHead: heads.follow,
    reservations: store.reservations,
    topUps: store.topUps,
    inbox: store.inbox,
    catalog: store.catalog,
    usage: leased?.usage ?? store.emailUsage,
    leases,
    notificationRecords: store.notificationRecords,
    deliveries: store.deliveries,
    webhookSender:
      dependencies.webhookSender ??
      new HttpsWebhookSender({ privateAddresses: settings.webhooksToPrivateAddresses }),
    hostHandlers: dependencies.hostHandlers ?? NO_HANDLERS,
    announce,
    announcements,
    requestCounts,
    payments: payments.gateway,
    snapshots: payments.snapshots,
    packPayments: payments.packs,
    invoices: payments.invoices,
    publisher: payments.publisher,
    verifier: heardVerifier(payments.verifier, dependencies.onEvent),
    background: (signal) => payments.background(signal),
    noteChange: (note) => accounts.note(note),
    causes,
    raiseAlert,
    clock,
    otherClocks,
    isClockTrusted: () => isClockTrusted(clock, otherClocks),
    close: async () => {
      await requestCounts.stop();
      await leased?.close();
      await heads.settle();
      await store.close();
    },
  };
}

function heardVerifier(
  verifier: WebhookVerifier,
  onEvent: () => void = () => undefined,
): WebhookVerifier {
  return {
    mayBeGenuine: (signature) => verifier.mayBeGenuine(signature),
    verify: async (rawBody, signature) => {
      const event = await verifier.verify(rawBody, signature);
      if (event !== undefined) {
        onEvent();
      }
      return event;
    },
  };
}
