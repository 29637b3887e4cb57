import { expect } from "chai";
import { attentionItem } from "../../../src/domain/attention/attention_kinds.ts";
import type { InvoiceReversal } from "../../../src/domain/subscription/payment_reversal.ts";
import { SETTINGS, useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";
import { sampleInvoice, sampleSubscription } from "../../samples/subscription.ts";

const dispute: InvoiceReversal = {
  id: "dp_1",
  kind: "dispute",
  createdAt: at("2026-03-12"),
  amount: 3_000,
  inForce: true,
  invoiceId: "in_one",
};

describe("FollowReversals", () => {
  const fixture = useBilling();
  beforeEach(async () => {
    await fixture.addCustomer();
    fixture.payments.setTruth("cus_one", {
      subscriptions: [sampleSubscription()],
      invoices: [sampleInvoice()],
    });
    fixture.payments.reversals = [dispute];
  });

  async function synchronize(reversals: boolean, chargebackPolicy: "report" | "end" = "report") {
    const { synchronizeTenant } = fixture.process({ settings: { ...SETTINGS, chargebackPolicy } });
    await synchronizeTenant.execute({ tenantId: TENANT, reversals });
  }

  const asked = () => fixture.payments.count("reversedPayments");
  const list = async () => (await fixture.billing.listAttention.execute({ limit: 9 })).items;
  const status = async () => (await fixture.payments.read("cus_one")).subscriptions[0]?.status;

  it("P41 asks where an event wants it, and then while something is open", async () => {
    await synchronize(false);
    expect([asked(), await list()]).to.deep.equal([0, []]);
    await synchronize(true);
    expect((await list()).map(({ subject }) => subject)).to.deep.equal(["dp_1"]);
    fixture.payments.reversals = [{ ...dispute, inForce: false }];
    await synchronize(false);
    expect([asked(), await list()]).to.deep.equal([2, []]);
    await synchronize(false);
    expect(asked(), "nothing is open any more").to.equal(2);
  });

  it("P41 asks no more once an operator has resolved it, and does not raise it again", async () => {
    await synchronize(true);
    const [item] = await list();
    await fixture.billing.resolveAttention.execute({ id: item?.id ?? "", operator: "Ada" });
    await synchronize(false);
    expect(asked()).to.equal(1);
    await synchronize(true, "end");
    expect([await list(), await status()], "what is resolved ends nothing").to.deep.equal([
      [],
      "active",
    ]);
  });

  it("P41 keeps a refund of an earlier customer that has failed, which this look cannot see", async () => {
    const item = attentionItem("refund_failed", {
      tenantId: TENANT,
      subject: "in_earlier",
      money: { amount: 500, currency: "eur" },
      since: fixture.now,
    });
    await fixture.store.attention.raise(item, { revision: 1, at: fixture.now });
    fixture.payments.reversals = [];
    await synchronize(true);
    expect((await list()).map(({ id }) => id)).to.deep.equal([item.id]);
  });

  it("P41 ends the subscription only by that policy, and looks again at once", async () => {
    await synchronize(true);
    expect(await status()).to.equal("active");
    await synchronize(true, "end");
    expect(await status()).to.equal("canceled");
    expect((await fixture.account())?.subscription?.status).to.equal("canceled");
    expect((await list()).map(({ subject }) => subject)).to.deep.equal(["dp_1"]);
  });

  it("P37 a dry run asks nothing, names nothing and ends nothing", async () => {
    fixture.records.reversed = ["cus_one"];
    const settings = { ...SETTINGS, chargebackPolicy: "end" } as const;
    const { reconcile } = fixture.process({ settings });
    await reconcile.execute({ dryRun: true });
    expect([await list(), await status()]).to.deep.equal([[], "active"]);
    await reconcile.execute({});
    expect((await list()).map(({ subject }) => subject)).to.deep.equal(["dp_1"]);
    expect(await status()).to.equal("canceled");
  });

  it("P37 a comparison of all tenants asks for those only that a list names", async () => {
    await fixture.billing.reconcile.execute({});
    expect(asked()).to.equal(0);
    fixture.records.reversed = ["cus_one", "cus_one"];
    await fixture.billing.reconcile.execute({});
    expect(asked()).to.equal(1);
  });
});
