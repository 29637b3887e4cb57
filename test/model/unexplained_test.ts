import { expect } from "chai";
import type { Stripe } from "stripe";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import { MANAGED_BY } from "../../src/adapters/stripe/catalog/portal_settings.ts";
import { UNEXPLAINED_KINDS } from "../../src/domain/subscription/findings/unexplained.ts";
import { withoutChance } from "./chance.ts";
import { inProcessStripe } from "./in_process_stripe.ts";
import { live } from "./live.ts";
import { TENANTS, type Template, World } from "./world.ts";

const [tenantId] = TENANTS;
const GOOD = "4242424242424242";
const FAILS_LATER = "4000000000000341";
const DAY = 24;

/** Every case names one kind by subtraction, and what makes it go by itself. */
interface Case {
  readonly kind: string;
  readonly what: string;
  readonly tenant: string | null;
  /** Lets money give nothing; answers the subject. */
  happen(world: World, stripe: Stripe): Promise<string>;
  mend(stripe: Stripe, subject: string): Promise<unknown>;
}

async function priceOf(world: World, slug: string): Promise<string> {
  const catalog = await world.store.catalog.read();
  const plan = catalog?.plans.find((one) => one.slug === slug);
  return plan?.prices[0]?.priceId ?? expect.fail(`no price of ${slug}`);
}

async function subscribed(world: World, stripe: Stripe, metadata: Record<string, string>) {
  const { id } = await stripe.customers.create({ name: "By hand", metadata });
  const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: id });
  const { id: subscriptionId } = await stripe.subscriptions.create({
    customer: id,
    default_payment_method: method.id,
    items: [{ price: await priceOf(world, "pro") }],
  });
  return subscriptionId;
}

const refundAll = async (stripe: Stripe, invoice: string) => {
  const { data } = await stripe.invoicePayments.list({ invoice, status: "paid" });
  const intent = String(data[0]?.payment.payment_intent);
  return await stripe.refunds.create({ payment_intent: intent });
};

const CASES: readonly Case[] = [
  {
    kind: "unexplained_subscription",
    what: "a subscription by hand, of a customer that is no tenant's",
    tenant: null,
    happen: (world, stripe) => subscribed(world, stripe, {}),
    mend: (stripe, subject) => stripe.subscriptions.cancel(subject),
  },
  {
    kind: "unexplained_subscription",
    what: "a subscription of a tenant's second customer",
    tenant: null,
    happen: async (world, stripe) => {
      await live(world, { do: "buy", who: 0, plan: "pro", interval: "month", card: GOOD });
      return await subscribed(world, stripe, { tenantId });
    },
    mend: (stripe, subject) => stripe.subscriptions.cancel(subject),
  },
  {
    kind: "unexplained_payment",
    what: "an invoice that was paid after its subscription had ended",
    tenant: tenantId,
    happen: async (world, stripe) => {
      await live(world, { do: "buy", who: 0, plan: "pro", interval: "month", card: GOOD });
      await live(world, { do: "card", who: 0, card: FAILS_LATER });
      await live(world, { do: "wait", hours: 33 * DAY });
      const { data } = await stripe.invoices.list({ status: "open" });
      const [open] = data;
      await live(world, { do: "cancel", who: 0, how: "now" });
      await live(world, { do: "wait", hours: 1 });
      await live(world, { do: "card", who: 0, card: GOOD });
      const customer = await stripe.customers.retrieve(String(open?.customer));
      const method = Object(customer).invoice_settings.default_payment_method;
      await stripe.invoices.pay(open?.id ?? "", { payment_method: String(method) });
      return open?.id ?? "";
    },
    mend: refundAll,
  },
  {
    kind: "unexplained_subscription",
    what: "a subscription that an ended tenant has all the same",
    tenant: tenantId,
    happen: async (world, stripe) => {
      await live(world, { do: "buy", who: 0, plan: "pro", interval: "month", card: GOOD });
      const billing = world.process(0);
      await billing.synchronizeTenant.execute({ tenantId });
      const wish = { when: "now", refund: false, redact: false } as const;
      await billing.endTenant.execute({ tenantId, ...wish });
      const account = await world.store.accounts.find(tenantId);
      const customer = account?.customerId ?? "";
      const method = await stripe.paymentMethods.attach("pm_card_visa", { customer });
      const { id } = await stripe.subscriptions.create({
        customer,
        default_payment_method: method.id,
        items: [{ price: await priceOf(world, "pro") }],
      });
      return id;
    },
    mend: (stripe, subject) => stripe.subscriptions.cancel(subject),
  },
  {
    kind: "webhook_endpoint_disabled",
    what: "a webhook endpoint of ours that Stripe has disabled",
    tenant: null,
    happen: async (_world, stripe) => {
      const { id } = await stripe.webhookEndpoints.create({
        url: "https://billing.example.com/billing/webhook",
        enabled_events: ["invoice.paid"],
        metadata: { managedBy: MANAGED_BY },
      });
      await stripe.webhookEndpoints.update(id, { disabled: true });
      return id;
    },
    mend: (stripe, subject) => stripe.webhookEndpoints.update(subject, { disabled: false }),
  },
];

describe("Money that gives nothing, found by subtraction", () => {
  let template: Template;

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  it("P41 every kind that is found so has a row", () => {
    const kinds = new Set(CASES.map(({ kind }) => kind));
    expect([...kinds]).to.have.members([...UNEXPLAINED_KINDS, "webhook_endpoint_disabled"]);
  });

  for (const [index, { kind, what, tenant, happen, mend }] of CASES.entries()) {
    it(`P41 ${what} is named once, and goes when its cause does`, async () => {
      await withoutChance(index + 1, async () => {
        const world = await World.begin(template, index + 1);
        const stripe = inProcessStripe(
          world.provider,
          world.disturbance.weather(() => false),
        );
        const billing = world.process(0);
        const named = async () => {
          await billing.reconcile.execute({});
          const { items } = await billing.listAttention.execute({ limit: 50 });
          return items
            .filter((item) => item.kind === kind)
            .map(({ subject, tenantId: of }) => [subject, of]);
        };
        const subject = await happen(world, stripe);
        expect(await named()).to.deep.equal([[subject, tenant]]);
        expect(await named(), "again").to.deep.equal([[subject, tenant]]);
        await mend(stripe, subject);
        expect(await named(), "mended").to.deep.equal([]);
        await world.store.close();
      });
    });
  }

  it("P41 a plan, a pack and a top-up that give what was paid for are not named", async () => {
    await withoutChance(9, async () => {
      const world = await World.begin(template, 9);
      await live(world, { do: "buy", who: 0, plan: "pro", interval: "month", card: GOOD });
      await live(world, { do: "pack", who: 0, pack: "growth" });
      const billing = world.process(0);
      await billing.reconcile.execute({});
      await live(world, { do: "wait", hours: 40 * DAY });
      await live(world, { do: "cancel", who: 0, how: "now" });
      await billing.reconcile.execute({});
      const { items } = await billing.listAttention.execute({ limit: 50 });
      expect(items.filter(({ kind }) => kind.startsWith("unexplained"))).to.deep.equal([]);
      await world.store.close();
    });
  });
});
