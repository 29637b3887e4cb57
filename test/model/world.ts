import { Stripe } from "stripe";
import { Account } from "../../sandbox/account.ts";
import { cloneState } from "../../sandbox/state/clone_state.ts";
import { emptyState, type State } from "../../sandbox/state/state.ts";
import type { WireEvent } from "../../sandbox/state/wire.ts";
import { SeededRandom } from "../../sandbox/webhooks/random.ts";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import { StripeCatalogPublisher } from "../../src/adapters/stripe/catalog/stripe_catalog_publisher.ts";
import { StripeWebhookVerifier } from "../../src/adapters/stripe/events/stripe_webhook_verifier.ts";
import { StripePaymentRecords } from "../../src/adapters/stripe/records/stripe_payment_records.ts";
import { StripePaymentGateway } from "../../src/adapters/stripe/stripe_payment_gateway.ts";
import { PriceRegister } from "../../src/adapters/stripe/subscription/price_register.ts";
import { StripeCustomerSnapshots } from "../../src/adapters/stripe/subscription/stripe_customer_snapshots.ts";
import { StripeInvoiceHistory } from "../../src/adapters/stripe/subscription/stripe_invoice_history.ts";
import { StripeTokenPackPayments } from "../../src/adapters/stripe/tokens/stripe_token_pack_payments.ts";
import type { BillingPayments } from "../../src/application/ports/billing_payments.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import { PortError } from "../../src/application/ports/port_error.ts";
import type { Catalog } from "../../src/domain/catalog/catalog.ts";
import { createBilling, type EmbeddedBilling } from "../../src/mod.ts";
import { SILENT_CLOCK } from "../rig/silent_clock.ts";
import { withoutChance } from "./chance.ts";
import { Disturbance, ProcessGone } from "./disturbance.ts";
import { inProcessStripe } from "./in_process_stripe.ts";
import type { Sabotage } from "./sabotage.ts";
import { Tally } from "./tally.ts";

/** Every history begins here. */
export const BEGINNING = Date.parse("2026-01-28T09:00:00Z");

export const TENANTS = ["clmodel0001", "clmodel0002"] as const;

/** Where Checkout and the Portal return to. */
export const RETURN = {
  successUrl: "https://app.example.com/done",
  cancelUrl: "https://app.example.com/plans",
};

const SECRET = "whsec_model";
const LEASE_MS = 60_000;
const DAY_MS = 86_400_000;
const SETTINGS = {
  livemode: false,
  ledgerKeys: [],
  dashboardUrl: "https://app.example.com/billing",
  eventMaxAttempts: 1_000,
  eventRetryBaseMs: 1_000,
  eventRetryMaxMs: 30_000,
  eventLeaseSeconds: LEASE_MS / 1_000,
};

/** Plans at the provider and in the store, made once for all histories. */
export interface Template {
  readonly state: State;
  readonly catalog: Catalog;
  /** Opens an empty store; default: SQLite in memory. */
  readonly openStore?: () => Promise<BillingStore>;
  /** Called when the weather gets bad, after the beginning, and good, before the end. */
  readonly onWeather?: (isBad: boolean) => void;
  /** Called with a world in which nothing has happened yet. */
  readonly onBegin?: (world: World) => void;
  /** Breaks the store, to see whether it is noticed. */
  readonly sabotage?: Sabotage;
}

interface Process {
  billing: EmbeddedBilling;
  generation: number;
}

/** The provider, two processes of the service over one store, and the mail between them. */
export class World {
  readonly provider: Account;
  readonly store: BillingStore;
  readonly random: SeededRandom;
  readonly disturbance: Disturbance;
  readonly tally = new Tally();
  /** Events that the provider has sent and nobody has answered with 2xx yet. */
  readonly mail: WireEvent[] = [];
  /** How far the clock of each process is ahead, in milliseconds. */
  readonly #skewMs = [0, 0];
  readonly #processes: Process[] = [];
  readonly #running = new Set<Promise<unknown>>();

  private constructor(store: BillingStore, state: State, seed: number) {
    this.store = store;
    this.random = new SeededRandom(seed);
    this.disturbance = new Disturbance(this.random, this.tally);
    this.provider = new Account({
      state,
      now: () => BEGINNING,
      deliver: (events) => this.mail.push(...events),
    });
    this.provider.baseUrl = "https://stripe.example.com";
    for (const index of [0, 1]) {
      this.#processes.push({ billing: this.#start(index, 0), generation: 0 });
    }
  }

  /** A world in which plans are on offer and nothing has happened. */
  static async begin(template: Template, seed: number): Promise<World> {
    const { openStore = async () => openSqliteStore(":memory:"), sabotage } = template;
    const store = await openStore();
    const spoilt = sabotage?.spoil(store) ?? store;
    const world = new World(spoilt, cloneState(template.state), seed);
    await world.store.catalog.save({ ...template.catalog, revision: 0 });
    template.onBegin?.(world);
    return world;
  }

  /** Publishes plans at an empty provider. */
  static prepare(plans: Parameters<EmbeddedBilling["syncCatalog"]["execute"]>[0]) {
    return withoutChance(1, async (): Promise<Template> => {
      const world = new World(openSqliteStore(":memory:"), emptyState(), 1);
      await world.process(0).syncCatalog.execute(plans);
      const catalog = await world.store.catalog.read();
      if (catalog === undefined) {
        throw new TypeError("Cannot prepare the model: the plans were not published");
      }
      await world.store.close();
      return { state: cloneState(world.provider.state), catalog };
    });
  }

  /** The use cases of a process. */
  process(index: number): EmbeddedBilling {
    const found = this.#processes[index % this.#processes.length];
    if (found === undefined) {
      throw new TypeError("Cannot use a process: there is none");
    }
    return found.billing;
  }

  get now(): Date {
    return new Date(this.provider.nowMs());
  }

  /** Sets the clock of a process: it is so far ahead of the provider's from now on. */
  setClock(index: number, aheadMs: number): void {
    const isBack = aheadMs < (this.#skewMs[index] ?? 0);
    this.tally.count("clock stepped back", isBack ? 1 : 0);
    this.#skewMs[index] = aheadMs;
  }

  /** Ends a process at once, whatever it has in hand, and starts it again. */
  crash(index: number): void {
    const found = this.#processes[index % this.#processes.length];
    if (found !== undefined) {
      found.generation += 1;
      found.billing = this.#start(index % this.#processes.length, found.generation);
    }
  }

  /** Hands an event over as the provider does; it stays in the mail until somebody took it. */
  async deliver(event: WireEvent, processIndex: number): Promise<void> {
    const billing = this.process(processIndex);
    const payload = JSON.stringify(event);
    const timestamp = Math.floor(this.now.getTime() / 1000);
    const sign = Stripe.webhooks.generateTestHeaderStringAsync;
    const signature = await sign.call(Stripe.webhooks, { payload, secret: SECRET, timestamp });
    const rawBody = new TextEncoder().encode(payload);
    await tolerant(async () => {
      const received = await billing.receiveStripeEvent.execute({ rawBody, signature });
      if (received.type !== "stored") {
        throw new TypeError(`Cannot deliver ${event.id}: it was refused`);
      }
      this.#taken(event);
      await billing.handleStripeEvent.execute({ eventId: event.id });
    });
  }

  /** Lets something go on beside what follows. */
  beside(work: Promise<unknown>): Promise<unknown> {
    const running = work.finally(() => this.#running.delete(running));
    this.#running.add(running);
    running.catch(() => undefined);
    return running;
  }

  /** Waits for what goes on. */
  async quiet(): Promise<void> {
    await Promise.all(this.#running);
  }

  #taken(event: WireEvent): void {
    const index = this.mail.indexOf(event);
    const isLate = this.provider.nowMs() - event.created * 1_000 > DAY_MS;
    this.tally.count("event delivered");
    this.tally.count("event delivered again", index < 0 ? 1 : 0);
    this.tally.count("event delivered before an older one", index > 0 ? 1 : 0);
    this.tally.count("event delivered a day late", isLate ? 1 : 0);
    if (index >= 0) {
      this.mail.splice(index, 1);
    }
  }

  #start(index: number, generation: number): EmbeddedBilling {
    const isGone = () => (this.#processes[index]?.generation ?? generation) !== generation;
    return createBilling({
      store: this.disturbance.store(this.store, isGone),
      payments: this.payments(isGone),
      clock: () => new Date(+this.now + (this.#skewMs[index] ?? 0)),
      workersElsewhere: true,
      settings: SETTINGS,
    });
  }

  /** The provider in the weather that is, to a process that may be gone. */
  payments(isGone = () => false): BillingPayments {
    const stripe = inProcessStripe(this.provider, this.disturbance.weather(isGone));
    const clock = () => this.now;
    const gateway = new StripePaymentGateway(stripe);
    const snapshots = new StripeCustomerSnapshots(stripe, new PriceRegister());
    const packs = new StripeTokenPackPayments(stripe);
    return {
      gateway,
      snapshots,
      packs,
      invoices: new StripeInvoiceHistory(stripe),
      publisher: new StripeCatalogPublisher(stripe),
      verifier: new StripeWebhookVerifier({ secrets: [SECRET], toleranceSeconds: 300, clock }),
      clock: SILENT_CLOCK,
      background: () => ({
        gateway,
        snapshots,
        packs,
        records: new StripePaymentRecords(stripe, new PriceRegister()),
      }),
    };
  }
}

/** Does something whose dependencies may fail; any other failure is a bug and goes on. */
export async function tolerant<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PortError || error instanceof ProcessGone) {
      return undefined;
    }
    throw error;
  }
}
