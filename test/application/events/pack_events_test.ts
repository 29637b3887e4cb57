import { expect } from "chai";
import { PACK_EVENT_TYPES } from "../../../src/domain/events/billing_event.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { samplePack } from "../../samples/token_pack.ts";

const pack = samplePack();

describe("HandleStripeEvent: token packs", () => {
  const fixture = useBilling();
  beforeEach(async () => {
    await fixture.addCustomer();
    fixture.packs.truth = [pack];
  });

  async function handle(id: string, type: string, changes = {}) {
    const eventId = await fixture.receive({ id, type, ...changes });
    const outcome = await fixture.billing.handleStripeEvent.execute({ eventId });
    return outcome.type === "settled" ? outcome.outcome : outcome;
  }
  const packs = async () => (await fixture.store.ledger.last(TENANT))?.packs;

  for (const type of PACK_EVENT_TYPES) {
    it(`P29 looks at the tenant's packs for ${type}`, async () => {
      expect(await handle("evt_1", type)).to.deep.equal({ state: "done" });
      expect((await fixture.ledger()).map(({ key }) => key)).to.include("pack:cs_1");
    });
  }

  it("P23 credits a pack once for many events of it, also at once", async () => {
    const types = PACK_EVENT_TYPES.map((type, index) => handle(`evt_${index}`, type));
    await Promise.all(types);
    expect((await fixture.ledger()).filter(({ kind }) => kind === "pack")).to.have.length(1);
  });

  it("P09, P29 credits what was paid for when the customer's deletion is heard of first", async () => {
    fixture.payments.customers.set("cus_one", { tenantId: TENANT, deleted: true });
    expect(await handle("evt_1", "customer.deleted")).to.deep.equal({ state: "done" });
    expect((await fixture.account())?.customerId).to.equal(null);
    expect(await packs()).to.equal(1_000);
    const late = await handle("evt_2", "checkout.session.completed");
    expect(late).to.deep.include({ state: "unmatched" });
    expect(await packs()).to.equal(1_000);
  });

  it("P07 finds the tenant by the payment where a refund or dispute names no customer", async () => {
    fixture.packs.customers.set("about pi_1", "cus_one");
    for (const type of ["charge.dispute.created", "refund.created"]) {
      const event = { customerId: null, payload: "about pi_1" };
      expect(await handle(`evt_${type}`, type, event)).to.deep.equal({ state: "done" });
    }
    expect(await packs()).to.equal(1_000);
  });

  it("P06, P07 ignores a payment without a customer, and does not guess another product's", async () => {
    const event = { customerId: null, payload: "about pi_2" };
    expect(await handle("evt_1", "refund.created", event)).to.deep.include({ state: "ignored" });
    const foreign = await handle("evt_2", "charge.refunded", { customerId: "cus_foreign" });
    expect(foreign).to.deep.include({ state: "unmatched" });
  });

  it("P06 ignores a Checkout that names no customer", async () => {
    const outcome = await handle("evt_1", "checkout.session.completed", { customerId: null });
    expect(outcome).to.deep.include({ state: "ignored" });
  });

  it("looks at packs and at reversed payments only where an event may concern them", async () => {
    const looks = () => [fixture.packs.looks, fixture.payments.count("reversedPayments")];
    await handle("evt_1", "invoice.paid");
    expect(looks()).to.deep.equal([0, 0]);
    await handle("evt_2", "checkout.session.completed");
    expect(looks(), "a pack that was new is looked at again").to.deep.equal([2, 0]);
    await handle("evt_3", "charge.refunded");
    expect(looks()).to.deep.equal([3, 1]);
  });
});
