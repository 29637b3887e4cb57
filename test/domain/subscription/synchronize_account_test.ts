import { expect } from "chai";
import type { Invoice } from "../../../src/domain/subscription/invoice.ts";
import { SUBSCRIPTION_STATUSES } from "../../../src/domain/subscription/subscription.ts";
import {
  type CustomerTruth,
  opensPaidPeriod,
  synchronizeAccount,
} from "../../../src/domain/subscription/synchronize_account.ts";
import { sampleAccount } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import {
  sampleInvoice,
  sampleItem,
  sampleLine,
  sampleProration,
  sampleSubscription,
} from "../../samples/subscription.ts";

const march = monthsFrom("2026-03-10");
const april = monthsFrom("2026-04-10");

const withCheckout = sampleAccount({
  revision: 7,
  checkout: {
    attempt: 3,
    planSlug: "pro",
    interval: "month",
    priceId: "price_pro_month",
    successUrl: "https://app.example.com/ok",
    cancelUrl: "https://app.example.com/no",
    expiresAt: at("2026-03-11"),
    trialDays: null,
  },
});

function synchronized(changes: Partial<CustomerTruth>, account = sampleAccount()) {
  const truth = { deleted: false, subscription: sampleSubscription(), invoices: [], ...changes };
  return synchronizeAccount(account, truth, sampleCatalog());
}

describe("synchronizeAccount: the subscription", () => {
  it("P09 takes plan, interval, status and dates from the provider's truth", () => {
    const { subscription } = synchronized({ invoices: [sampleInvoice()] });
    expect(subscription).to.deep.equal({
      id: "sub_one",
      status: "active",
      planSlug: "pro",
      interval: "month",
      period: march,
      billingCycleAnchor: at("2026-03-10"),
      cancelAt: null,
      trialEnd: null,
      endedAt: null,
      unpaidSince: null,
      unpaidChangeSince: null,
    });
  });

  for (const status of SUBSCRIPTION_STATUSES) {
    it(`P09 reports ${status} as it is`, () => {
      const subscription = sampleSubscription({ status });
      expect(synchronized({ subscription }).subscription?.status).to.equal(status);
    });
  }

  it("P09 forgets a subscription that the customer does not have, and what it paid for", () => {
    const before = synchronized({ invoices: [sampleInvoice()] });
    const after = synchronized({ subscription: undefined }, before);
    expect(after).to.deep.include({ subscription: null, paidPeriod: null, customerId: "cus_one" });
  });

  it("P09 gives the same account again when nothing changed", () => {
    const invoices = [sampleInvoice()];
    const once = synchronized({ invoices });
    expect(synchronized({ invoices }, once)).to.deep.equal(once);
  });

  it("P09 leaves revision, tenant and the open Checkout alone", () => {
    const { tenantId, revision, checkout } = withCheckout;
    expect(synchronized({}, withCheckout)).to.deep.include({ tenantId, revision, checkout });
  });

  it("P11 takes plan and period from the plan's item, wherever it stands", () => {
    const extra = sampleItem("extra", { period: monthsFrom("2026-01-01"), interval: "year" });
    for (const items of [
      [extra, sampleItem("business")],
      [sampleItem("business"), extra],
    ]) {
      const { subscription } = synchronized({ subscription: sampleSubscription({ items }) });
      expect(subscription).to.deep.include({
        planSlug: "business",
        interval: "month",
        period: march,
      });
    }
  });

  it("P11 reports a product of no plan as no plan, with its period", () => {
    const items = [sampleItem("mystery")];
    const { subscription } = synchronized({ subscription: sampleSubscription({ items }) });
    expect(subscription).to.deep.include({ planSlug: null, period: march });
  });

  it("P11 refuses a subscription without items instead of inventing a period", () => {
    const subscription = sampleSubscription({ items: [] });
    expect(() => synchronized({ subscription })).to.throw(
      TypeError,
      'Cannot read subscription "sub_one": it has no items',
    );
  });

  it("P13 reports both kinds of pending cancellation as one date", () => {
    const byFlag = sampleSubscription({ cancelAtPeriodEnd: true });
    const byDate = sampleSubscription({ cancelAt: march.end });
    expect(synchronized({ subscription: byFlag }).subscription?.cancelAt).to.deep.equal(march.end);
    expect(synchronized({ subscription: byDate }).subscription?.cancelAt).to.deep.equal(march.end);
  });

  it("P16, P22 lets go of a customer that was deleted, and of the Checkout made for it", () => {
    const gone = synchronized({ deleted: true, subscription: undefined }, withCheckout);
    expect(gone).to.deep.equal(sampleAccount({ revision: 7, customerId: null }));
  });
});

describe("synchronizeAccount: unpaid renewals", () => {
  const paid = sampleInvoice({ id: "in_march" });
  const unpaid = sampleInvoice({
    id: "in_april",
    status: "open",
    lines: [sampleLine("pro", april)],
    finalizedAt: at("2026-04-10T01:00:00Z"),
  });

  function unpaidSince(invoices: readonly Invoice[]) {
    return synchronized({ invoices }).subscription?.unpaidSince;
  }

  it("P36 counts from the finalisation of the unpaid renewal", () => {
    expect(unpaidSince([unpaid, paid])).to.deep.equal(unpaid.finalizedAt);
  });

  it("P36 counts from the oldest of several, given up or not", () => {
    const may = sampleInvoice({
      status: "open",
      lines: [sampleLine("pro", monthsFrom("2026-05-10"))],
      finalizedAt: at("2026-05-10T01:00:00Z"),
    });
    const givenUp = { ...unpaid, status: "uncollectible" as const };
    expect(unpaidSince([may, unpaid, paid])).to.deep.equal(unpaid.finalizedAt);
    expect(unpaidSince([may, givenUp, paid])).to.deep.equal(unpaid.finalizedAt);
  });

  it("P36 counts for a first invoice that was never paid", () => {
    expect(unpaidSince([{ ...unpaid, billingReason: "subscription_create" }])).to.deep.equal(
      unpaid.finalizedAt,
    );
  });

  const notDue: Record<string, Invoice[]> = {
    "nothing is open": [paid],
    "it is paid at last": [{ ...unpaid, status: "paid" }, paid],
    "it is still a draft": [{ ...unpaid, status: "draft", finalizedAt: null }, paid],
    "it was voided": [{ ...unpaid, status: "void" }, paid],
    "only an older one is open": [{ ...paid, id: "in_newer" }, unpaid],
    "only a proration is open": [{ ...unpaid, billingReason: "subscription_update", lines: [] }],
    "there are no invoices": [],
  };
  for (const [when, invoices] of Object.entries(notDue)) {
    it(`P36 counts nothing when ${when}`, () => {
      expect(unpaidSince(invoices)).to.equal(null);
    });
  }
});

describe("opensPaidPeriod", () => {
  for (const status of ["draft", "open", "paid", "uncollectible", "void"] as const) {
    it(`P24 is ${status === "paid"} for a renewal that is ${status}`, () => {
      expect(opensPaidPeriod(sampleInvoice({ status }))).to.equal(status === "paid");
    });
  }

  it("P24 is false for a paid invoice without a whole period", () => {
    const lines = [sampleProration("pro", 500, march)];
    expect(opensPaidPeriod(sampleInvoice({ lines }))).to.equal(false);
    expect(opensPaidPeriod(sampleInvoice({ billingReason: "manual" }))).to.equal(false);
  });
});
