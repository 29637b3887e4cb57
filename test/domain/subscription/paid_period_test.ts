import { expect } from "chai";
import type { Invoice } from "../../../src/domain/subscription/invoice.ts";
import { synchronizeAccount } from "../../../src/domain/subscription/synchronize_account.ts";
import { sampleAccount } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { monthsFrom, period } from "../../samples/dates.ts";
import {
  sampleInvoice,
  sampleLine,
  sampleProration,
  sampleSubscription,
} from "../../samples/subscription.ts";

const march = monthsFrom("2026-03-10");
const april = monthsFrom("2026-04-10");
const restOfMarch = period("2026-03-20", "2026-04-10");
const first = sampleInvoice({ id: "in_first", billingReason: "subscription_create" });

function synchronizedPeriod(invoices: readonly Invoice[]) {
  const truth = { deleted: false, subscription: sampleSubscription(), invoices };
  return synchronizeAccount(sampleAccount(), truth, sampleCatalog()).paidPeriod;
}

/** The paid period that follows from invoices, newest first, without the one that opened it. */
function paidPeriod(invoices: readonly Invoice[]) {
  const period = synchronizedPeriod(invoices);
  if (period === null) {
    return null;
  }
  const { invoiceId: _, ...rest } = period;
  return rest;
}

describe("synchronizeAccount: the paid period", () => {
  it("P24 begins with the first payment", () => {
    expect(paidPeriod([first])).to.deep.equal({
      ...march,
      charges: [{ planSlug: "pro", period: march }],
    });
  });

  it("P30 names the invoice that opened it", () => {
    const renewal = sampleInvoice({ id: "in_second", lines: [sampleLine("pro", april)] });
    expect(synchronizedPeriod([first])?.invoiceId).to.equal("in_first");
    expect(synchronizedPeriod([renewal, first])?.invoiceId).to.equal("in_second");
  });

  for (const status of ["draft", "open", "uncollectible", "void"] as const) {
    it(`P24, P33 stays the old one while the renewal is ${status}`, () => {
      const renewal = sampleInvoice({ status, lines: [sampleLine("pro", april)] });
      expect(paidPeriod([renewal, first])).to.deep.equal(paidPeriod([first]));
    });
  }

  it("P24 moves on when the renewal is paid, and drops what was charged before", () => {
    const renewal = sampleInvoice({ lines: [sampleLine("starter", april)] });
    expect(paidPeriod([renewal, first])).to.deep.equal({
      ...april,
      charges: [{ planSlug: "starter", period: april }],
    });
  });

  it("P24 adds the charge of an upgrade once its proration is paid", () => {
    const upgrade = sampleInvoice({
      billingReason: "subscription_update",
      lines: [
        sampleProration("pro", -2_000, restOfMarch),
        sampleProration("business", 2_700, restOfMarch),
      ],
    });
    expect(paidPeriod([upgrade, first])).to.deep.equal({
      ...march,
      charges: [
        { planSlug: "business", period: restOfMarch },
        { planSlug: "pro", period: period("2026-03-10", "2026-03-20") },
      ],
    });
    expect(paidPeriod([{ ...upgrade, status: "open" }, first])).to.deep.equal(paidPeriod([first]));
  });

  it("P24 reads a renewal whose first positions are prorations of the month before", () => {
    const renewal = sampleInvoice({
      lines: [
        sampleProration("pro", -2_000, restOfMarch),
        sampleProration("business", 2_700, restOfMarch),
        sampleLine("business", april),
      ],
    });
    expect(paidPeriod([renewal, first])).to.deep.equal({
      ...april,
      charges: [{ planSlug: "business", period: april }],
    });
  });

  it("P19, P24 keeps what was paid for through a downgrade, up to where the credit begins", () => {
    const downgrade = sampleInvoice({
      billingReason: "subscription_update",
      lines: [
        sampleProration("pro", -2_000, restOfMarch),
        sampleProration("starter", 1_300, restOfMarch),
      ],
    });
    expect(paidPeriod([downgrade, first])).to.deep.equal({
      ...march,
      charges: [
        { planSlug: "starter", period: restOfMarch },
        { planSlug: "pro", period: period("2026-03-10", "2026-03-20") },
      ],
    });
    expect(paidPeriod([{ ...downgrade, status: "open" }, first])).to.deep.equal(
      paidPeriod([first]),
    );
  });

  it("P24 counts what a credit paid for, although the invoice is over less than nothing", () => {
    const lines = [
      sampleProration("pro", -25_000, period("2026-04-10", "2027-03-10")),
      sampleLine("pro", april),
    ];
    const toMonthly = sampleInvoice({ billingReason: "subscription_update", lines });
    expect(toMonthly.total).to.equal(-22_000);
    expect(paidPeriod([toMonthly])).to.deep.equal({
      ...april,
      charges: [{ planSlug: "pro", period: april }],
    });
  });

  it("P24 counts what a credit paid for to the last cent", () => {
    const year = monthsFrom("2026-03-10", 12);
    const rest = { start: period("2026-05-01", "2026-05-01").start, end: year.end };
    const back = sampleInvoice({
      billingReason: "subscription_update",
      lines: [sampleProration("pro", -2_900, rest), sampleProration("pro", 2_900, rest)],
    });
    expect(back.total).to.equal(0);
    expect(
      paidPeriod([back, sampleInvoice({ lines: [sampleLine("pro", year)] })])?.charges,
    ).to.deep.include({ planSlug: "pro", period: rest });
  });

  it("P24 ends a charge of a paid year where its credit begins, and begins it again", () => {
    const year = monthsFrom("2026-03-10", 12);
    const changed = (from: string, left: string, taken: string) =>
      sampleInvoice({
        billingReason: "subscription_update",
        lines: [
          sampleProration(left, -2_000, { start: period(from, from).start, end: year.end }),
          sampleProration(taken, 2_500, { start: period(from, from).start, end: year.end }),
        ],
      });
    const invoices = [
      changed("2026-06-01", "starter", "business"),
      changed("2026-05-02", "business", "starter"),
      changed("2026-05-01", "starter", "business"),
      sampleInvoice({ lines: [sampleLine("starter", year)] }),
    ];
    expect(paidPeriod(invoices)?.charges).to.deep.equal([
      { planSlug: "business", period: period("2026-06-01", "2027-03-10") },
      { planSlug: "starter", period: period("2026-05-02", "2026-06-01") },
      { planSlug: "business", period: period("2026-05-01", "2026-05-02") },
      { planSlug: "starter", period: period("2026-03-10", "2026-05-01") },
    ]);
  });

  it("P24 opens a trial by its first invoice, which is over nothing", () => {
    const trial = period("2026-03-10", "2026-03-24");
    const invoice = sampleInvoice({
      billingReason: "subscription_create",
      lines: [sampleLine("pro", trial, { amount: 0 })],
    });
    expect(paidPeriod([invoice])).to.deep.equal({
      ...trial,
      charges: [{ planSlug: "pro", period: trial }],
    });
  });

  it("P24 grants nothing for a renewal over nothing, free or fully discounted", () => {
    const free = sampleInvoice({ lines: [sampleLine("pro", april, { amount: 0 })] });
    const discounted = sampleInvoice({ lines: [sampleLine("pro", april)], total: 0 });
    expect(paidPeriod([free, first])).to.deep.equal({ ...april, charges: [] });
    expect(paidPeriod([discounted, first])).to.deep.equal({ ...april, charges: [] });
  });

  it("P24 grants nothing for a first invoice that a coupon paid in full", () => {
    expect(paidPeriod([{ ...first, total: 0 }])).to.deep.equal({ ...march, charges: [] });
  });

  for (const billingReason of ["manual", "subscription_threshold", "upcoming"]) {
    it(`P24 opens nothing by an invoice for ${billingReason}`, () => {
      const invoice = sampleInvoice({ billingReason, lines: [sampleLine("extra", april)] });
      expect(paidPeriod([invoice])).to.equal(null);
      expect(paidPeriod([invoice, first])).to.deep.equal(paidPeriod([first]));
    });
  }

  it("P24 opens the year that a change of interval begins with", () => {
    const year = monthsFrom("2026-03-20", 12);
    const change = sampleInvoice({
      billingReason: "subscription_update",
      lines: [
        sampleProration("pro", -2_000, restOfMarch),
        sampleLine("pro", year, { amount: 30_000 }),
      ],
    });
    expect(paidPeriod([change, first])).to.deep.include(year);
  });

  it("P24 takes the period from the plan's position, not from an extra's", () => {
    const lines = [sampleLine("extra", monthsFrom("2026-03-10", 12)), sampleLine("pro", march)];
    expect(paidPeriod([sampleInvoice({ lines })])).to.deep.equal({
      ...march,
      charges: [{ planSlug: "pro", period: march }],
    });
  });

  it("P24 charges for no plan where product is unknown or missing, but opens the period", () => {
    for (const productId of ["prod_unknown", null]) {
      const lines = [sampleLine("pro", march, { productId })];
      expect(paidPeriod([sampleInvoice({ lines })])).to.deep.equal({ ...march, charges: [] });
    }
  });

  it("P24 is nothing before any payment", () => {
    expect(paidPeriod([])).to.equal(null);
    expect(paidPeriod([{ ...first, status: "open" }])).to.equal(null);
  });
});
