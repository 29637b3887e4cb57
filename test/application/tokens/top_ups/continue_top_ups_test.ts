import { expect } from "chai";
import { PortError } from "../../../../src/application/ports/port_error.ts";
import { SETTINGS as SERVICE } from "../../../rig/billing_fixture.ts";
import { sampleCatalog } from "../../../samples/catalog.ts";
import { SETTINGS, tenantId, useTopUps } from "./top_up_rig.ts";

describe("ContinueTopUps", () => {
  const rig = useTopUps();
  const topUp = () => rig.fixture.store.topUps.find(tenantId);
  const work = () => rig.fixture.billing.continueTopUps.execute({ limit: 10 });

  beforeEach(async () => {
    await rig.fixture.billing.changeAutoTopUp.execute({ tenantId, ...SETTINGS });
    await rig.spend(100);
    await rig.fixture.billing.beginTopUp.execute({ tenantId });
  });

  it("P29 credits what is paid, once, and counts it", async () => {
    rig.outcome = { type: "paid", invoiceId: "in_top_up" };
    const pack = { packSlug: "starter", tokens: 1_000, amount: 500, paid: true, reversals: [] };
    rig.fixture.packs.truth = [{ sessionId: "in_top_up", ...pack }];
    expect(await work()).to.deep.equal({ continued: 1, failures: [] });
    expect(await topUp()).to.deep.include({ open: null, dueAt: null, bought: 1, settledSeq: 4 });
    const { balance } = await rig.fixture.billing.readTokens.execute({ tenantId, limit: 1 });
    expect(balance.packs).to.equal(1_400);
    expect(rig.requests[0]).to.deep.include({ tenantId, customerId: "cus_one", mayCharge: true });
    expect(await work()).to.deep.equal({ continued: 0, failures: [] });
  });

  it("P43 has tax computed where the pack or, if it says nothing, the service says so", async () => {
    const { fixture, requests } = rig;
    const asked = async (stripeAutomaticTax: boolean) => {
      fixture.now = new Date(+fixture.now + 3_600_000);
      const { continueTopUps } = fixture.process({ settings: { ...SERVICE, stripeAutomaticTax } });
      await continueTopUps.execute({ limit: 10 });
      return requests.at(-1)?.automaticTax;
    };
    expect([await asked(false), await asked(true)]).to.deep.equal([false, true]);
    const { catalog } = fixture.store;
    for (const automaticTax of [true, false]) {
      const stored = (await catalog.read()) ?? sampleCatalog();
      const packs = stored.packs.map((pack) => ({ ...pack, automaticTax }));
      expect(await catalog.save({ ...stored, packs })).to.equal("saved");
      expect([await asked(false), await asked(true)]).to.deep.equal([automaticTax, automaticTax]);
    }
  });

  it("stops after a refusal, says why, and tells whoever listens", async () => {
    const heard: unknown[] = [];
    const billing = rig.fixture.process({
      webhookSender: {
        problemOf: () => null,
        send: async (_target, delivery) => {
          heard.push(JSON.parse(delivery.body));
          return 200;
        },
      },
    });
    const url = "https://hooks.example.com/billing";
    await billing.addWebhookEndpoint.execute({ url, events: ["tokens.top_up_stopped"] });
    rig.fixture.now = new Date(+rig.fixture.now + 1_000);
    rig.outcome = { type: "refused", reason: "card_declined" };
    await work();
    const { stopped, enabled } = await billing.readAutoTopUp.execute({ tenantId });
    expect(enabled).to.equal(false);
    expect(stopped).to.include({ reason: "card_declined", packSlug: "starter", seq: 3 });
    for (let time = 0; time < 2; time += 1) {
      await billing.tellTenant.execute({ tenantId });
      await billing.deliverNotifications.execute({ limit: 10 });
    }
    expect(heard).to.have.length(1);
    expect(heard[0]).to.deep.include({
      type: "tokens.top_up_stopped",
      data: { seq: 3, packSlug: "starter", reason: "card_declined" },
    });
  });

  it("charges nothing any more once it was switched off", async () => {
    await rig.fixture.billing.changeAutoTopUp.execute({ tenantId, ...SETTINGS, enabled: false });
    rig.outcome = { type: "withdrawn" };
    await work();
    expect(rig.requests[0]?.mayCharge).to.equal(false);
    expect(await topUp()).to.deep.include({ open: null, bought: 0, stopped: null });
  });

  it("charges nothing that the tenant no longer wants, and begins what it wants instead", async () => {
    const { fixture } = rig;
    await fixture.billing.changeAutoTopUp.execute({ tenantId, ...SETTINGS, packSlug: "growth" });
    rig.outcome = { type: "withdrawn" };
    await work();
    expect(rig.requests[0]).to.include({ packSlug: "starter", mayCharge: false });
    expect((await topUp())?.open).to.include({ seq: 3, packSlug: "growth" });
  });

  it("charges no price that the pack no longer has", async () => {
    const { catalog } = rig.fixture.store;
    const stored = (await catalog.read()) ?? sampleCatalog();
    const packs = stored.packs.map((pack) => ({ ...pack, priceId: `${pack.priceId}_new` }));
    expect(await catalog.save({ ...stored, packs })).to.equal("saved");
    rig.outcome = { type: "withdrawn" };
    await work();
    expect(rig.requests[0]).to.include({ priceId: "price_pack_starter", mayCharge: false });
    expect((await topUp())?.open).to.include({ seq: 3, priceId: "price_pack_starter_new" });
  });

  it("looks again later at a payment that takes days, and after a failure", async () => {
    await work();
    expect((await topUp())?.dueAt).to.deep.equal(new Date(+rig.fixture.now + 600_000));
    rig.fixture.now = new Date(+rig.fixture.now + 600_000);
    const failure = new PortError("Cannot charge: no answer", { transient: true });
    rig.fixture.packs.topUp = () => Promise.reject(failure);
    expect((await work()).failures).to.deep.equal([failure]);
    expect(await work()).to.deep.equal({ continued: 0, failures: [] });
    expect((await topUp())?.open).to.not.equal(null);
  });

  it("reports whatever fails for a purchase, and keeps no other from its turn", async () => {
    const failure = new TypeError("Cannot read the payment");
    rig.fixture.packs.topUp = () => Promise.reject(failure);
    expect(await work()).to.deep.equal({ continued: 0, failures: [failure] });
  });
});
