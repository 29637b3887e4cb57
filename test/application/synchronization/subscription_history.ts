import type {
  SnapshotInvoice,
  SnapshotSubscription,
} from "../../../src/domain/subscription/customer_snapshot.ts";
import { at, monthsFrom, period } from "../../samples/dates.ts";
import {
  sampleInvoice,
  sampleItem,
  sampleLine,
  sampleProration,
  sampleSubscription,
} from "../../samples/subscription.ts";

/** What is true at the provider from one moment on, and the event that tells of it. */
export interface Chapter {
  readonly now: Date;
  readonly eventType: string;
  readonly subscriptions: readonly SnapshotSubscription[];
  readonly invoices: readonly SnapshotInvoice[];
}

const april = monthsFrom("2026-04-10");
const restOfApril = period("2026-04-20", "2026-05-10");

const first = sampleInvoice({ id: "in_1", billingReason: "subscription_create" });
const renewal = sampleInvoice({ id: "in_2", lines: [sampleLine("pro", april)] });
const openRenewal = { ...renewal, status: "open" as const };
const upgrade = sampleInvoice({
  id: "in_3",
  billingReason: "subscription_update",
  lines: [
    sampleProration("pro", -2_000, restOfApril),
    sampleProration("business", 2_700, restOfApril),
  ],
});

const inApril = [sampleItem("pro", { period: april })];
const onBusiness = [sampleItem("business", { period: april })];

/** A subscription from its first payment over a late renewal and an upgrade to its cancellation. */
export const HISTORY: readonly Chapter[] = [
  {
    now: at("2026-03-10T00:00:05Z"),
    eventType: "checkout.session.completed",
    subscriptions: [sampleSubscription()],
    invoices: [first],
  },
  {
    now: at("2026-04-10T01:00:00Z"),
    eventType: "invoice.payment_failed",
    subscriptions: [sampleSubscription({ status: "past_due", items: inApril })],
    invoices: [openRenewal, first],
  },
  {
    now: at("2026-04-12"),
    eventType: "invoice.paid",
    subscriptions: [sampleSubscription({ items: inApril })],
    invoices: [renewal, first],
  },
  {
    now: at("2026-04-20"),
    eventType: "customer.subscription.updated",
    subscriptions: [sampleSubscription({ items: onBusiness })],
    invoices: [upgrade, renewal, first],
  },
  {
    now: at("2026-04-25"),
    eventType: "customer.subscription.updated",
    subscriptions: [sampleSubscription({ items: onBusiness, cancelAt: april.end })],
    invoices: [upgrade, renewal, first],
  },
];
