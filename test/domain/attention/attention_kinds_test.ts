import { expect } from "chai";
import type { AttentionItem } from "../../../src/domain/attention/attention_item.ts";
import {
  type AttentionKind,
  attentionItem,
} from "../../../src/domain/attention/attention_kinds.ts";

const since = new Date("2026-03-14T15:09:26.535Z");
const about = { tenantId: "clacme0001", since };
const money = { amount: 900, currency: "eur" };
const ofDuplicate = { ...about, subject: "in_2", subscriptionId: "sub_2", money };

/** One of every kind: a kind that is missing here does not compile. */
const ITEMS: Readonly<Record<AttentionKind, AttentionItem>> = {
  duplicate_reported: attentionItem("duplicate_reported", {
    ...about,
    subject: "sub_2",
    keptId: "sub_1",
  }),
  refund_refused: attentionItem("refund_refused", { ...ofDuplicate, reason: "it expired" }),
  duplicate_paid_late: attentionItem("duplicate_paid_late", ofDuplicate),
  unpaid_invoice_credited: attentionItem("unpaid_invoice_credited", {
    ...about,
    subject: "in_1",
    money,
  }),
  settled_period_cut: attentionItem("settled_period_cut", {
    ...about,
    subject: "sub_1",
    status: "canceled",
    settledUntil: new Date("2026-04-01T00:00:00Z"),
    money,
  }),
  no_plan_item: attentionItem("no_plan_item", { ...about, subject: "sub_1", status: "active" }),
  tax_turned_off: attentionItem("tax_turned_off", { ...about, subject: "sub_1" }),
  invoice_not_finalized: attentionItem("invoice_not_finalized", {
    ...about,
    subject: "in_1",
    money,
    reason: "The customer's location isn't recognized.",
  }),
  unexplained_pack: attentionItem("unexplained_pack", {
    ...about,
    subject: "cs_1",
    packSlug: "growth",
    tokens: 50_000,
  }),
  refund_failed: attentionItem("refund_failed", { ...about, subject: "in_1", money }),
  extra_plan_charge: attentionItem("extra_plan_charge", {
    ...about,
    subject: "sub_1",
    extras: [{ planSlug: "starter", times: 2 }],
  }),
  misplaced_subscription: attentionItem("misplaced_subscription", {
    ...about,
    subject: "sub_2",
    customerId: "cus_2",
    status: "active",
  }),
  payment_without_sale: attentionItem("payment_without_sale", {
    ...about,
    subject: "in_1",
    money,
    payer: { customerId: "cus_1", owner: about.tenantId },
  }),
  month_made_good: attentionItem("month_made_good", {
    ...about,
    subject: "sub_1:2026-02-01T00:00:00.000Z",
    subscriptionId: "sub_1",
    start: new Date("2026-02-01T00:00:00Z"),
    tokens: 1_000,
  }),
  payment_charged_back: attentionItem("payment_charged_back", {
    ...about,
    subject: "dp_1",
    invoiceId: "in_1",
    money,
    goesOn: true,
  }),
  payment_refunded: attentionItem("payment_refunded", {
    ...about,
    subject: "re_1",
    invoiceId: "in_1",
    money,
  }),
  unexplained_subscription: attentionItem("unexplained_subscription", {
    ...about,
    subject: "sub_1",
    customerId: "cus_1",
    status: "active",
  }),
  unexplained_payment: attentionItem("unexplained_payment", {
    ...about,
    subject: "in_1",
    money,
    payer: { customerId: "cus_1", owner: null },
  }),
  webhook_endpoint_disabled: attentionItem("webhook_endpoint_disabled", {
    ...about,
    subject: "we_1",
    url: "https://billing.example.com/billing/webhook",
  }),
  ledger_damaged: attentionItem("ledger_damaged", {
    ...about,
    subject: "ledger",
    reason: "entry 5: it was changed",
  }),
};

describe("attentionItem", () => {
  for (const [kind, item] of Object.entries(ITEMS)) {
    it(`P41 ${kind} says for which tenant, what, since when, and what to do`, () => {
      expect(item).to.include({ kind, tenantId: "clacme0001", since });
      expect(item.id).to.equal(`${kind}:clacme0001:${item.subject}`);
      expect(item.action).to.match(/^[A-Z].{10,}[^.]$/);
      expect(item.message)
        .to.match(/(sub|in|dp|we|cs)_\d|entry 5/)
        .and.not.match(/undefined|null|NaN|\[object/);
    });
  }

  it("P41 names the sum where money gives nothing", () => {
    const { refund_refused, duplicate_paid_late, payment_charged_back } = ITEMS;
    const { unpaid_invoice_credited, payment_refunded, settled_period_cut } = ITEMS;
    for (const item of [
      refund_refused,
      duplicate_paid_late,
      payment_charged_back,
      unpaid_invoice_credited,
      payment_refunded,
      settled_period_cut,
    ]) {
      expect(item.message, item.kind).to.include("9.00 EUR");
    }
  });

  it("settled_period_cut says what to do about an unpaid subscription, which can go on", () => {
    const facts = { ...about, subject: "sub_1", settledUntil: since, money: null };
    const unpaid = attentionItem("settled_period_cut", { ...facts, status: "unpaid" });
    expect(unpaid.message).to.equal("Subscription sub_1 is unpaid, but was paid until 2026-03-14");
    expect(unpaid.action).to.include("open invoices paid");
  });
});
