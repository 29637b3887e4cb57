import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Stripe } from "stripe";
import { describeChange } from "../../src/application/installation/describe_change.ts";
import type { CatalogDefinition, PlanDefinition } from "../../src/domain/catalog/catalog.ts";
import { HANDLED_EVENT_TYPES } from "../../src/domain/events/billing_event.ts";
import type { Environment } from "../../src/kit/settings.ts";
import { clientOf } from "../sandbox/rig.ts";
import { describeOnEveryStore } from "./describe_on_every_store.ts";
import { type OperatedBilling, PUBLIC_URL, startOperatedBilling } from "./operated_billing.ts";

await describeOnEveryStore("An operator changes the plans", flow);

/**
 * The tests.
 *
 * @param emptyStore settings that name a store with nothing in it
 */
function flow(emptyStore: () => Promise<Environment>): void {
  let operated: OperatedBilling;
  let stripe: Stripe;

  beforeEach(async () => {
    operated = await startOperatedBilling(await emptyStore());
    stripe = clientOf(operated.billing.sandbox);
  });
  afterEach(() => operated.stop());

  const api = (method: "GET" | "POST", path: string, body?: object) =>
    operated.billing.api(method, path, body);

  async function choose(planSlug: string) {
    const { url } = operated.billing.sandbox;
    const urls = { successUrl: `${url}/?done`, cancelUrl: `${url}/?canceled` };
    return await api("POST", "/billing/checkout", { planSlug, ...urls });
  }

  async function buy(planSlug: string): Promise<void> {
    const { status, body } = await choose(planSlug);
    expect(status, JSON.stringify(body)).to.equal(200);
    const session = body.url.split("/").at(-1);
    await operated.billing.control(`/checkout/${session}/complete`, { card: "4242424242424242" });
  }

  async function publish(change: (plan: PlanDefinition) => PlanDefinition | []): Promise<void> {
    const { plans, packs = [] }: CatalogDefinition = await operated.plans();
    await operated.write({ plans: plans.flatMap(change), packs });
    await operated.sync();
  }

  const ofPro =
    (changes: (plan: PlanDefinition) => PlanDefinition | []) => (plan: PlanDefinition) =>
      plan.slug === "pro" ? changes(plan) : plan;

  async function offered() {
    const { data } = (await api("GET", "/billing/plans")).body;
    return data as { slug: string; prices: { amount: number; interval: string }[] }[];
  }

  async function subscription() {
    return (await api("GET", "/billing/subscription")).body;
  }

  /** A month later: what the tenant paid and what it has. */
  async function renew() {
    await operated.billing.control("/clock", { advanceDays: 32 });
    const [invoice] = (await stripe.invoices.list({ limit: 1 })).data;
    return {
      paid: invoice?.amount_paid,
      reason: invoice?.billing_reason,
      ...(await subscription()),
    };
  }

  it("P20 subscribers keep the price they bought and their plan, new ones pay the new price", async () => {
    await buy("pro");
    await publish(
      ofPro((plan) => ({
        ...plan,
        prices: plan.prices.map((price) => ({ ...price, amount: price.amount + 1_000 })),
      })),
    );
    const [, , pro] = await offered();
    expect(pro?.prices.map(({ amount }) => amount)).to.deep.equal([3_900, 30_000]);
    expect(await subscription()).to.include({ planSlug: "pro", status: "active" });
    const renewed = await renew();
    expect(renewed).to.include({ paid: 2_900, reason: "subscription_cycle", planSlug: "pro" });
    expect(renewed.limits).to.include({ monthlyEmailLimit: 50_000 });
    expect(renewed.tokens).to.include({ monthly: 50_000 });
    const prices = await stripe.prices.list({ product: "mailingcore_pro", active: true });
    expect(prices.data, "the old ones stay").to.have.length(4);
  });

  for (const [what, hide] of [
    ["inactive", ofPro((plan) => ({ ...plan, active: false }))],
    ["no longer written", ofPro(() => [])],
  ] as const) {
    it(`P20 a plan that is ${what} is hidden and not sold, and serves its subscribers`, async () => {
      await buy("pro");
      await publish(hide);
      expect((await offered()).map(({ slug }) => slug)).to.deep.equal([
        "free",
        "starter",
        "business",
      ]);
      const renewed = await renew();
      expect(renewed).to.include({ paid: 2_900, planSlug: "pro", status: "active" });
      expect(renewed.limits).to.include({ monthlyEmailLimit: 50_000, maxTemplates: 100 });
      expect(renewed.usage.emails).to.include({ limit: 50_000 });
      expect(renewed.tokens).to.include({ monthly: 50_000 });
      const [configuration] = (
        await stripe.billingPortal.configurations.list({
          expand: ["data.features.subscription_update.products"],
        })
      ).data;
      const products = configuration?.features.subscription_update.products ?? [];
      expect(products.map(({ product }) => product)).to.not.include("mailingcore_pro");
    });

    it(`P20 a plan that is ${what} cannot be bought`, async () => {
      await publish(hide);
      const { status, body } = await choose("pro");
      expect(status).to.equal(422);
      expect(body.message).to.include("no longer offered");
    });
  }

  it("P20 a dry run says what a run then does, and a second run has nothing to do", async () => {
    const before = await stripe.prices.list({ limit: 100 });
    const { plans } = await operated.plans();
    await operated.write({ plans: plans.flatMap(ofPro((plan) => ({ ...plan, name: "Profi" }))) });
    const { changes } = await operated.sync({ dryRun: true });
    expect(changes.map((change) => describeChange(change)[0])).to.deep.equal([
      '~ product "mailingcore_pro"',
      '~ plan "pro"',
      '~ token pack "starter"',
      '~ token pack "growth"',
      '~ token pack "scale"',
    ]);
    expect((await stripe.prices.list({ limit: 100 })).data).to.have.length(before.data.length);
    expect((await stripe.products.retrieve("mailingcore_pro")).name).to.equal("Pro");
    expect(await operated.sync()).to.deep.include({ changes });
    expect((await stripe.products.retrieve("mailingcore_pro")).name).to.equal("Profi");
    expect(await operated.sync()).to.deep.include({ changes: [] });
    expect(await operated.sync({ dryRun: true })).to.deep.include({ changes: [] });
  });

  it("creates the webhook endpoint once, its secret in a file for its owner only", async () => {
    const url = `${PUBLIC_URL}/billing/webhook`;
    const endpoints = async () =>
      (await stripe.webhookEndpoints.list()).data.filter((endpoint) => endpoint.url === url);
    const secretFile = join(operated.folder, "secret");
    const change = { type: "create_endpoint", url };
    const planned = await operated.sync({ dryRun: true, secretFile });
    expect(planned.endpoint).to.deep.include({ change, secretFile: null });
    expect((await operated.sync()).endpoint).to.deep.include({ change, lacksSecretFile: true });
    expect(await endpoints(), "none without a file").to.deep.equal([]);
    const created = await operated.sync({ secretFile });
    expect(created.endpoint).to.deep.include({ change, lacksSecretFile: false, secretFile });
    expect(JSON.stringify(created)).not.to.include("whsec_");
    expect(await readFile(secretFile, "utf8")).to.match(/^whsec_\w+\n$/);
    expect((await stat(secretFile)).mode & 0o777).to.equal(0o600);
    const [endpoint] = await endpoints();
    expect(endpoint?.api_version).to.equal("2026-10-28.endive");
    expect(endpoint?.enabled_events).to.deep.equal(HANDLED_EVENT_TYPES);
    const again = await operated.sync({ secretFile: join(operated.folder, "second") });
    expect(again.endpoint).to.deep.include({ change: null, secretFile: null });
    expect(await endpoints()).to.have.length(1);
  });

  it("creates no endpoint where the file for its secret exists or cannot be made", async () => {
    const count = async () => (await stripe.webhookEndpoints.list()).data.length;
    const before = await count();
    for (const secretFile of [operated.settings().plansFile, join(operated.folder, "no", "file")]) {
      const failure = await operated.sync({ secretFile }).catch((error: unknown) => error);
      expect((failure as Error).message).to.include(`Cannot create ${secretFile}`);
    }
    expect(await count()).to.equal(before);
    expect(await operated.plans(), "the file that was there").to.have.property("plans");
  });
}
