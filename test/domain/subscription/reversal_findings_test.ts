import { expect } from "chai";
import type { SnapshotSubscription } from "../../../src/domain/subscription/customer_snapshot.ts";
import type { InvoiceReversal } from "../../../src/domain/subscription/payment_reversal.ts";
import {
  chargedBack,
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
  return { snapshot, catalog: sampleCatalog() };
}

function found(reversal: InvoiceReversal, seen = seenWith()) {
  const items = reversalFindings([reversal], { tenantId: TENANT, ...seen });
  expect(REVERSAL_KINDS).to.include.members(items.map(({ kind }) => kind));
  return items.map(({ kind, subject }) => [kind, subject]);
}

const ENDED = { status: "canceled", endedAt: since } as const;

describe("what is named of refunds and disputes (P41)", () => {
  it("is a refund while its subscription goes on, and a dispute in any case, with the sum", () => {
    expect(found(refund)).to.deep.equal([["payment_refunded", "re_1"]]);
    expect(found(dispute)).to.deep.equal([["payment_charged_back", "dp_1"]]);
    expect(found(refund, seenWith(ENDED))).to.deep.equal([]);
    const [item] = reversalFindings([dispute], { tenantId: TENANT, ...seenWith(ENDED) });
    expect(item?.message).to.include("5.00 EUR").and.to.include("has ended");
    expect(item?.since).to.deep.equal(since);
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
