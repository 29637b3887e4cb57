import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type { ReceivedPayment } from "../../../src/domain/subscription/findings/foreign.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { at } from "../../samples/dates.ts";
import { sampleSubscription } from "../../samples/subscription.ts";

const SUBSCRIPTION = sampleSubscription({ id: "sub_9", customerId: "cus_nine" });
const [ITEM] = SUBSCRIPTION.items;
const ENDPOINT = { endpointId: "we_1", url: "https://billing.example.com/webhook", enabled: false };

describe("NameForeign", () => {
  const fixture = useBilling();

  async function named(): Promise<string[]> {
    await fixture.billing.reconcile.execute({});
    const { items } = await fixture.billing.listAttention.execute({ limit: 9 });
    return items.map(({ id }) => id);
  }

  it("P41 names live subscriptions of our plans that no tenant has", async () => {
    fixture.records.live = [
      SUBSCRIPTION,
      {
        ...SUBSCRIPTION,
        id: "sub_other",
        items: ITEM ? [{ ...ITEM, productId: "prod_elsewhere" }] : [],
      },
      { ...SUBSCRIPTION, id: "sub_unpaid", status: "incomplete" },
    ];
    expect(await named()).to.have.length(1);
    fixture.records.live = [];
    expect(await named()).to.deep.equal([]);
  });

  it("P41 leaves tenants' own customers to their looks", async () => {
    await fixture.addCustomer("cus_nine");
    fixture.records.live = [SUBSCRIPTION];
    expect(await named()).to.deep.equal([]);
  });

  const PAYMENT: ReceivedPayment = {
    id: "pi_9",
    source: "checkout",
    customerId: "cus_nine",
    subscriptionId: null,
    amount: 500,
    sold: [{ productId: "prod_pack_starter", amount: 500, recurring: false }],
    packFor: null,
    namesTenant: false,
    paidAt: at("2026-03-10"),
  };
  const id = "unexplained_payment:-:pi_9";

  it("P41 names money of nobody's customer and of guests, until it was given back", async () => {
    for (const customerId of ["cus_nine", null]) {
      fixture.records.kept.set("pi_9", 500);
      fixture.records.paid = [{ ...PAYMENT, customerId }];
      expect(await named()).to.deep.equal([id]);
      fixture.records.kept.set("pi_9", 0);
      expect(await named()).to.deep.equal([]);
    }
  });

  it("P41 keeps what it has named when its list is no longer read, until it was given back", async () => {
    fixture.records.paid = [PAYMENT];
    expect(await named()).to.deep.equal([id]);
    fixture.now = new Date(+fixture.now + 90 * 86_400_000);
    expect(await named(), "later").to.deep.equal([id]);
    fixture.records.kept.set("pi_9", 0);
    expect(await named(), "given back").to.deep.equal([]);
  });

  it("P41 says nothing new of a deleted customer, who may have been the tenant's that is named", async () => {
    fixture.records.deleted.add("cus_nine");
    fixture.records.paid = [{ ...PAYMENT, namesTenant: true }];
    expect(await named()).to.deep.equal([]);
    fixture.records.deleted.clear();
    expect(await named()).to.deep.equal([id]);
    fixture.records.deleted.add("cus_nine");
    expect(await named(), "known already").to.deep.equal([id]);
  });

  it("P41 names a subscription's payments only where it names no subscription", async () => {
    fixture.records.live = [SUBSCRIPTION];
    fixture.records.paid = [
      {
        ...PAYMENT,
        id: "in_9",
        source: "invoice",
        subscriptionId: "sub_9",
        sold: [{ productId: "prod_pro", amount: 500, recurring: true }],
      },
    ];
    expect(await named()).to.deep.equal(["unexplained_subscription:-:sub_9"]);
    fixture.records.live = [];
    expect(await named()).to.deep.equal(["unexplained_payment:-:in_9"]);
  });

  it("P41 names all that was paid for a subscription once it has ended, however long ago, until it went back", async () => {
    const sold = [{ productId: "prod_pro", amount: 500, recurring: true }];
    const invoice = { ...PAYMENT, source: "invoice", subscriptionId: "sub_9", sold } as const;
    fixture.records.paid = [
      { ...invoice, id: "in_old", paidAt: at("2025-06-01") },
      { ...invoice, id: "in_9" },
    ];
    fixture.records.live = [SUBSCRIPTION];
    expect(await named()).to.deep.equal(["unexplained_subscription:-:sub_9"]);
    fixture.records.live = [];
    fixture.records.deleted.add("cus_nine");
    const both = ["unexplained_payment:-:in_9", "unexplained_payment:-:in_old"];
    expect(await named()).to.have.members(both);
    expect(await named(), "again").to.have.members(both);
    fixture.records.kept.set("in_old", 0);
    expect(await named(), "given back").to.deep.equal(["unexplained_payment:-:in_9"]);
  });

  it("P41 takes nothing off the list in a run that was cut off", async () => {
    fixture.records.paid = [PAYMENT];
    expect(await named()).to.deep.equal([id]);
    fixture.records.failure = new PortError("Cannot list the subscriptions", { transient: true });
    await fixture.billing.reconcile.execute({}).catch(() => undefined);
    const { items } = await fixture.billing.listAttention.execute({ limit: 9 });
    expect(items.map((item) => item.id)).to.deep.equal([id]);
  });

  it("P41 a payment that cannot be read hides none of the others, and is told", async () => {
    const unreadable = new PortError('Cannot read payment "pi_8": no charge', { transient: false });
    fixture.records.paid = [{ ...PAYMENT, id: "pi_7" }];
    await named();
    fixture.records.paid = ["pi_7", "pi_8", "pi_9"].map((one) => ({ ...PAYMENT, id: one }));
    fixture.records.unreadable.set("pi_8", unreadable).set("pi_7", unreadable);
    fixture.records.managed = [ENDPOINT];
    const outcome = await fixture.billing.reconcile.execute({});
    expect(outcome).to.deep.include({ failures: [unreadable.message, unreadable.message] });
    expect(await named()).to.have.members([
      "unexplained_payment:-:pi_7",
      id,
      "webhook_endpoint_disabled:-:we_1",
    ]);
  });

  it("P41 a list that breaks off names what came before, and takes nothing off", async () => {
    fixture.records.paid = [PAYMENT];
    await named();
    fixture.records.paid = [{ ...PAYMENT, id: "pi_7" }];
    fixture.records.breaksOff = new PortError("Cannot list the charges", { transient: true });
    const outcome = await fixture.billing.reconcile.execute({});
    expect(outcome).to.deep.include({ failures: ["Cannot list the charges"], complete: true });
    expect(await named()).to.have.members([id, "unexplained_payment:-:pi_7"]);
  });

  it("P41 names a disabled endpoint of ours, unless another takes its place", async () => {
    fixture.records.managed = [ENDPOINT];
    expect(await named()).to.have.length(1);
    fixture.records.managed = [ENDPOINT, { ...ENDPOINT, endpointId: "we_2", enabled: true }];
    expect(await named()).to.deep.equal([]);
  });

  it("P41 a run over one tenant, or a dry run, names nothing", async () => {
    fixture.records.managed = [ENDPOINT];
    await fixture.billing.reconcile.execute({ dryRun: true });
    await fixture.billing.reconcile.execute({ tenantId: "t_none" });
    expect((await fixture.billing.listAttention.execute({ limit: 9 })).items).to.deep.equal([]);
  });
});
