import { expect } from "chai";
import type { TokenPackDefinition } from "../../../src/domain/catalog/catalog.ts";
import { catalogProblems } from "../../../src/domain/catalog/catalog.ts";
import { BillingFixture, useBilling } from "../../rig/billing_fixture.ts";
import { samplePlan } from "../../samples/catalog.ts";

const starter: TokenPackDefinition = {
  slug: "starter",
  name: "Starter",
  active: true,
  tokens: 10_000,
  amount: 500,
  currency: "eur",
};
const free = { ...samplePlan("free", 1), prices: [] };

describe("SyncCatalog: token packs", () => {
  const fixture = useBilling({ catalog: null });

  const synchronize = (packs?: readonly TokenPackDefinition[]) =>
    fixture.billing.syncCatalog.execute({ plans: [free], ...(packs && { packs }) });
  const stored = async () => (await fixture.store.catalog.read())?.packs;

  it("offers a pack at a one-time price of its own product", async () => {
    const outcome = await synchronize([starter]);
    expect(outcome).to.have.property("changes").with.length(6);
    expect(fixture.publisher.published.get("mailingcore_pack_starter")).to.include({
      name: "Starter: 10,000 AI tokens",
      packSlug: "starter",
    });
    expect(fixture.publisher.created).to.deep.equal([
      {
        priceId: "price_1",
        productId: "mailingcore_pack_starter",
        lookupKey: "mailingcore_pack_starter_once",
        amount: 500,
        currency: "eur",
        interval: null,
        taxBehavior: null,
      },
    ]);
    expect(await stored()).to.deep.equal([
      { ...starter, productId: "mailingcore_pack_starter", priceId: "price_1" },
    ]);
  });

  it("changes nothing when it is repeated", async () => {
    await synchronize([starter]);
    expect(await synchronize([starter])).to.deep.include({ changes: [] });
    expect(fixture.publisher.created).to.have.length(1);
  });

  it("P20 makes a new price for another amount or currency, under the same product", async () => {
    await synchronize([starter]);
    await synchronize([{ ...starter, amount: 600 }]);
    await synchronize([{ ...starter, amount: 600, currency: "usd" }]);
    expect(fixture.publisher.created.map(({ priceId }) => priceId)).to.have.length(3);
    expect((await stored())?.[0]).to.deep.include({ amount: 600, currency: "usd" });
    expect(fixture.publisher.published.size).to.equal(1);
  });

  it("keeps a pack that is no longer written as an inactive one", async () => {
    await synchronize([starter]);
    await synchronize();
    expect(await stored()).to.have.length(1);
    expect((await stored())?.[0]).to.deep.include({ slug: "starter", active: false });
    expect(await fixture.billing.listTokenPacks.execute()).to.deep.equal([]);
  });

  it("finds its products again when its own memory is lost", async () => {
    await synchronize([starter]);
    const other = await BillingFixture.open({ catalog: null });
    const billing = other.process({ payments: { publisher: fixture.publisher } });
    await billing.syncCatalog.execute({ plans: [free], packs: [starter] });
    const packs = (await other.store.catalog.read())?.packs;
    await other.close();
    expect(packs).to.deep.equal(await stored());
  });

  it("refuses a slug that is listed twice", () => {
    expect(catalogProblems({ plans: [free], packs: [starter, starter] })).to.deep.equal([
      { path: "packs[1].slug", message: 'Token pack "starter" is listed more than once' },
    ]);
  });
});
