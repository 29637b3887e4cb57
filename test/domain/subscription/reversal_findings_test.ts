import { expect } from "chai";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import type { SnapshotSubscription } from "../../../src/domain/subscription/customer_snapshot.ts";
import type { InvoiceReversal } from "../../../src/domain/subscription/payment_reversal.ts";
import {
  chargedBack,
  missingRefundItem,
  missingRefunds,
  REVERSAL_KINDS,
  reversalFindings,
} from "../../../src/domain/subscription/reversal_findings.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import { sampleInvoice, sampleLine, sampleSubscription } from "../../samples/subscription.ts";

const since = at("2026-03-20");
const refund: InvoiceReversal = {
  id: "re_1",
  kind: "refund",
  createdAt: since,
  amount: 500,
  inForce: true,
  invoiceId: "in_one",
};
const dispute: InvoiceReversal = { ...refund, id: "dp_1", kind: "dispute" };

function seenWith(changes: Partial<SnapshotSubscription> = {}, invoice = sampleInvoice()) {
  const snapshot = {
    deleted: false,
    balance: 0,
    pendingLines: [],
    invoices: [invoice],
    subscriptions: [sampleSubscription(changes)],
  };
  const known: { kind: string; subject: string }[] = [];
  return { account: newAccount(TENANT), snapshot, catalog: sampleCatalog(), now: since, known };
}

function found(reversal: InvoiceReversal, seen = seenWith()) {
  const items = reversalFindings([reversal], seen);
  expect(REVERSAL_KINDS).to.include.members(items.map(({ kind }) => kind));
  return items.map(({ kind, subject }) => [kind, subject]);
}

function missing(reversal: InvoiceReversal, seen: ReturnType<typeof seenWith>) {
  return missingRefunds([reversal], seen).map(({ invoice, due }) => [invoice.id, due]);
}

const ENDED = { status: "canceled", endedAt: since } as const;

describe("what is named of refunds and disputes (P41)", () => {
  it("is a refund while its subscription goes on, and a dispute in any case, with the sum", () => {
    expect(found(refund)).to.deep.equal([["payment_refunded", "re_1"]]);
    expect(found(dispute)).to.deep.equal([["payment_charged_back", "dp_1"]]);
    expect(found(refund, seenWith(ENDED))).to.deep.equal([]);
    const [item] = reversalFindings([dispute], seenWith(ENDED));
    expect(item?.message).to.include("5.00 EUR").and.to.include("has ended");
    expect(item?.since).to.deep.equal(since);
  });

  it("is what we have given back of a double payment, as long as it is here again", () => {
    const givenBack = [{ invoiceId: "in_one", amount: 500 }];
    const account = { ...newAccount(TENANT), endedDuplicates: [{ id: "sub_one", givenBack }] };
    const seen = { ...seenWith(ENDED, sampleInvoice({ amountPaid: 500 })), account };
    expect(missing({ ...refund, inForce: false }, seen)).to.deep.equal([["in_one", 500]]);
    expect(missing({ ...refund, amount: 499 }, seen)).to.deep.equal([["in_one", 500]]);
    expect(missing(refund, seen)).to.deep.equal([]);
    const nothingYet = [{ id: "sub_one", givenBack: [] }];
    const before = { ...seen, account: { ...account, endedDuplicates: nothingYet } };
    expect(missing({ ...refund, inForce: false }, before), "not given back yet").to.deep.equal([]);
  });

  it("is the refund of a tenant's end that has failed, but not one that may be under way", () => {
    const give = { invoiceId: "in_one", amount: 300, currency: "eur" };
    const ending = { at: at("2026-03-20"), when: "now", refund: give, redact: null } as const;
    const account = { ...newAccount(TENANT), ending };
    const seen = { ...seenWith(ENDED), account, now: at("2026-03-20T00:06:00Z") };
    expect(missing({ ...refund, inForce: false }, seen)).to.deep.equal([["in_one", 300]]);
    expect(missing({ ...refund, amount: 300 }, seen)).to.deep.equal([]);
    const soon = { ...seen, now: at("2026-03-20T00:04:00Z") };
    expect(missing({ ...refund, inForce: false }, soon)).to.deep.equal([]);
    const named = { ...soon, known: [{ kind: "refund_failed", subject: "in_one" }] };
    expect(missing({ ...refund, inForce: false }, named)).to.deep.equal([["in_one", 300]]);
  });

  it("names what is left of a refund that has failed, unless it went back in another way", () => {
    const invoice = sampleInvoice({ amountPaid: 500 });
    const item = (amount: number) =>
      missingRefundItem(
        { invoice, due: 300 },
        { tenantId: TENANT, kept: { amount, currency: "eur" } },
      );
    expect(item(500)?.message).to.include("3.00 EUR of invoice in_one");
    expect(item(201)?.message).to.include("0.01 EUR");
    expect(item(200)).to.equal(null);
  });

  it("is nothing that is not in force", () => {
    for (const one of [refund, dispute]) {
      expect(found({ ...one, inForce: false })).to.deep.equal([]);
    }
  });

  it("is nothing that was paid for something else than a plan", () => {
    const foreign = sampleInvoice({ lines: [sampleLine("mystery", monthsFrom("2026-03-10"))] });
    const single = { ...sampleInvoice(), subscriptionId: null };
    for (const one of [refund, dispute]) {
      expect(found(one, seenWith({}, foreign)), "another product").to.deep.equal([]);
      expect(found(one, seenWith({}, single)), "no subscription").to.deep.equal([]);
      expect(found({ ...one, invoiceId: "in_none" })).to.deep.equal([]);
    }
  });

  it("ends only what lives, and not for a refund or an inquiry", () => {
    const ended = { subscriptionId: "sub_one", disputeId: "dp_1" };
    expect(chargedBack([refund, dispute], seenWith())).to.deep.equal([ended]);
    expect(chargedBack([dispute], seenWith(ENDED))).to.deep.equal([]);
    expect(chargedBack([{ ...dispute, inForce: false }], seenWith())).to.deep.equal([]);
  });
});
