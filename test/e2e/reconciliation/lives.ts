import type { Stripe } from "stripe";
import { type Sandbox, startSandbox } from "../../../sandbox/mod.ts";
import { SeededRandom } from "../../../sandbox/webhooks/random.ts";
import { readCatalogFile } from "../../../src/adapters/catalog_file/catalog_file.ts";
import type { BillingAccount } from "../../../src/domain/subscription/billing_account.ts";
import type { TestService } from "../../rig/service_rig.ts";
import { payAllOnPages } from "../../sandbox/hosted_invoice.ts";
import { clientOf } from "../../sandbox/rig.ts";
import { Browser } from "../browser.ts";
import { startTwin } from "./twin_service.ts";

const START_OF_TIME = Date.parse("2026-01-29T10:00:00Z");
const GOOD_CARD = "4242424242424242";
const FAILS_LATER = "4000000000000341";

/** What happens in lives, by how often it is tried. */
const DEEDS = [
  "plan",
  "plan",
  "plan",
  "cancel",
  "end",
  "resume",
  "resume",
  "pack",
  "refund",
  "rest",
] as const;
type Deed = (typeof DEEDS)[number];

/** Tenants that have lived a while at a sandbox, and a service that has heard everything of it. */
export interface Lives {
  readonly sandbox: Sandbox;
  readonly stripe: Stripe;
  readonly twin: TestService;
  readonly tenants: readonly string[];
  /** Accounts as they were when their tenants had been sent to their first Checkout. */
  readonly beginnings: ReadonlyMap<string, BillingAccount>;
  /** How often each deed was done. */
  readonly done: Readonly<Record<string, number>>;
  control(path: string, body?: object): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Lets tenants live through some months. Everything follows from the seed. */
export async function live({
  count,
  rounds,
  seed,
}: {
  count: number;
  rounds: number;
  seed: number;
}): Promise<Lives> {
  const sandbox = await startSandbox({ port: 0, now: () => START_OF_TIME, retryDelaysMs: [5, 50] });
  const twin = await startTwin(sandbox);
  await twin.billing.syncCatalog.execute(await readCatalogFile("plans.json"));
  const story = new Story(sandbox, twin, new SeededRandom(seed));
  const tenants = Array.from({ length: count }, (_, index) => `cllived${1_000 + index}`);
  for (let round = 0; round < rounds; round += 1) {
    for (const tenantId of tenants) {
      await story.go(tenantId, round === 0 ? "plan" : story.random.pick(DEEDS));
    }
    await sandbox.settled();
    await story.control("/clock", { advanceHours: 24 + Math.floor(story.random.next() * 24 * 40) });
    await sandbox.settled();
  }
  await story.untilPastDue(tenants);
  for (const tenantId of tenants) {
    await twin.billing.readSubscription.execute({ tenantId });
  }
  return {
    sandbox,
    twin,
    tenants,
    stripe: story.stripe,
    beginnings: story.beginnings,
    done: Object.fromEntries(story.done),
    control: (path, body) => story.control(path, body),
    close: async () => {
      await twin.close();
      await sandbox.close();
    },
  };
}

class Story {
  readonly random: Picker;
  readonly stripe: Stripe;
  readonly beginnings = new Map<string, BillingAccount>();
  readonly done = new Map<string, number>();
  readonly #sandbox: Sandbox;
  readonly #twin: TestService;
  readonly #packs = new Map<string, string>();
  readonly #urls: { readonly successUrl: string; readonly cancelUrl: string };

  constructor(sandbox: Sandbox, twin: TestService, random: SeededRandom) {
    this.#sandbox = sandbox;
    this.#urls = { successUrl: `${sandbox.url}/`, cancelUrl: `${sandbox.url}/` };
    this.#twin = twin;
    this.random = new Picker(random);
    this.stripe = clientOf(sandbox);
  }

  async control(path: string, body: object = {}): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.#sandbox.url}/_sandbox${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Record<string, unknown>;
  }

  /** Stripe takes no end of a subscription that a schedule manages. */
  async #releaseSchedule(subscriptionId: string): Promise<void> {
    const { schedule } = await this.stripe.subscriptions.retrieve(subscriptionId);
    if (schedule !== null) {
      await this.stripe.subscriptionSchedules.release(String(schedule));
    }
  }

  async go(tenantId: string, deed: Deed): Promise<void> {
    const account = await this.#twin.fixture.store.accounts.find(tenantId);
    const { id, status = "canceled", cancelAt } = account?.subscription ?? {};
    const isLive = id !== undefined && !["canceled", "incomplete_expired"].includes(status);
    switch (deed) {
      case "plan":
        return await this.#choosePlan(tenantId);
      case "pack":
        return await this.#buyPack(tenantId);
      case "refund":
        return await this.#returnPack(tenantId);
      case "cancel":
      case "resume": {
        const wanted = deed === "cancel";
        if (isLive && wanted === (cancelAt === null)) {
          await this.#releaseSchedule(id);
          await this.stripe.subscriptions.update(id, { cancel_at_period_end: wanted });
          this.#note(deed);
        }
        return;
      }
      case "end":
        if (isLive && this.random.pick([true, false, false])) {
          await this.stripe.subscriptions.cancel(id);
          this.#note(deed);
        }
        return;
      case "rest":
        return;
      default:
        deed satisfies never;
    }
  }

  /** Lets days pass until renewals have just failed. */
  async untilPastDue(tenants: readonly string[]): Promise<void> {
    for (let day = 0; day < 40; day += 1) {
      const accounts = await Promise.all(
        tenants.map((id) => this.#twin.fixture.store.accounts.find(id)),
      );
      const owing = accounts.filter((account) => account?.subscription?.status === "past_due");
      if (owing.length >= 2) {
        return;
      }
      await this.control("/clock", { advanceHours: 24 });
      await this.#sandbox.settled();
    }
  }

  async #choosePlan(tenantId: string): Promise<void> {
    const planSlug = this.random.pick(["starter", "pro", "business"] as const);
    const interval = this.random.pick(["month", "month", "month", "year"] as const);
    const wish = { tenantId, planSlug, interval, ...this.#urls };
    const outcome = await this.#twin.billing.startCheckout.execute(wish);
    const account = await this.#twin.fixture.store.accounts.find(tenantId);
    if (account !== undefined && !this.beginnings.has(tenantId)) {
      this.beginnings.set(tenantId, account);
    }
    if (outcome.type === "started") {
      const card = this.random.pick([GOOD_CARD, FAILS_LATER]);
      await this.control(`/checkout/${outcome.url.split("/").at(-1)}/complete`, { card });
      this.#note("purchase");
    } else if (outcome.type === "portal" && outcome.purpose === "confirm_change") {
      await this.#atPortal(outcome.url, "Confirm");
      this.#note(outcome.change?.effective === "now" ? "upgrade" : "downgrade");
    } else if (outcome.type === "portal" && outcome.purpose === "pay_invoice") {
      await payAllOnPages(this.stripe, { customer: String(account?.customerId) });
      this.#note("recovery");
    }
  }

  async #atPortal(url: string, button: string, fields: Record<string, string> = {}) {
    const browser = new Browser();
    await browser.open(url);
    await browser.press(button, fields);
  }

  async #buyPack(tenantId: string): Promise<void> {
    const packSlug = this.random.pick(["starter", "growth"] as const);
    const wish = { tenantId, packSlug, ...this.#urls };
    const outcome = await this.#twin.billing.startPackCheckout.execute(wish);
    const session = outcome.type === "started" ? (outcome.url.split("/").at(-1) ?? "") : "";
    const payment = this.random.pick([{ card: GOOD_CARD }, { method: "bank_debit" }]);
    await this.control(`/checkout/${session}/complete`, payment);
    this.#packs.set(tenantId, session);
    this.#note("pack");
  }

  async #returnPack(tenantId: string): Promise<void> {
    const id = this.#packs.get(tenantId) ?? "";
    const session = id === "" ? null : await this.stripe.checkout.sessions.retrieve(id);
    if (session?.payment_status !== "paid") {
      return;
    }
    this.#packs.delete(tenantId);
    if (this.random.pick([true, false])) {
      await this.control(`/checkout/${id}/dispute`);
      this.#note("dispute");
    } else {
      await this.stripe.refunds.create({
        payment_intent: String(session.payment_intent),
        amount: 200,
      });
      this.#note("refund");
    }
  }

  #note(what: string): void {
    this.done.set(what, (this.done.get(what) ?? 0) + 1);
  }
}

class Picker {
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  next(): number {
    return this.#random.next();
  }

  pick<T>(choices: readonly T[]): T {
    const chosen = choices[Math.floor(this.#random.next() * choices.length)];
    if (chosen === undefined) {
      throw new TypeError("Cannot pick: there is nothing to pick from");
    }
    return chosen;
  }
}
