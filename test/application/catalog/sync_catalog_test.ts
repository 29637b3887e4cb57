import { expect } from "chai";
import type { CatalogChange } from "../../../src/application/catalog/catalog_plan.ts";
import { lookupKeyOf } from "../../../src/application/catalog/wanted_catalog.ts";
import { describeChange } from "../../../src/application/installation/describe_change.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type {
  Catalog,
  CatalogDefinition,
  PlanDefinition,
} from "../../../src/domain/catalog/catalog.ts";
import { BillingFixture, SETTINGS } from "../../rig/billing_fixture.ts";
import { samplePlan } from "../../samples/catalog.ts";

/** A plan as the operator writes it; free without amounts. */
function definition(
  slug: string,
  rank: number,
  amounts: { month?: number; year?: number } = {},
): PlanDefinition {
  const { productId: _, ...plan } = samplePlan(slug, rank);
  const prices = (["month", "year"] as const).flatMap((interval) => {
    const amount = amounts[interval];
    return amount === undefined ? [] : [{ interval, amount, currency: "eur" }];
  });
  return { ...plan, prices };
}

const wanted: CatalogDefinition = {
  plans: [definition("free", 1), definition("pro", 2, { month: 1_000, year: 10_000 })],
};
const dearer: CatalogDefinition = {
  plans: [definition("free", 1), definition("pro", 2, { month: 1_500, year: 10_000 })],
};

describe("SyncCatalog", () => {
  let fixture: BillingFixture;

  beforeEach(async () => {
    fixture = await BillingFixture.open({ catalog: null });
  });
  afterEach(() => fixture.close());

  function synchronize(plans = wanted, billing = fixture.billing) {
    return billing.syncCatalog.execute(plans);
  }

  async function dryRun(plans = wanted): Promise<readonly CatalogChange[]> {
    const outcome = await fixture.billing.syncCatalog.execute(plans, { dryRun: true });
    if (outcome.type !== "planned") {
      throw new Error(`Cannot plan: ${outcome.type}`);
    }
    return outcome.changes;
  }

  const text = (changes: readonly CatalogChange[]) => changes.flatMap(describeChange);

  async function stored(): Promise<Catalog> {
    const catalog = await fixture.store.catalog.read();
    if (catalog === undefined) {
      throw new Error("Cannot read the catalogue: none is stored");
    }
    return catalog;
  }

  it("P20 publishes products and prices, and remembers what stands for what", async () => {
    const outcome = await synchronize();
    const catalog = await stored();
    expect(outcome).to.deep.include({ type: "synchronized", catalog });
    expect(outcome.type === "synchronized" && text(outcome.changes)).to.deep.equal([
      '+ product "mailingcore_pro": "PRO"',
      '+ price "mailingcore_pro_month": 10.00 EUR per month',
      '+ price "mailingcore_pro_year": 100.00 EUR per year',
      "+ Customer Portal",
      "+ Customer Portal, plan changes",
      '+ plan "free"',
      '+ plan "pro"',
    ]);
    expect(catalog).to.deep.include({
      revision: 1,
      portalConfigurationId: "bpc_home",
      planChangeConfigurationId: "bpc_plan_change",
    });
    expect(catalog.plans.map(({ slug, productId }) => [slug, productId])).to.deep.equal([
      ["free", null],
      ["pro", "mailingcore_pro"],
    ]);
    expect(catalog.plans[1]?.prices).to.deep.equal([
      { interval: "month", amount: 1_000, currency: "eur", priceId: "price_1" },
      { interval: "year", amount: 10_000, currency: "eur", priceId: "price_2" },
    ]);
    expect(fixture.publisher.portals).to.deep.equal(
      ["home", "plan_change"].map((purpose) => ({
        purpose,
        returnUrl: SETTINGS.dashboardUrl,
        offers:
          purpose === "home"
            ? []
            : [{ productId: "mailingcore_pro", priceIds: ["price_1", "price_2"] }],
      })),
    );
  });

  it("P20 changes nothing when it is repeated", async () => {
    await synchronize();
    const before = await stored();
    expect(await synchronize()).to.deep.include({ type: "synchronized", changes: [] });
    expect(await stored()).to.deep.equal(before);
    expect(fixture.publisher.created).to.have.length(2);
  });

  it("P20 makes a new price for a changed amount, under the same product", async () => {
    await synchronize();
    const outcome = await synchronize(dearer);
    expect(outcome.type === "synchronized" && text(outcome.changes)).to.deep.equal([
      '+ price "mailingcore_pro_month": 15.00 EUR per month',
      "    instead of 10.00 EUR per month, which stays for its subscribers",
      "~ Customer Portal, plan changes",
      '    offers.0.priceIds.0: "price_1" -> "new:mailingcore_pro_month"',
      '~ plan "pro"',
      "    prices.0.amount: 1000 -> 1500",
      '    prices.0.priceId: "price_1" -> "new:mailingcore_pro_month"',
    ]);
    expect((await stored()).plans[1]?.prices.map(({ priceId }) => priceId)).to.deep.equal([
      "price_3",
      "price_2",
    ]);
    const products = new Set(fixture.publisher.created.map(({ productId }) => productId));
    expect(products).to.deep.equal(new Set(["mailingcore_pro"]));
  });

  it("P20 makes a new price for another currency", async () => {
    await synchronize();
    const [free, pro] = wanted.plans;
    const prices = (pro?.prices ?? []).map((price) => ({ ...price, currency: "usd" }));
    const plans = free && pro ? [free, { ...pro, prices }] : [];
    await synchronize({ plans });
    expect(fixture.publisher.created).to.have.length(4);
  });

  it("P20 keeps a plan that is no longer written, inactive, for its subscribers", async () => {
    await synchronize();
    const before = (await stored()).plans[1];
    await synchronize({ plans: [definition("free", 1)] });
    expect((await stored()).plans.map(({ slug, active }) => [slug, active])).to.deep.equal([
      ["free", true],
      ["pro", false],
    ]);
    expect((await stored()).plans[1]).to.deep.equal({ ...before, active: false });
    expect(fixture.publisher.portals.at(-1)?.offers, "P20 nobody changes to it").to.deep.equal([]);
  });

  it("P20 gives a plan that comes back its product and prices again", async () => {
    await synchronize();
    const before = (await stored()).plans;
    await synchronize({ plans: [definition("free", 1)] });
    await synchronize();
    expect((await stored()).plans).to.deep.equal(before);
    expect(fixture.publisher.created).to.have.length(2);
  });

  it("P20 says what is wrong with a catalogue and publishes nothing of it", async () => {
    const plans = [definition("pro", 1, { month: 100 }), definition("pro", 2, { month: 100 })];
    expect(await synchronize({ plans })).to.deep.equal({
      type: "invalid",
      problems: [
        'Plan "pro" is listed more than once',
        "Exactly one active plan must have no prices (the free plan), not 0",
      ],
    });
    expect(fixture.publisher.published.size).to.equal(0);
    expect(await fixture.store.catalog.read()).to.equal(undefined);
  });

  it("P08 completes a run that was interrupted at any call, without a second price", async () => {
    const crash = new PortError("Cannot publish: no connection", { transient: true });
    const calls = 10;
    for (let last = 1; last <= calls; last += 1) {
      await fixture.close();
      fixture = await BillingFixture.open({ catalog: null });
      let made = 0;
      fixture.publisher.onCall = () => {
        made += 1;
        if (made === last) {
          throw crash;
        }
      };
      const first = await synchronize().catch((error: unknown) => error);
      expect(first === crash).to.equal(last < calls);
      fixture.publisher.onCall = () => undefined;
      await synchronize();
      expect(fixture.publisher.created).to.have.length(2);
      expect((await stored()).plans[1]?.prices.map(({ priceId }) => priceId)).to.deep.equal([
        "price_1",
        "price_2",
      ]);
    }
  });

  it("P20 a dry run changes nothing, and tells exactly what the run then does", async () => {
    for (const plans of [wanted, dearer, { plans: [definition("free", 1)] }]) {
      const calls: string[] = [];
      fixture.publisher.onCall = (method) => calls.push(method);
      const before = await fixture.store.catalog.read();
      const planned = await dryRun(plans);
      expect(calls).to.deep.equal(["prices", "products", "comparePortal", "comparePortal"]);
      expect(await fixture.store.catalog.read()).to.deep.equal(before);
      expect(planned).to.not.deep.equal([]);
      expect(await synchronize(plans)).to.deep.include({ changes: planned });
      expect(await dryRun(plans), "afterwards").to.deep.equal([]);
    }
  });

  it("P20 sees and repairs what was changed at the provider behind its back", async () => {
    await synchronize();
    const { publisher } = fixture;
    const product = publisher.published.get("mailingcore_pro");
    expect(product).to.not.equal(undefined);
    publisher.published.set("mailingcore_pro", {
      ...(product ?? { productId: "", planSlug: null, packSlug: null }),
      name: "Profi",
      active: false,
    });
    await publisher.createPrice({
      productId: "mailingcore_pro",
      lookupKey: "mailingcore_pro_year",
      amount: 1,
      currency: "eur",
      interval: "year",
      taxBehavior: null,
    });
    publisher.portals.push({
      purpose: "plan_change",
      returnUrl: "https://elsewhere.example",
      offers: [],
    });
    expect(text(await dryRun())).to.deep.equal([
      '~ product "mailingcore_pro"',
      "    active: false -> true",
      '    name: "Profi" -> "PRO"',
      '+ price "mailingcore_pro_year": 100.00 EUR per year',
      "    instead of 0.01 EUR per year, which stays for its subscribers",
      "~ Customer Portal, plan changes",
      '    offers.0.priceIds.0: null -> "price_1"',
      '    offers.0.priceIds.1: null -> "new:mailingcore_pro_year"',
      '    offers.0.productId: null -> "mailingcore_pro"',
      `    returnUrl: "https://elsewhere.example" -> "${SETTINGS.dashboardUrl}"`,
      '~ plan "pro"',
      '    prices.1.priceId: "price_2" -> "new:mailingcore_pro_year"',
    ]);
    await synchronize();
    expect(await dryRun()).to.deep.equal([]);
    expect((await stored()).plans[1]?.prices[1]?.priceId).to.equal("price_4");
  });

  it("P20 remembers changed limits without a call that changes the provider", async () => {
    await synchronize();
    const [free, pro] = wanted.plans;
    const plans = free && pro ? [free, { ...pro, monthlyEmailLimit: null, trialDays: 7 }] : [];
    const calls: string[] = [];
    fixture.publisher.onCall = (method) => calls.push(method);
    await synchronize({ plans });
    expect(calls).to.deep.equal(["prices", "products", "comparePortal", "comparePortal"]);
    expect((await stored()).plans[1]).to.deep.include({ monthlyEmailLimit: null, trialDays: 7 });
  });

  it("P43 says once how a price relates to its tax; to say otherwise takes another price", async () => {
    const taxed = (taxBehavior: "exclusive" | "inclusive" | undefined, month = 1_000) => {
      const pro = definition("pro", 2, { month });
      const prices = pro.prices.map((price) => ({ ...price, taxBehavior }));
      return { plans: [definition("free", 1), { ...pro, prices }] };
    };
    const told = async () => {
      const { prices = [] } = (await stored()).plans[1] ?? {};
      return prices.map(({ priceId, taxBehavior }) => [priceId, taxBehavior]);
    };
    await synchronize(taxed(undefined));
    expect(await told()).to.deep.equal([["price_1", undefined]]);
    expect(text(await dryRun(taxed("exclusive")))).to.deep.equal([
      '~ price "mailingcore_pro_month"',
      "    tax comes on top",
      '~ plan "pro"',
      '    prices.0.taxBehavior: null -> "exclusive"',
    ]);
    await synchronize(taxed("exclusive"));
    expect(await told()).to.deep.equal([["price_1", "exclusive"]]);
    // Neither a file that says nothing nor another amount takes back what was said.
    expect(await dryRun(taxed(undefined))).to.deep.equal([]);
    await synchronize(taxed(undefined, 1_500));
    expect(await told()).to.deep.equal([["price_2", "exclusive"]]);
    expect(text(await dryRun(taxed("inclusive", 1_500))).slice(0, 2)).to.deep.equal([
      '+ price "mailingcore_pro_month": 15.00 EUR per month, tax is contained',
      "    instead of 15.00 EUR per month, tax comes on top, which stays for its subscribers",
    ]);
    await synchronize(taxed("inclusive", 1_500));
    expect(await told()).to.deep.equal([["price_3", "inclusive"]]);
    expect(await dryRun(taxed("inclusive", 1_500))).to.deep.equal([]);
  });

  it("P20 tells of every change before it is made", async () => {
    const told: string[] = [];
    fixture.publisher.onCall = (method) => told.push(method);
    const onChange = ({ type }: CatalogChange) => told.push(type);
    await fixture.billing.syncCatalog.execute(wanted, { onChange });
    expect(told.slice(4)).to.deep.equal([
      "create_product",
      "putProduct",
      "create_price",
      "createPrice",
      "create_price",
      "createPrice",
      "put_portal",
      "putPortalConfiguration",
      "put_portal",
      "putPortalConfiguration",
      "update_stored",
      "update_stored",
    ]);
  });

  it("P20 finds its products again when the stored catalogue was lost", async () => {
    await synchronize();
    const before = (await stored()).plans;
    const empty = await BillingFixture.open({ catalog: null });
    const { syncCatalog } = empty.process({ payments: { publisher: fixture.publisher } });
    await syncCatalog.execute(wanted);
    expect((await empty.store.catalog.read())?.plans).to.deep.equal(before);
    await empty.close();
  });

  it("P10 starts over when another process saved its catalogue first", async () => {
    let disturbed = false;
    fixture.publisher.onCall = (method) => {
      if (method === "putPortalConfiguration" && !disturbed) {
        disturbed = true;
        const plans = [samplePlan("old", 9)];
        const other = {
          revision: 0,
          plans,
          packs: [],
          portalConfigurationId: "x",
          planChangeConfigurationId: "y",
        };
        fixture.store.catalog.save(other);
      }
    };
    expect(await synchronize()).to.deep.include({ type: "synchronized" });
    const { revision, plans } = await stored();
    expect(revision).to.equal(2);
    expect(plans.map(({ slug, active }) => [slug, active])).to.deep.equal([
      ["free", true],
      ["pro", true],
      ["old", false],
    ]);
    expect(fixture.publisher.created).to.have.length(2);
  });

  it("P10 gives up, to be tried again, when others always come first", async () => {
    const catalog = { read: async () => undefined, save: async () => "conflict" as const };
    const billing = fixture.process({ store: { ...fixture.store, catalog } });
    expect(await synchronize(wanted, billing).catch((error: unknown) => error))
      .to.be.instanceOf(PortError)
      .with.property("transient", true);
  });

  it("P16 leaves one set of prices after two runs at once", async () => {
    await Promise.all([synchronize(), synchronize(wanted, fixture.process())]);
    const { plans } = await stored();
    const keys = plans.flatMap((plan) => plan.prices.map((price) => lookupKeyOf(plan, price)));
    const current = await fixture.publisher.prices(keys);
    expect(plans[1]?.prices.map(({ priceId }) => priceId)).to.deep.equal(
      current.map(({ priceId }) => priceId),
    );
  });
});

describe("lookupKeyOf", () => {
  it("P20 names a price by its plan and interval only", () => {
    const plan = definition("pro", 2, { month: 5 });
    const keys = [1, 2].map((amount) =>
      lookupKeyOf(plan, { interval: "year", amount, currency: "eur" }),
    );
    expect(keys).to.deep.equal(["mailingcore_pro_year", "mailingcore_pro_year"]);
  });
});
