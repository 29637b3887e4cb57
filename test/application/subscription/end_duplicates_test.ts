import { expect } from "chai";
import type { NoteChange } from "../../../src/application/ports/audit/note_change.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { EndDuplicates } from "../../../src/application/subscription/end_duplicates.ts";
import type {
  BillingAlert,
  DuplicateAlert,
} from "../../../src/domain/subscription/billing_alert.ts";
import type { Invoice } from "../../../src/domain/subscription/invoice.ts";
import type { Subscription } from "../../../src/domain/subscription/subscription.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import { sampleInvoice, sampleLine, sampleSubscription } from "../../samples/subscription.ts";

const kept = sampleSubscription({ id: "sub_old" });
const newer = sampleSubscription({ id: "sub_new", createdAt: at("2026-03-11") });
const firstPayment = sampleInvoice({ id: "in_new", billingReason: "subscription_create" });

describe("EndDuplicates", () => {
  const fixture = useBilling();
  let alerts: DuplicateAlert[];
  let notes: Parameters<NoteChange>[0][];

  beforeEach(async () => {
    await fixture.addCustomer();
    fixture.payments.setTruth("cus_one", { subscriptions: [kept, newer] });
    fixture.payments.setInvoices("sub_new", [firstPayment]);
    alerts = [];
    notes = [];
  });

  function ending(refundDuplicates = true) {
    const raiseAlert = (alert: BillingAlert) => {
      if (alert.type === "duplicate_subscription") {
        alerts.push(alert);
      }
    };
    const noteChange: NoteChange = async (note) => {
      notes.push(note);
    };
    const ports = { payments: fixture.payments, raiseAlert, noteChange };
    return new EndDuplicates(ports, { refundDuplicates });
  }

  function end(changes: Partial<Subscription> = {}, endDuplicates = ending()) {
    const older = { ...kept, ...changes };
    return endDuplicates.execute({ tenantId: TENANT, kept: older, duplicates: [newer] });
  }

  async function statuses() {
    const found = await fixture.payments.subscriptions("cus_one");
    return found?.map(({ status }) => status);
  }

  const about = {
    type: "duplicate_subscription",
    tenantId: TENANT,
    keptId: "sub_old",
    duplicateId: "sub_new",
  };

  it("P18 gives the newer payment back, ends its subscription and tells the operator", async () => {
    await end();
    expect(fixture.payments.refunds).to.deep.equal(["in_new"]);
    expect(await statuses()).to.deep.equal(["active", "canceled"]);
    expect(alerts).to.deep.equal([{ ...about, action: "ended", refunded: 3_000 }]);
  });

  it("P18 P38 leaves an entry in the audit trail before it ends one, none where it only reports", async () => {
    fixture.payments.before("cancelSubscription", () => {
      expect(notes).to.have.length(1);
    });
    await end();
    await end({}, ending(false));
    expect(notes).to.deep.equal([
      {
        tenantId: TENANT,
        fields: [
          { field: "duplicates.sub_new.keptInstead", before: null, after: "sub_old" },
          { field: "duplicates.sub_new.refunded", before: null, after: 3_000 },
          { field: "duplicates.sub_new.status", before: "active", after: "canceled" },
        ],
      },
    ]);
  });

  it("P18 ends one that cost nothing without a refund", async () => {
    const lines = [sampleLine("pro", monthsFrom("2026-03-11"), { amount: 0 })];
    fixture.payments.setInvoices("sub_new", [{ ...firstPayment, lines, total: 0 }]);
    await end({ status: "trialing" });
    expect(fixture.payments.refunds).to.deep.equal([]);
    expect(await statuses()).to.deep.equal(["active", "canceled"]);
  });

  it("P18 is done by the next look at the provider, which grants once", async () => {
    const { syncSubscription, grantMonthlyTokens } = fixture.billing;
    fixture.payments.setInvoices("sub_old", [sampleInvoice({ id: "in_old" })]);
    await syncSubscription.execute({ tenantId: TENANT });
    await grantMonthlyTokens.execute({ tenantId: TENANT });
    expect(await statuses()).to.deep.equal(["active", "canceled"]);
    await syncSubscription.execute({ tenantId: TENANT });
    await grantMonthlyTokens.execute({ tenantId: TENANT });
    expect(fixture.payments.refunds).to.deep.equal(["in_new"]);
    expect((await fixture.account())?.subscription?.id).to.equal("sub_old");
    expect(await fixture.ledger()).to.have.length(1);
    const { entries } = await fixture.billing.listAuditEntries.execute({
      tenantId: TENANT,
      limit: 10,
    });
    const fields = entries.flatMap((entry) => entry.fields.map(({ field }) => field));
    expect(fields.filter((field) => field === "duplicates.sub_new.status")).to.have.length(1);
  });

  it("P18 only reports under the policy report, once per process", async () => {
    const endDuplicates = ending(false);
    await end({}, endDuplicates);
    await end({}, endDuplicates);
    expect(await statuses()).to.deep.equal(["active", "active"]);
    expect(fixture.payments.refunds).to.deep.equal([]);
    expect(alerts).to.deep.equal([{ ...about, action: "reported", refunded: 0 }]);
  });

  for (const status of ["past_due", "unpaid", "incomplete", "paused"] as const) {
    it(`P18 only reports where the older one is ${status}: somebody has to decide`, async () => {
      await end({ status });
      expect(await statuses()).to.deep.equal(["active", "active"]);
      expect(alerts.map(({ action }) => action)).to.deep.equal(["reported"]);
    });
  }

  it("P18 only reports a second subscription that has renewed", async () => {
    const renewal: Invoice = { ...firstPayment, id: "in_2", billingReason: "subscription_cycle" };
    fixture.payments.setInvoices("sub_new", [renewal, firstPayment]);
    await end();
    expect(await statuses()).to.deep.equal(["active", "active"]);
    expect(alerts.map(({ action }) => action)).to.deep.equal(["reported"]);
  });

  it("P18 refunds before it ends, so that a crash between the two is made good", async () => {
    const crash = new PortError("Cannot cancel: no answer", { transient: true });
    fixture.payments.before("cancelSubscription", () => Promise.reject(crash));
    expect(await end().catch((error: unknown) => error)).to.equal(crash);
    expect(await statuses()).to.deep.equal(["active", "active"]);
    await end();
    expect(fixture.payments.refunds, "the same key").to.deep.equal(["in_new"]);
    expect(await statuses()).to.deep.equal(["active", "canceled"]);
  });

  it("P22 gets over a refund whose failure is kept under its key", async () => {
    const lost = new PortError("Cannot refund: status 500", { transient: true, keySpent: true });
    fixture.payments.before("refundInvoice", () => Promise.reject(lost));
    await end();
    expect(fixture.payments.refunds).to.deep.equal(["in_new"]);
    expect(new Set(fixture.payments.keys).size).to.equal(2);
  });
});
