import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { sampleAccountSubscription, TENANT } from "../../samples/account.ts";
import { NO_PAPERWORK } from "../../samples/catalog.ts";

const wish = {
  tenantId: TENANT,
  packSlug: "starter",
  successUrl: "https://app.example.com/ok",
  cancelUrl: "https://app.example.com/cancel",
};

describe("StartPackCheckout", () => {
  const fixture = useBilling();

  const start = (changes = {}) =>
    fixture.billing.startPackCheckout.execute({ ...wish, ...changes });

  it("P20 opens a Checkout at the catalogue's price, for the tenant's own customer", async () => {
    expect(await start()).to.deep.equal({ type: "started", url: "https://pay.example/cs_pack_1" });
    expect(fixture.packs.requests).to.deep.equal([
      {
        tenantId: TENANT,
        customerId: "cus_1",
        priceId: "price_pack_starter",
        packSlug: "starter",
        tokens: 1_000,
        successUrl: wish.successUrl,
        cancelUrl: wish.cancelUrl,
        paperwork: NO_PAPERWORK,
        invoice: true,
      },
    ]);
    expect((await fixture.account())?.customerId).to.equal("cus_1");
  });

  it("P18 neither needs a subscription nor disturbs one, nor its Checkout", async () => {
    await fixture.addCustomer();
    await fixture.save({ subscription: sampleAccountSubscription() });
    expect((await start()).type).to.equal("started");
    await fixture.save({ subscription: null });
    const plan = { ...wish, planSlug: "pro" };
    await fixture.billing.startCheckout.execute(plan);
    const before = await fixture.account();
    await start();
    expect(await fixture.account()).to.deep.equal(before);
    expect(fixture.payments.checkouts.map(({ state }) => state)).to.deep.equal(["open"]);
  });

  it("P16 makes one customer for 20 first Checkouts at once", async () => {
    await Promise.all(Array.from({ length: 20 }, () => start()));
    expect(fixture.payments.customers.size).to.equal(1);
    const customers = new Set(fixture.packs.requests.map(({ customerId }) => customerId));
    expect(customers.size).to.equal(1);
  });

  it("P22 makes a Checkout of its own for every call", async () => {
    await start();
    await start();
    expect(new Set(fixture.packs.keys).size).to.equal(2);
  });

  it("refuses packs that do not exist or are no longer offered", async () => {
    expect(await start({ packSlug: "gold" })).to.deep.equal({
      type: "unknown_pack",
      packSlug: "gold",
    });
    expect(await start({ packSlug: "old" })).to.deep.include({ type: "pack_not_purchasable" });
    expect(await start({ packSlug: "pro" })).to.deep.include({ type: "unknown_pack" });
    expect(fixture.packs.requests).to.deep.equal([]);
  });

  it("P20 refuses to redirect to foreign origins", async () => {
    const evil = "https://evil.example/";
    const outcome = await start({ successUrl: evil, cancelUrl: evil });
    expect(outcome).to.have.property("type", "invalid_redirect");
    expect(outcome).to.have.property("problems").with.length(2);
    expect(fixture.payments.customers.size).to.equal(0);
  });
});
