import { expect } from "chai";
import type { Stripe } from "stripe";
import { readCatalogFile } from "../../../src/adapters/catalog_file/catalog_file.ts";
import type { BillingAccount } from "../../../src/domain/subscription/billing_account.ts";
import { NO_STANDING } from "../../../src/domain/subscription/standing.ts";
import { withoutChance } from "../chance.ts";
import { GOOD_WEATHER } from "../disturbance.ts";
import type { Step } from "../history.ts";
import { inProcessStripe } from "../in_process_stripe.ts";
import { live } from "../live.ts";
import { TENANTS, type Template, World } from "../world.ts";

const [CHANGED, OTHER] = TENANTS;
const GOOD = "4242424242424242";
const FAILS_LATER = "4000000000000341";
const FAILING_IBAN = "DE62370400440532013001";
const DAY = 24;

/** What a test may use. */
interface Scene {
  readonly world: World;
  readonly stripe: Stripe;
  readonly customer: string;
  readonly subscription: Stripe.Subscription;
  live(...steps: Step[]): Promise<void>;
}

type Cause = (scene: Scene) => Promise<unknown>;

const ofFirst = (step: object) => ({ who: 0, ...step }) as Step;

/** Everything that can happen to a tenant at the provider without our hearing of it. */
const AT_PROVIDER: Readonly<Record<string, Cause>> = {
  "a cancellation at the period's end": ({ live }) =>
    live(ofFirst({ do: "cancel", how: "at_period_end" })),
  "a cancellation in the Portal": ({ live }) => live(ofFirst({ do: "cancel", how: "portal" })),
  "a cancellation at once": ({ live }) => live(ofFirst({ do: "cancel", how: "now" })),
  "an upgrade": ({ live }) =>
    live(ofFirst({ do: "change", plan: "business", interval: "month", how: "always_invoice" })),
  "a change without an invoice": ({ live }) =>
    live(ofFirst({ do: "change", plan: "business", interval: "month", how: "none" })),
  "a change that waits for the next invoice": ({ live }) =>
    live(ofFirst({ do: "change", plan: "business", interval: "month", how: "create_prorations" })),
  "a scheduled change": ({ live }) => live(ofFirst({ do: "schedule", plan: "starter" })),
  "another card": ({ live }) => live(ofFirst({ do: "card", card: "5555555555554444" })),
  "a pack": ({ live }) => live(ofFirst({ do: "pack", pack: "growth" })),
  "a refund": ({ live }) => live(ofFirst({ do: "refund", pick: 0, percent: 50 })),
  "a dispute": ({ live }) => live(ofFirst({ do: "dispute", pick: 0, inquiry: false })),
  "a customer deleted": ({ live }) => live(ofFirst({ do: "delete" })),
  "another quantity": ({ stripe, subscription }) =>
    stripe.subscriptions.update(subscription.id, {
      items: [{ id: subscription.items.data[0]?.id ?? "", quantity: 2 }],
      proration_behavior: "none",
    }),
  "a pause": ({ stripe, subscription }) =>
    stripe.subscriptions.update(subscription.id, { pause_collection: { behavior: "void" } }),
  "metadata taken away": ({ stripe, subscription }) =>
    stripe.subscriptions.update(subscription.id, { metadata: { tenantId: "" } }),
  "a coupon": async ({ stripe, subscription }) => {
    const { id } = await stripe.coupons.create({ percent_off: 20, duration: "forever" });
    return await stripe.subscriptions.update(subscription.id, { discounts: [{ coupon: id }] });
  },
  "money on the balance": ({ stripe, customer }) =>
    stripe.customers.createBalanceTransaction(customer, { amount: -500, currency: "eur" }),
  "a second subscription by hand": async ({ stripe, customer, subscription }) =>
    await stripe.subscriptions.create({
      customer,
      items: [{ price: subscription.items.data[0]?.price.id ?? "" }],
      metadata: { tenantId: CHANGED },
      default_payment_method: String(subscription.default_payment_method),
    }),
  "an invoice by hand": (scene) => billByHand(scene),
  "an invoice by hand that is paid": async (scene) =>
    await scene.stripe.invoices.pay(await billByHand(scene), {
      payment_method: String(scene.subscription.default_payment_method),
    }),
};

/** Bills something beside the subscription; returns the open invoice. */
async function billByHand({ stripe, customer, subscription }: Scene): Promise<string> {
  const { id = "" } = await stripe.invoices.create({ customer, auto_advance: false });
  const { currency } = subscription;
  await stripe.invoiceItems.create({ customer, invoice: id, amount: 900, currency });
  await stripe.invoices.finalizeInvoice(id);
  return id;
}

/** What can be wrong here although nothing changed at the provider. */
const HERE: Readonly<Record<string, (account: BillingAccount) => Partial<BillingAccount>>> = {
  "a standing that is lost": () => ({ standing: NO_STANDING }),
  "a subscription that is lost": () => ({ subscription: null }),
  "a status that is wrong": ({ subscription }) => ({
    subscription: subscription && { ...subscription, status: "past_due" },
  }),
  "an account of an earlier release": () => ({ seen: null }),
  "an account that was never looked at": () => ({ lookedAt: null }),
};

describe("P37 Drift that the provider's lists show", () => {
  let template: Template;

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  /** Two tenants that pay for a plan, compared half an hour ago; no webhook ever arrives. */
  async function begin(): Promise<Scene> {
    const world = await World.begin(template, 1);
    const steps = (...all: Step[]) =>
      all.reduce((done, step) => done.then(() => live(world, step)), Promise.resolve());
    for (const who of [0, 1]) {
      await steps({ do: "buy", who, plan: "pro", interval: "month", card: GOOD });
      await steps({ do: "pack", who, pack: "starter" });
    }
    await steps({ do: "wait", hours: 1 });
    await world.process(0).reconcile.execute({});
    await steps({ do: "wait", hours: 1 });
    const stripe = inProcessStripe(
      world.provider,
      world.disturbance.weather(() => false),
    );
    const customer = (await world.store.accounts.find(CHANGED))?.customerId ?? "";
    const [subscription] = (await stripe.subscriptions.list({ customer })).data;
    return {
      world,
      stripe,
      customer,
      subscription: subscription ?? expect.fail("no subscription"),
      live: steps,
    };
  }

  async function reconcile(world: World, { thorough = false } = {}) {
    const outcome = await world.process(0).reconcile.execute({ thorough, dryRun: thorough });
    return outcome.type === "reconciled" ? outcome : expect.fail(outcome.type);
  }

  async function openItems(world: World) {
    const { items } = await world.process(0).listAttention.execute({ limit: 50 });
    return items.map(({ kind, subject }) => `${kind} ${subject}`).toSorted();
  }

  /** A run looks at `looked` tenants, and leaves nothing that looks at all of them would change. */
  async function expectFound(world: World, looked: number): Promise<void> {
    const run = await reconcile(world);
    expect(run).to.deep.include({ tenants: 2, looked, failed: 0, complete: true });
    const open = await openItems(world);
    expect(await reconcile(world, { thorough: true })).to.deep.include({ drifted: 0, failed: 0 });
    await world.process(0).reconcile.execute({ thorough: true });
    expect(await openItems(world)).to.deep.equal(open);
    await world.store.close();
  }

  it("looks at nobody where nothing happened", async () => {
    const { world } = await begin();
    await expectFound(world, 0);
  });

  for (const [name, happen] of Object.entries(AT_PROVIDER)) {
    it(`looks at the one tenant with ${name}`, () =>
      withoutChance(1, async () => {
        const scene = await begin();
        await happen(scene);
        scene.world.disturbance.rates = GOOD_WEATHER;
        await expectFound(scene.world, 1);
      }));
  }

  for (const [name, spoil] of Object.entries(HERE)) {
    it(`looks at the one tenant with ${name}`, async () => {
      const { world } = await begin();
      const account = (await world.store.accounts.find(CHANGED)) ?? expect.fail("no account");
      await world.store.accounts.save({ ...account, ...spoil(account) });
      await expectFound(world, 1);
    });
  }

  it("looks at both after a renewal that was paid, and after one that failed", async () => {
    const { world, live } = await begin();
    await live({ do: "card", who: 1, card: FAILS_LATER }, { do: "wait", hours: 32 * DAY });
    await expectFound(world, 2);
  });

  /** What ends a debt, whenever its invoice was made. */
  const ENDS: Readonly<Record<string, (scene: Scene, invoice: string) => Promise<unknown>>> = {
    paid: ({ live }) => live({ do: "card", who: 0, card: GOOD }),
    void: ({ stripe }, invoice) => stripe.invoices.voidInvoice(invoice),
    "given up": ({ stripe }, invoice) => stripe.invoices.markUncollectible(invoice),
  };
  for (const [name, end] of Object.entries(ENDS)) {
    it(`looks again after a debt that is ${name}, and not while it stands still`, async () => {
      const scene = await begin();
      const { world, live, stripe, customer } = scene;
      await live({ do: "card", who: 0, card: FAILS_LATER }, { do: "wait", hours: 31 * DAY + 8 });
      await reconcile(world);
      await live({ do: "wait", hours: 1 });
      await reconcile(world);
      await live({ do: "wait", hours: 1 });
      expect((await reconcile(world)).looked, "while the debt stands still").to.equal(0);
      const [open] = (await stripe.invoices.list({ customer, status: "open" })).data;
      await end(scene, open?.id ?? expect.fail("no debt"));
      await live({ do: "wait", hours: 1 });
      await expectFound(world, 1);
    });
  }

  it("looks again after a payment that has begun, and after one that failed", async () => {
    const { world, live, stripe, customer } = await begin();
    await live({ do: "card", who: 0, card: FAILS_LATER }, { do: "wait", hours: 31 * DAY + 8 });
    const { id } = await stripe.paymentMethods.create({
      type: "sepa_debit",
      sepa_debit: { iban: FAILING_IBAN },
      billing_details: { email: "owner@example.com", name: "Owner" },
    });
    await stripe.paymentMethods.attach(id, { customer });
    const shown = async () => {
      await live({ do: "wait", hours: 1 });
      const { looked } = await reconcile(world);
      const found = (await world.store.accounts.find(CHANGED))?.subscription;
      return { looked, owed: found?.payments.length, processing: found?.processing ?? null };
    };
    await shown();
    expect((await shown()).looked).to.equal(0);
    const [open] = (await stripe.invoices.list({ customer, status: "open" })).data;
    await stripe.invoices.pay(open?.id ?? expect.fail("no debt"), { payment_method: id });
    const processing = { amount: open?.amount_due, currency: "eur" };
    expect(await shown()).to.deep.equal({ looked: 1, owed: 0, processing });
    expect((await shown()).looked, "while it is on its way").to.equal(0);
    await live({ do: "wait", hours: 5 * DAY });
    expect(await shown()).to.deep.include({ owed: 1, processing: null });
    await expectFound(world, 0);
  });

  it("finds a pack and a refund that the ledger lacks, although the account has seen all", async () => {
    const { world, live } = await begin();
    await live(ofFirst({ do: "pack", pack: "growth" }), ofFirst({ do: "wait", hours: 1 }));
    await world.process(0).synchronizeTenant.execute({ tenantId: CHANGED, packs: false });
    await live({ do: "wait", hours: 1 });
    await expectFound(world, 1);
  });

  it("looks at everybody within 28 days, and not at all of them in one run", async () => {
    const { world, live, stripe } = await begin();
    for (const subscription of (await stripe.subscriptions.list()).data) {
      await stripe.subscriptions.cancel(subscription.id);
    }
    const looked: number[] = [];
    for (let day = 0; day < 57; day += 1) {
      await live({ do: "wait", hours: DAY });
      looked.push((await reconcile(world)).looked);
    }
    await world.store.close();
    const runs = looked.flatMap((count, day) => (count > 0 ? [day] : []));
    expect(runs.length).to.be.within(3, 9);
    expect(OTHER).to.not.equal(CHANGED);
    expect(Math.max(...runs.slice(1).map((day, place) => day - (runs[place] ?? 0)))).to.be.at.most(
      28,
    );
  });
});
