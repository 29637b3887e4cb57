import { expect } from "chai";
import { openCheckout, type Rig, seed, startRig, stopRigs, subscribe } from "../sandbox/rig.ts";
import { KNOWN_DIFFERENCES } from "./known_differences.ts";
import { findStripeMock } from "./stripe_mock.ts";
import { type Difference, StripeSchemas } from "./stripe_schemas.ts";

type Wire = Record<string, unknown>;

const mock = await findStripeMock();

describe("Objects of the sandbox, against Stripe's own description", function () {
  this.timeout(60_000);
  if ("reason" in mock) {
    it("DID NOT RUN, which is allowed where REQUIRE_STRIPE_MOCK is not set", () => {
      expect(process.env.REQUIRE_STRIPE_MOCK, mock.reason).to.not.equal("1");
    });
    return;
  }

  let schemas: StripeSchemas;
  let rig: Rig;
  const seen = new Set<string>();

  before(async () => {
    schemas = new StripeSchemas(mock.specification);
    rig = await startRig();
    await live(rig);
  });
  after(stopRigs);

  function unknown(objects: readonly Wire[]): Difference[] {
    const found = objects.flatMap((object) => {
      seen.add(String(object.object));
      return schemas.differences(object);
    });
    const news = found.filter(({ place, message }) => !isKnown(`${place}: ${message}`));
    return [...new Map(news.map((one) => [`${one.place}: ${one.message}`, one])).values()];
  }

  async function get(path: string): Promise<Wire[]> {
    const response = await fetch(`${rig.sandbox.url}/v1/${path}`, {
      headers: { authorization: "Bearer sk_test_objects" },
    });
    const answer = (await response.json()) as Wire & { data?: Wire[] };
    return answer.object === "list" ? (answer.data ?? []) : [answer];
  }

  for (const path of [
    "customers",
    "products",
    "prices",
    "subscriptions?status=all",
    "invoices?limit=100",
    "checkout/sessions",
    "billing_portal/configurations",
    "webhook_endpoints",
    "events?limit=100",
  ]) {
    it(`GET /v1/${path.split("?")[0]} answers as Stripe does`, async () => {
      const objects = await get(path);
      expect(objects).to.not.deep.equal([]);
      expect(unknown(objects)).to.deep.equal([]);
    });
  }

  it("events carry objects as Stripe's do", async () => {
    const events = await get("events?limit=100");
    const objects = events.map((event) => (event.data as { object: Wire }).object);
    expect(unknown(objects)).to.deep.equal([]);
    expect([...seen]).to.include.members([
      "subscription",
      "invoice",
      "checkout.session",
      "customer",
    ]);
  });

  it("the check notices a field that is missing and one that is wrong", async () => {
    const [subscription] = await get("subscriptions?status=all");
    const { items: _, ...without } = subscription ?? {};
    expect(schemas.differences(without)).to.not.deep.equal([]);
    expect(schemas.differences({ ...subscription, status: "dreaming" })).to.not.deep.equal([]);
  });

  it("the description is of the version that the differences were noted for", () => {
    expect(schemas.version).to.equal("2026-08-26.dahlia");
  });

  it("the list of known differences is short, and each has a reason", () => {
    expect(KNOWN_DIFFERENCES.length).to.be.at.most(10);
    for (const { reason } of KNOWN_DIFFERENCES) {
      expect(reason.length).to.be.greaterThan(20);
    }
  });

  function isKnown(text: string): boolean {
    return KNOWN_DIFFERENCES.some(({ difference }) => difference.test(text));
  }
});

/** Everything that a subscription can go through. */
async function live(rig: Rig): Promise<void> {
  const { stripe } = rig;
  const catalog = await seed(rig);
  const subscription = await subscribe(rig, catalog);
  const [item] = subscription.items.data;
  const price = await stripe.prices.create({
    product: catalog.product.id,
    currency: "usd",
    unit_amount: 9_900,
    recurring: { interval: "month" },
  });
  await stripe.subscriptions.update(subscription.id, {
    items: [{ id: String(item?.id), price: price.id, quantity: 1 }],
    proration_behavior: "always_invoice",
  });
  await rig.advance({ advanceDays: 31 });
  await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
  await stripe.billingPortal.configurations.create({
    features: { invoice_history: { enabled: true } },
  });
  await rig.advance({ advanceDays: 40 });
  await openCheckout(rig, catalog);
  await subscribe(rig, catalog, "4000000000000341");
  await rig.advance({ advanceDays: 35 });
}
