import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { describeChange } from "../../src/application/installation/describe_change.ts";
import type { CatalogDefinition, PlanDefinition } from "../../src/domain/catalog/catalog.ts";
import { HANDLED_EVENT_TYPES } from "../../src/domain/events/billing_event.ts";
import type { Environment } from "../../src/kit/settings.ts";
import { operatorOf, PUBLIC_URL } from "../rig/operator.ts";
import { useStarted } from "../rig/started_billing.ts";
import { describeOnEveryStore } from "./describe_on_every_store.ts";

await describeOnEveryStore("An operator changes the plans", flow);

/**
 * The tests.
 *
 * @param emptyStore settings that name a store with nothing in it
 */
function flow(emptyStore: () => Promise<Environment>): void {
  const billing = useStarted(async () => ({ PUBLIC_URL, ...(await emptyStore()) }));
  const operator = operatorOf(billing);

  async function buy(planSlug: string): Promise<void> {
    const session = await billing.buy({ planSlug });
    expect(session).to.match(/^cs_/);
  }

  async function publish(change: (plan: PlanDefinition) => PlanDefinition | []): Promise<void> {
    const { plans, packs = [] }: CatalogDefinition = await operator.plans();
    await operator.write({ plans: plans.flatMap(change), packs });
    await operator.sync();
  }

  const ofPro =
    (changes: (plan: PlanDefinition) => PlanDefinition | []) => (plan: PlanDefinition) =>
      plan.slug === "pro" ? changes(plan) : plan;

  async function offered() {
    const { data } = (await billing.api("GET", "/billing/plans")).body;
    return data as { slug: string; prices: { amount: number; interval: string }[] }[];
  }

  /** A month later: what the tenant paid and what it has. */
  async function renew() {
    await billing.control("/clock", { advanceDays: 32 });
    const [invoice] = (await billing.stripe.invoices.list({ limit: 1 })).data;
    return {
      paid: invoice?.amount_paid,
      billingReason: invoice?.billing_reason,
      ...(await billing.subscription()),
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
    expect(await billing.subscription()).to.include({ planSlug: "pro", status: "active" });
    const renewed = await renew();
    expect(renewed).to.include({
      paid: 2_900,
      billingReason: "subscription_cycle",
      planSlug: "pro",
    });
    expect(renewed.limits).to.include({ monthlyEmailLimit: 50_000 });
    expect(renewed.tokens).to.include({ monthly: 50_000 });
    const prices = await billing.stripe.prices.list({ product: "mailingcore_pro", active: true });
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
        await billing.stripe.billingPortal.configurations.list({
          expand: ["data.features.subscription_update.products"],
        })
      ).data;
      const products = configuration?.features.subscription_update.products ?? [];
      expect(products.map(({ product }) => product)).to.not.include("mailingcore_pro");
    });

    it(`P20 a plan that is ${what} cannot be bought`, async () => {
      await publish(hide);
      const { status, body } = await billing.choose({ planSlug: "pro" });
      expect(status).to.equal(422);
      expect(body.message).to.include("no longer offered");
    });
  }

  it("P20 a dry run says what a run then does, and a second run has nothing to do", async () => {
    const before = await billing.stripe.prices.list({ limit: 100 });
    const { plans } = await operator.plans();
    await operator.write({ plans: plans.flatMap(ofPro((plan) => ({ ...plan, name: "Profi" }))) });
    const { changes } = await operator.sync({ dryRun: true });
    expect(changes.map((change) => describeChange(change)[0])).to.deep.equal([
      '~ product "mailingcore_pro"',
      '~ plan "pro"',
      '~ token pack "starter"',
      '~ token pack "growth"',
      '~ token pack "scale"',
    ]);
    expect((await billing.stripe.prices.list({ limit: 100 })).data).to.have.length(
      before.data.length,
    );
    expect((await billing.stripe.products.retrieve("mailingcore_pro")).name).to.equal("Pro");
    expect(await operator.sync()).to.deep.include({ changes });
    expect((await billing.stripe.products.retrieve("mailingcore_pro")).name).to.equal("Profi");
    expect(await operator.sync()).to.deep.include({ changes: [] });
    expect(await operator.sync({ dryRun: true })).to.deep.include({ changes: [] });
  });

  it("creates the webhook endpoint once, its secret in a file for its owner only", async () => {
    const url = `${PUBLIC_URL}/billing/webhook`;
    const endpoints = async () =>
      (await billing.stripe.webhookEndpoints.list()).data.filter(
        (endpoint) => endpoint.url === url,
      );
    const secretFile = join(billing.folder, "secret");
    const change = { type: "create_endpoint", url };
    const planned = await operator.sync({ dryRun: true, secretFile });
    expect(planned.endpoint).to.deep.include({ change, secretFile: null });
    expect((await operator.sync()).endpoint).to.deep.include({ change, lacksSecretFile: true });
    expect(await endpoints(), "none without a file").to.deep.equal([]);
    const created = await operator.sync({ secretFile });
    expect(created.endpoint).to.deep.include({ change, lacksSecretFile: false, secretFile });
    expect(JSON.stringify(created)).not.to.include("whsec_");
    expect(await readFile(secretFile, "utf8")).to.match(/^whsec_\w+\n$/);
    expect((await stat(secretFile)).mode & 0o777).to.equal(0o600);
    const [endpoint] = await endpoints();
    expect(endpoint?.api_version).to.equal("2026-10-28.endive");
    expect(endpoint?.enabled_events).to.deep.equal(HANDLED_EVENT_TYPES);
    const again = await operator.sync({ secretFile: join(billing.folder, "second") });
    expect(again.endpoint).to.deep.include({ change: null, secretFile: null });
    expect(await endpoints()).to.have.length(1);
  });

  it("creates no endpoint where the file for its secret exists or cannot be made", async () => {
    const count = async () => (await billing.stripe.webhookEndpoints.list()).data.length;
    const before = await count();
    for (const secretFile of [operator.settings().plansFile, join(billing.folder, "no", "file")]) {
      const failure = await operator.sync({ secretFile }).catch((error: unknown) => error);
      expect((failure as Error).message).to.include(`Cannot create ${secretFile}`);
    }
    expect(await count()).to.equal(before);
    expect(await operator.plans(), "the file that was there").to.have.property("plans");
  });
}
