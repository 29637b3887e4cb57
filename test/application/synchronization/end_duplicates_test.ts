import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type { BillingAlert } from "../../../src/domain/subscription/billing_alert.ts";
import type {
  SnapshotInvoice,
  SnapshotSubscription,
} from "../../../src/domain/subscription/customer_snapshot.ts";
import { BillingFixture, SETTINGS } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import { sampleInvoice, sampleLine, sampleSubscription } from "../../samples/subscription.ts";

const kept = sampleSubscription({ id: "sub_old" });
const newer = sampleSubscription({ id: "sub_new", createdAt: at("2026-03-11") });
const keptInvoice = sampleInvoice({ id: "in_old", billingReason: "subscription_create" });
const newerLines = [sampleLine("pro", monthsFrom("2026-03-11"))];
const firstPayment = sampleInvoice({
  id: "in_new",
  billingReason: "subscription_create",
  lines: newerLines,
});
const REFUSED = new PortError("Cannot refund: the balance is too low", { transient: false });

describe("EndDuplicates", () => {
  let fixture: BillingFixture;
  let alerts: BillingAlert[];

  beforeEach(async () => {
    fixture = await BillingFixture.open();
    await fixture.addCustomer();
    alerts = [];
    setTruth();
  });
  afterEach(() => fixture.close());

  function setTruth(
    changes: Partial<SnapshotSubscription> = {},
    invoices: readonly SnapshotInvoice[] = [firstPayment],
  ): void {
    const subscriptions = [{ ...kept, ...changes }, newer];
    fixture.payments.setTruth("cus_one", { subscriptions, invoices: [keptInvoice] });
    fixture.payments.setInvoices("sub_new", invoices);
  }

  /** One look at the provider by a process of its own. */
  function look(refundDuplicates = true) {
    const raiseAlert = (alert: BillingAlert) => {
      alerts.push(alert);
    };
    const settings = { ...SETTINGS, refundDuplicates };
    return fixture.process({ settings, raiseAlert }).synchronizeTenant.look({ tenantId: TENANT });
  }

  async function statuses() {
    const { subscriptions } = await fixture.payments.read("cus_one");
    return subscriptions.map(({ status }) => status);
  }

  const duplicates = () => alerts.filter(({ type }) => type === "duplicate_subscription");
  const attention = async () => {
    const { items } = await fixture.billing.listAttention.execute({ limit: 10 });
    return items.map(({ kind, subject, state }) => [kind, subject, state]);
  };
  const ended = async () => (await fixture.account())?.endedDuplicates;

  const about = {
    type: "duplicate_subscription",
    tenantId: TENANT,
    keptId: "sub_old",
    duplicateId: "sub_new",
  };

  it("P18 ends the newer subscription, gives its payment back and tells the operator", async () => {
    await look();
    expect(fixture.payments.refunds).to.deep.equal(["in_new"]);
    expect(await statuses()).to.deep.equal(["active", "canceled"]);
    expect(duplicates()).to.deep.equal([{ ...about, action: "ended", refunded: 3_000 }]);
    expect(await ended()).to.deep.equal([
      { id: "sub_new", givenBack: [{ invoiceId: "in_new", amount: 3_000 }] },
    ]);
    expect((await fixture.account())?.subscription?.id).to.equal("sub_old");
    expect(await attention()).to.deep.equal([]);
  });

  it("P18 gives back what the balance has paid, to the balance", async () => {
    const byBalance = { amountPaid: 1_000, startingBalance: -2_000, endingBalance: 0 };
    setTruth({}, [{ ...firstPayment, ...byBalance }]);
    await look();
    expect(fixture.payments.refunds).to.deep.equal(["in_new"]);
    expect(fixture.payments.credits).to.deep.equal([
      { customerId: "cus_one", invoiceId: "in_new", amount: 2_000, currency: "eur" },
    ]);
  });

  it("P18 P38 tells in the audit trail what was ended and given back, once", async () => {
    await look();
    await look();
    const { entries } = await fixture.billing.listAuditEntries.execute({
      tenantId: TENANT,
      limit: 10,
    });
    const fields = entries.flatMap(({ fields: all }) => all);
    const told = fields.filter(({ field }) => field.startsWith("endedDuplicates."));
    expect(told.toReversed()).to.have.deep.members([
      { field: "endedDuplicates.sub_new.ended", before: null, after: true },
      { field: "endedDuplicates.sub_new.givenBack.in_new", before: null, after: 3_000 },
    ]);
  });

  it("P18 ends one that cost nothing without a refund", async () => {
    const lines = [sampleLine("pro", monthsFrom("2026-03-11"), { amount: 0 })];
    setTruth({}, [{ ...firstPayment, lines, total: 0, amountPaid: 0 }]);
    await look();
    expect(fixture.payments.refunds).to.deep.equal([]);
    expect(await statuses()).to.deep.equal(["active", "canceled"]);
  });

  it("P18 grants the tenant's tokens once, and repeats nothing", async () => {
    for (let times = 0; times < 3; times += 1) {
      await look();
    }
    expect(fixture.payments.refunds).to.deep.equal(["in_new"]);
    expect(fixture.payments.count("cancelSubscription")).to.equal(1);
    expect(await fixture.ledger()).to.have.length(1);
    expect(duplicates()).to.have.length(1);
  });

  it("P18 gives back what is paid for it after it was ended", async () => {
    setTruth({}, [firstPayment]);
    await look();
    const late = sampleInvoice({ id: "in_late", lines: newerLines, finalizedAt: at("2026-03-12") });
    fixture.payments.setInvoices("sub_new", [late, firstPayment]);
    await look();
    expect(fixture.payments.refunds).to.deep.equal(["in_new", "in_late"]);
    expect((await ended())?.[0]?.givenBack.map(({ invoiceId }) => invoiceId)).to.deep.equal([
      "in_new",
      "in_late",
    ]);
  });

  it("P18 P41 only reports under the policy report, and names what is paid late", async () => {
    await look(false);
    expect(await statuses()).to.deep.equal(["active", "active"]);
    expect(fixture.payments.refunds).to.deep.equal([]);
    expect(duplicates()).to.deep.equal([{ ...about, action: "reported", refunded: 0 }]);
    expect(await attention()).to.deep.equal([["duplicate_reported", "sub_new", "open"]]);
    await look();
    expect(await attention()).to.deep.equal([]);
    const late = sampleInvoice({ id: "in_late", lines: newerLines, finalizedAt: at("2026-03-12") });
    fixture.payments.setInvoices("sub_new", [late, firstPayment]);
    await look(false);
    expect(fixture.payments.refunds).to.deep.equal(["in_new"]);
    expect(await attention()).to.deep.equal([["duplicate_paid_late", "in_late", "open"]]);
  });

  for (const status of ["past_due", "unpaid", "incomplete", "paused"] as const) {
    it(`P18 only reports where the older one is ${status}: somebody has to decide`, async () => {
      setTruth({ status });
      await look();
      expect(await statuses()).to.deep.equal([status, "active"]);
      expect(await attention()).to.deep.equal([["duplicate_reported", "sub_old", "open"]]);
    });
  }

  it("P18 only reports a second subscription that has renewed", async () => {
    const renewal = { ...firstPayment, id: "in_2", billingReason: "subscription_cycle" };
    setTruth({}, [renewal, firstPayment]);
    await look();
    expect(await statuses()).to.deep.equal(["active", "active"]);
    expect(await attention()).to.deep.equal([["duplicate_reported", "sub_new", "open"]]);
  });

  it("P18 P41 is held up by no refund that is refused: it is ended, and the money named", async () => {
    fixture.payments.before("refundInvoice", () => Promise.reject(REFUSED));
    await look();
    expect(await statuses()).to.deep.equal(["active", "canceled"]);
    expect(await fixture.ledger(), "tokens are granted").to.have.length(1);
    expect(await attention()).to.deep.equal([["refund_refused", "in_new", "open"]]);
    await look();
    expect(fixture.payments.refunds).to.deep.equal(["in_new"]);
    expect(await attention()).to.deep.equal([]);
  });

  for (const method of ["cancelSubscription", "refundInvoice", "read"] as const) {
    it(`P18 is made good after a crash at ${method}`, async () => {
      const crash = new PortError("no answer", { transient: true });
      if (method === "read") {
        fixture.payments.after("refundInvoice", () => Promise.reject(crash));
      } else {
        fixture.payments.before(method, () => Promise.reject(crash));
      }
      expect(await look().catch((error: unknown) => error)).to.equal(crash);
      expect(await fixture.ledger(), "nothing else waits for it").to.have.length(1);
      await look();
      expect(await statuses()).to.deep.equal(["active", "canceled"]);
      expect(fixture.payments.refunds, "once, under the same key").to.deep.equal(["in_new"]);
      expect((await ended())?.[0]?.givenBack).to.have.length(1);
    });
  }

  it("P22 gets over a refund whose failure is kept under its key", async () => {
    const lost = new PortError("Cannot refund: status 500", { transient: true, keySpent: true });
    fixture.payments.before("refundInvoice", () => Promise.reject(lost));
    await look();
    expect(fixture.payments.refunds).to.deep.equal(["in_new"]);
    expect(new Set(fixture.payments.keys).size).to.equal(2);
  });
});
