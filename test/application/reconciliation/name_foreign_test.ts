import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { attentionItem } from "../../../src/domain/attention/attention_kinds.ts";
import type { ReceivedPayment } from "../../../src/domain/subscription/findings/foreign.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";
import { packEntry } from "../../samples/ledger.ts";
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
    sold: [{ productId: "prod_pack_starter", amount: 500, quantity: 1, recurring: false }],
    packFor: null,
    tenantId: null,
    paidAt: at("2026-03-10"),
  };
  const id = "unexplained_payment:-:pi_9";

  it("P41 names money of nobody's customer and of guests, until it was given back", async () => {
    for (const customerId of ["cus_nine", null]) {
      fixture.payments.kept.set("pi_9", 500);
      fixture.records.paid = [{ ...PAYMENT, customerId }];
      expect(await named()).to.deep.equal([id]);
      fixture.payments.kept.set("pi_9", 0);
      expect(await named()).to.deep.equal([]);
    }
  });

  it("P41 keeps what it has named when its list is no longer read, until it was given back", async () => {
    fixture.records.paid = [PAYMENT];
    expect(await named()).to.deep.equal([id]);
    fixture.now = new Date(+fixture.now + 90 * 86_400_000);
    expect(await named(), "later").to.deep.equal([id]);
    fixture.payments.kept.set("pi_9", 0);
    expect(await named(), "given back").to.deep.equal([]);
  });

  const INVOICE: ReceivedPayment = {
    ...PAYMENT,
    id: "in_9",
    source: "invoice",
    subscriptionId: "sub_9",
    sold: [{ productId: "prod_pro", amount: 500, quantity: 1, recurring: true }],
    tenantId: TENANT,
  };

  it("P41 names what nobody's customer paid for a tenant that got nothing for it", async () => {
    fixture.records.paid = [INVOICE];
    expect(await named(), "there is no such tenant").to.deep.equal(["unexplained_payment:-:in_9"]);
    await fixture.save({});
    expect(await named()).to.deep.equal([`payment_without_sale:${TENANT}:in_9`]);
    await fixture.save({ inForce: ["sub_9"] });
    expect(await named(), "a month of it was in force").to.deep.equal([]);
    const ending = { at: at("2026-03-09"), when: "now", refund: null, redact: null } as const;
    await fixture.save({ ending });
    expect(await named(), "the tenant had ended").to.deep.equal([
      `payment_without_sale:${TENANT}:in_9`,
    ]);
    fixture.payments.kept.set("in_9", 0);
    expect(await named(), "given back").to.deep.equal([]);
  });

  it("P41 knows a tenant's earlier subscription that names nobody", async () => {
    await fixture.save({ inForce: ["sub_9"] });
    fixture.records.paid = [{ ...INVOICE, tenantId: null }];
    expect(await named()).to.deep.equal([]);
  });

  it("P41 names a pack of nobody's customer unless its tenant's ledger has it", async () => {
    await fixture.save({});
    fixture.records.paid = [{ ...PAYMENT, packFor: TENANT, tenantId: TENANT }];
    expect(await named()).to.deep.equal([`payment_without_sale:${TENANT}:pi_9`]);
    await fixture.store.ledger.append(await packEntry(undefined));
    expect(await named(), "by another Checkout").to.have.length(1);
    fixture.records.checkouts.set("pi_9", "cs_1");
    expect(await named(), "by this one").to.deep.equal([]);
  });

  it("P41 says whose a second customer's subscription is, as it or its customer tells", async () => {
    await fixture.addCustomer("cus_one");
    fixture.records.live = [{ ...SUBSCRIPTION, tenantId: TENANT }];
    expect(await named()).to.deep.equal([`misplaced_subscription:${TENANT}:sub_9`]);
    fixture.records.live = [{ ...SUBSCRIPTION, tenantId: "clnobody01" }];
    expect(await named()).to.deep.equal(["unexplained_subscription:-:sub_9"]);
    fixture.records.live = [{ ...SUBSCRIPTION, tenantId: null }];
    fixture.records.all = [{ customerId: "cus_nine", tenantId: TENANT, balance: 0 }];
    expect(await named()).to.deep.equal([`misplaced_subscription:${TENANT}:sub_9`]);
  });

  it("P41 clears what a look has named of an earlier customer only when it was given back", async () => {
    await fixture.addCustomer("cus_one");
    const facts = {
      tenantId: TENANT,
      subject: "in_9",
      subscriptionId: "sub_2",
      since: fixture.now,
    };
    const money = { amount: 500, currency: "eur" };
    const item = attentionItem("duplicate_paid_late", { ...facts, money });
    await fixture.store.attention.raise(item, { revision: 1, at: fixture.now });
    fixture.records.paid = [{ ...INVOICE, sold: [] }];
    expect(await named(), "kept").to.deep.equal([item.id]);
    fixture.payments.kept.set("in_9", 0);
    expect(await named(), "given back").to.deep.equal([]);
  });

  it("P41 names a failed refund of an earlier customer once, until what was due went back", async () => {
    const refund = { invoiceId: "in_9", amount: 300, currency: "eur" };
    const ending = { at: at("2026-03-11"), when: "now", refund, redact: "delete" } as const;
    await fixture.save({ inForce: ["sub_9"], ending });
    const money = { amount: 300, currency: "eur" };
    const facts = { tenantId: TENANT, subject: "in_9", money, since: fixture.now };
    const item = attentionItem("refund_failed", facts);
    await fixture.store.attention.raise(item, { revision: 1, at: fixture.now });
    fixture.records.paid = [INVOICE];
    for (const kept of [500, 201]) {
      fixture.payments.kept.set("in_9", kept);
      expect(await named(), `${kept} are kept`).to.deep.equal([item.id]);
    }
    fixture.payments.kept.set("in_9", 200);
    expect(await named(), "given back").to.deep.equal([]);
  });

  it("P41 names a subscription's payments only where it names no subscription", async () => {
    fixture.records.live = [SUBSCRIPTION];
    fixture.records.paid = [
      {
        ...PAYMENT,
        id: "in_9",
        source: "invoice",
        subscriptionId: "sub_9",
        sold: [{ productId: "prod_pro", amount: 500, quantity: 1, recurring: true }],
      },
    ];
    expect(await named()).to.deep.equal(["unexplained_subscription:-:sub_9"]);
    fixture.records.live = [];
    expect(await named()).to.deep.equal(["unexplained_payment:-:in_9"]);
  });

  it("P41 names all that was paid for a subscription once it has ended, however long ago, until it went back", async () => {
    const sold = [{ productId: "prod_pro", amount: 500, quantity: 1, recurring: true }];
    const invoice = { ...PAYMENT, source: "invoice", subscriptionId: "sub_9", sold } as const;
    fixture.records.paid = [
      { ...invoice, id: "in_old", paidAt: at("2025-06-01") },
      { ...invoice, id: "in_9" },
    ];
    fixture.records.live = [SUBSCRIPTION];
    expect(await named()).to.deep.equal(["unexplained_subscription:-:sub_9"]);
    fixture.records.live = [];
    const both = ["unexplained_payment:-:in_9", "unexplained_payment:-:in_old"];
    expect(await named()).to.have.members(both);
    expect(await named(), "again").to.have.members(both);
    fixture.payments.kept.set("in_old", 0);
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

  it("P41 a run that is told to stop asks about no further payment, and names nothing", async () => {
    const stop = new AbortController();
    fixture.records.paid = ["pi_7", "pi_8", "pi_9"].map((one) => ({ ...PAYMENT, id: one }));
    fixture.payments.before("keptMoney", () => stop.abort());
    await fixture.billing.reconcile.execute({ signal: stop.signal });
    expect(fixture.payments.count("keptMoney")).to.equal(1);
    const { items } = await fixture.billing.listAttention.execute({ limit: 9 });
    expect(items).to.deep.equal([]);
  });

  it("P41 a payment that cannot be read hides none of the others, and is told", async () => {
    const unreadable = new PortError('Cannot read payment "pi_8": no charge', { transient: false });
    fixture.records.paid = [{ ...PAYMENT, id: "pi_7" }];
    await named();
    fixture.records.paid = ["pi_7", "pi_8", "pi_9"].map((one) => ({ ...PAYMENT, id: one }));
    fixture.payments.unreadable.set("pi_8", unreadable).set("pi_7", unreadable);
    fixture.records.managed = [ENDPOINT];
    const outcome = await fixture.billing.reconcile.execute({});
    expect(outcome).to.deep.include({ failures: [unreadable.message, unreadable.message] });
    expect(await named()).to.have.members([
      "unexplained_payment:-:pi_7",
      id,
      "webhook_endpoint_disabled:-:we_1",
    ]);
  });

  it("P41 a tenant whose account cannot be read hides none of the others, and is told", async () => {
    await fixture.save({});
    await fixture.save({}, "cltenant02");
    fixture.records.paid = [
      { ...INVOICE, id: "in_8" },
      { ...INVOICE, id: "in_9", tenantId: "cltenant02" },
    ];
    expect(await named()).to.have.length(2);
    fixture.records.paid = [];
    fixture.records.managed = [ENDPOINT];
    const unreadable = new PortError("Cannot read the account", { transient: false });
    const { accounts } = fixture.store;
    const find = (tenantId: string) =>
      tenantId === TENANT ? Promise.reject(unreadable) : accounts.find(tenantId);
    const { reconcile } = fixture.process({
      store: {
        ...fixture.store,
        accounts: new Proxy(accounts, {
          get: (target, name) => (name === "find" ? find : Reflect.get(target, name).bind(target)),
        }),
      },
    });
    const outcome = await reconcile.execute({});
    expect(outcome).to.deep.include({ failures: [unreadable.message] });
    const { items } = await fixture.billing.listAttention.execute({ limit: 9 });
    expect(items.map((item) => item.id)).to.have.members([
      `payment_without_sale:${TENANT}:in_8`,
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
