import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import type { Billing } from "../../src/application/billing.ts";
import type { BillingPayments } from "../../src/application/ports/billing_payments.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import type { Clock, OtherClocks } from "../../src/application/ports/clock.ts";
import type { WebhookVerifier } from "../../src/application/ports/events/webhook_verifier.ts";
import type { HostHandlers } from "../../src/application/ports/notifications/host_handlers.ts";
import type { WebhookSender } from "../../src/application/ports/notifications/webhook_sender.ts";
import type { MovableStore } from "../../src/application/ports/store_transfer.ts";
import type { RaiseAlert } from "../../src/application/ports/subscription/raise_alert.ts";
import { type BillingSettings, billingSettings } from "../../src/composition/billing_settings.ts";
import { type ComposedBilling, composeBilling } from "../../src/composition/container.ts";
import type { Catalog } from "../../src/domain/catalog/catalog.ts";
import type { BillingEvent } from "../../src/domain/events/billing_event.ts";
import {
  type AccountRecord,
  type BillingAccount,
  newAccount,
} from "../../src/domain/subscription/billing_account.ts";
import type { LedgerEntry } from "../../src/domain/tokens/token_ledger.ts";
import { TENANT } from "../samples/account.ts";
import { sampleCatalog } from "../samples/catalog.ts";
import { at } from "../samples/dates.ts";
import { sampleEvent } from "../samples/events.ts";
import { sampleInvoice, sampleSubscription } from "../samples/subscription.ts";
import { ScriptedInvoices } from "./scripted_invoices.ts";
import { ScriptedPacks } from "./scripted_packs.ts";
import { ScriptedPayments } from "./scripted_payments.ts";
import { ScriptedPublisher } from "./scripted_publisher.ts";
import { ScriptedRecords } from "./scripted_records.ts";
import { SILENT_CLOCK } from "./silent_clock.ts";
import { useFresh } from "./use_fresh.ts";

/** The settings of the fixture. */
export const SETTINGS: BillingSettings = billingSettings({
  livemode: false,
  dashboardUrl: "https://app.example.com/dashboard/billing",
  eventMaxAttempts: 3,
  eventRetryMaxMs: 60_000,
  eventLeaseSeconds: 30,
  eventFirstAttemptSeconds: 10,
  eventRequestsPerSecond: 10_000,
  workerConcurrency: 4,
});

/** Everything that the fixture wires; a test replaces what it wants to disturb. */
export interface FixtureParts {
  readonly store: BillingStore;
  readonly payments: Partial<BillingPayments>;
  readonly settings: BillingSettings;
  readonly raiseAlert: RaiseAlert;
  readonly clock: Clock;
  readonly otherClocks: OtherClocks;
  readonly webhookSender: WebhookSender;
  readonly hostHandlers: HostHandlers;
}

/** Takes a body for an event's id, and the signature at its word. */
const trusting: WebhookVerifier = {
  mayBeGenuine: () => true,
  verify: async (rawBody, signature) =>
    signature === "genuine" ? sampleEvent({ id: new TextDecoder().decode(rawBody) }) : undefined,
};

/** A fixture that is opened anew before each test and closed after it. */
export function useBilling(options: { catalog?: Catalog | null } = {}): BillingFixture {
  return useFresh(() => BillingFixture.open(options));
}

/** The use cases over a store, a scripted provider and a clock that stands. */
export class BillingFixture {
  readonly store: MovableStore;
  readonly payments = new ScriptedPayments();
  readonly packs = new ScriptedPacks();
  readonly invoices = new ScriptedInvoices();
  readonly records = new ScriptedRecords();
  readonly publisher = new ScriptedPublisher();
  now = at("2026-03-15T12:00:00Z");
  readonly billing: Billing;

  /** @param store default: SQLite in memory */
  constructor(store: MovableStore = openSqliteStore(":memory:")) {
    this.store = store;
    this.billing = this.process();
  }

  /** A fixture with the sample catalogue in force and the tenant's customer at the provider. */
  static async open({ catalog }: { catalog?: Catalog | null } = {}): Promise<BillingFixture> {
    const fixture = new BillingFixture();
    const inForce = catalog === undefined ? sampleCatalog() : catalog;
    if (inForce !== null) {
      await fixture.store.catalog.save({ ...inForce, revision: 0 });
    }
    return fixture;
  }

  /** The use cases of one more process over the same store and provider. */
  process(parts: Partial<FixtureParts> = {}): Billing {
    return this.compose(parts).billing;
  }

  /** Like `process`, for tests that end it. */
  compose(parts: Partial<FixtureParts> = {}): ComposedBilling {
    return composeBilling({
      store: parts.store ?? this.store,
      payments: {
        gateway: this.payments,
        snapshots: this.payments,
        packs: this.packs,
        invoices: this.invoices,
        publisher: this.publisher,
        verifier: trusting,
        clock: SILENT_CLOCK,
        background: () => ({
          gateway: this.payments,
          snapshots: this.payments,
          packs: this.packs,
          records: this.records,
        }),
        ...parts.payments,
      },
      clock: parts.clock ?? (() => this.now),
      ...(parts.otherClocks && { otherClocks: parts.otherClocks }),
      ...(parts.webhookSender && { webhookSender: parts.webhookSender }),
      ...(parts.hostHandlers && { hostHandlers: parts.hostHandlers }),
      settings: parts.settings ?? SETTINGS,
      raiseAlert: parts.raiseAlert,
    });
  }

  /** Gives the tenant a customer, here and at the provider. */
  async addCustomer(customerId = "cus_one", tenantId = TENANT): Promise<void> {
    this.payments.customers.set(customerId, { tenantId, deleted: false });
    await this.save({ customerId, knownSince: this.now, lookedAt: this.now }, tenantId);
  }

  /** Adds a customer who has paid for the plan pro at the provider, which nobody has told us. */
  async addSubscriber(): Promise<void> {
    await this.addCustomer();
    this.payments.setTruth("cus_one", {
      subscriptions: [sampleSubscription()],
      invoices: [sampleInvoice()],
    });
  }

  /** Changes the tenant's stored account. */
  async save(changes: Partial<AccountRecord>, tenantId = TENANT): Promise<void> {
    const found = await this.store.accounts.find(tenantId);
    const base = found ?? newAccount(tenantId);
    const outcome = await this.store.accounts.save({ ...base, ...changes });
    if (outcome !== "saved") {
      throw new Error(`Cannot prepare the account of "${tenantId}": ${outcome}`);
    }
  }

  /** The tenant's stored account, without what led to it. */
  async account(tenantId = TENANT): Promise<BillingAccount | undefined> {
    const found = await this.store.accounts.find(tenantId);
    if (found === undefined) {
      return undefined;
    }
    const { lastChange: _, ...account } = found;
    return account;
  }

  /** The tenant's ledger, oldest entry first. */
  async ledger(tenantId = TENANT): Promise<readonly LedgerEntry[]> {
    return (await this.store.ledger.list(tenantId, { limit: 1_000 })).toReversed();
  }

  /** Stores an event as a verified delivery does. */
  async receive(changes: Partial<BillingEvent> = {}): Promise<string> {
    const event = sampleEvent(changes);
    await this.store.inbox.receive(event, this.now);
    return event.id;
  }

  /** Moves the clock forward. */
  advance(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }

  /** Releases the database. */
  async close(): Promise<void> {
    await this.store.close();
  }
}
