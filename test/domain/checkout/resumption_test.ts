import { expect } from "chai";
import { resumptionStep } from "../../../src/domain/checkout/resumption.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import type {
  SnapshotInvoice,
  SnapshotSubscription,
} from "../../../src/domain/subscription/customer_snapshot.ts";
import { SUBSCRIPTION_STATUSES } from "../../../src/domain/subscription/subscription.ts";
import { synchronizeAccount } from "../../../src/domain/subscription/synchronize_account.ts";
import { MARCH, TENANT } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { at } from "../../samples/dates.ts";
import { credit, snapshot as snapshotOf } from "../../samples/snapshot.ts";
import { sampleInvoice, sampleSubscription } from "../../samples/subscription.ts";

const NOW = at("2026-03-15");
const CUSTOMER = { ...newAccount(TENANT), customerId: "cus_one" };

function step(
  changes: Partial<SnapshotSubscription>,
  invoices: readonly SnapshotInvoice[] = [sampleInvoice()],
  { now = NOW, pending = snapshotOf([], []).pendingLines } = {},
) {
  const subscriptions = [sampleSubscription({ status: "paused", ...changes })];
  const snapshot = snapshotOf(subscriptions, invoices, pending);
  const settings = { catalog: sampleCatalog(), now, graceDays: 14, refundDuplicates: true };
  return resumptionStep(
    { account: synchronizeAccount(CUSTOMER, snapshot, settings), snapshot },
    now,
  );
}

describe("resumptionStep", () => {
  const occasion = `sub_one:${+MARCH.start}:in_one`;
  const resume = { type: "resume", subscriptionId: "sub_one", keepsPeriod: true, occasion };

  it("P17 is nothing but for a subscription that is paused", () => {
    for (const status of SUBSCRIPTION_STATUSES) {
      const found = step({ status });
      const isLive = status !== "canceled" && status !== "incomplete_expired";
      const running = isLive ? { type: "running", status } : { type: "no_subscription" };
      expect(found).to.deep.equal(status === "paused" ? resume : running);
    }
    const none = resumptionStep({ account: CUSTOMER, snapshot: null }, NOW);
    expect(none).to.deep.equal({ type: "no_subscription" });
  });

  it("P17 is refused by Stripe for invoices by e-mail, which is known before", () => {
    expect(step({ collectionMethod: "send_invoice" })).to.deep.equal({ type: "invoiced_by_email" });
  });

  it("P17 is to pay what is open first, which never makes a second invoice", () => {
    const open = sampleInvoice({
      id: "in_two",
      status: "open",
      hostedUrl: "https://pay.example/2",
    });
    const url = "https://pay.example/2";
    expect(step({}, [sampleInvoice(), open])).to.deep.equal({ type: "payment_required", url });
    const gone = { ...open, status: "void" as const };
    expect(step({}, [sampleInvoice(), { ...gone, order: 1 }])).to.deep.include({
      type: "resume",
      occasion: `sub_one:${+MARCH.start}:in_two`,
    });
  });

  it("P17 is to wait while what is open is being paid", () => {
    const debit = sampleInvoice({
      id: "in_two",
      status: "open",
      hostedUrl: "https://pay.example/2",
      amountRemaining: 3_000,
      amountProcessing: 3_000,
    });
    expect(step({}, [sampleInvoice(), debit])).to.deep.equal({
      type: "waiting",
      for: "processing",
      retryAt: null,
    });
  });

  it("keeps a period that is paid, unless it is over or was given back", () => {
    const credited = credit("pro", at("2026-03-12"), MARCH, "in_one");
    const own = { ...credited, subscriptionId: "sub_one" };
    const paid = sampleInvoice();
    const keeps = [
      step({}),
      step({}, [paid], { now: at("2026-04-09") }),
      step({}, [paid], { now: MARCH.end }),
      step({}, [paid], { pending: [own] }),
      step({}, [paid, sampleInvoice({ id: "in_two", order: 1, lines: [own] })]),
      step({}, [sampleInvoice({ status: "void" })]),
      step({}, []),
    ].map((found) => found.type === "resume" && found.keepsPeriod);
    expect(keeps).to.deep.equal([true, true, false, false, false, false, false]);
  });

  it("P22 names each pause by what does not change while it lasts", () => {
    const anchor = at("2026-03-14");
    expect(step({ billingCycleAnchor: anchor })).to.have.property(
      "occasion",
      `sub_one:${+anchor}:in_one`,
    );
    expect(step({}, [])).to.have.property("occasion", `sub_one:${+MARCH.start}:none`);
  });
});
