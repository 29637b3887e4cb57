import { expect } from "chai";
import { periodLines } from "../../../src/domain/subscription/invoice.ts";
import { monthsFrom } from "../../samples/dates.ts";
import { sampleInvoice, sampleLine, sampleProration } from "../../samples/subscription.ts";

describe("periodLines", () => {
  const month = monthsFrom("2026-03-10");
  const whole = sampleLine("pro", month);
  const credit = sampleProration("starter", -500, month);
  const debit = sampleProration("pro", 900, month);

  for (const billingReason of ["subscription_create", "subscription_cycle"]) {
    it(`P24 finds the whole periods of ${billingReason}, behind any prorations`, () => {
      const invoice = sampleInvoice({ billingReason, lines: [credit, debit, whole] });
      expect(periodLines(invoice)).to.deep.equal([whole]);
    });

    it(`P24 keeps the period of ${billingReason} that costs nothing`, () => {
      const free = { ...whole, amount: 0 };
      expect(periodLines(sampleInvoice({ billingReason, lines: [free] }))).to.deep.equal([free]);
    });
  }

  it("P24 finds no period in the prorations of an upgrade", () => {
    const invoice = sampleInvoice({ billingReason: "subscription_update", lines: [credit, debit] });
    expect(periodLines(invoice)).to.deep.equal([]);
  });

  it("P24 finds the new period of a change of interval, and none in its free positions", () => {
    const free = { ...whole, amount: 0 };
    const invoice = sampleInvoice({
      billingReason: "subscription_update",
      lines: [credit, free, whole],
    });
    expect(periodLines(invoice)).to.deep.equal([whole]);
  });

  const others = [
    "manual",
    "subscription_threshold",
    "subscription",
    "quote_accept",
    "automatic_pending_invoice_item_invoice",
    "a_reason_of_the_future",
  ];
  for (const billingReason of others) {
    it(`P24 finds no period in an invoice for ${billingReason}`, () => {
      expect(periodLines(sampleInvoice({ billingReason, lines: [whole] }))).to.deep.equal([]);
    });
  }
});
