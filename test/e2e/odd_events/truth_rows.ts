import { at, type Json } from "../../adapters/stripe/fixture.ts";
import {
  eventAbout,
  GENERATIONS,
  invoiceOf,
  items,
  type OddIds,
  type OddRow,
  ordinaryTruth,
  subscriptionOf,
} from "./odd_row.ts";

/** The same facts in the shapes of several API versions (P11, P12). */
export const GENERATION_ROWS: readonly OddRow[] = GENERATIONS.flatMap((generation): OddRow[] => [
  {
    title: `P11 subscription and invoice as in ${generation}`,
    body: (ids) => eventAbout(ids, subscriptionOf(ids, {}, generation)),
    truth: (ids) =>
      ordinaryTruth(ids, {
        subscriptions: [subscriptionOf(ids, {}, generation)],
        invoices: [invoiceOf(ids, {}, generation)],
      }),
    state: "done",
    plan: "pro",
  },
  {
    title: `P12 an event as in ${generation} while Stripe answers as in endive`,
    body: (ids) => {
      const invoice = invoiceOf(ids, { customer: ids.customerId }, generation);
      return eventAbout(ids, invoice, { type: "invoice.paid" });
    },
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
]);

/** Subscriptions that are built in unusual ways. */
export const SUBSCRIPTION_ROWS: readonly OddRow[] = [
  row("P14 two live subscriptions: the older one counts", "pro", (ids) => ({
    subscriptions: [
      subscriptionOf(ids, { id: "sub_newer", created: 1_788_300_000, items: items("Starter") }),
      subscriptionOf(ids),
    ],
  })),
  row("P14 a newer one that has ended: the live one counts", "pro", (ids) => ({
    subscriptions: [
      subscriptionOf(ids, { id: "sub_newer", status: "canceled", ended_at: 1_788_300_000 }),
      subscriptionOf(ids),
    ],
  })),
  row("P14 an older one that has ended: the live one counts", "pro", (ids) => ({
    subscriptions: [
      subscriptionOf(ids),
      subscriptionOf(ids, { id: "sub_older", status: "canceled", ended_at: 1, created: 2 }),
    ],
  })),
  row("P11 several items: the plan's counts, with its own period", "pro", (ids) => ({
    subscriptions: [subscriptionOf(ids, { items: items("Extra", "Pro") })],
  })),
  row("P11 a list of items that is cut off is read to its end", "pro", (ids) => {
    const whole = items("Extra", "Pro");
    const cut = { ...whole, data: (whole.data as Json[]).slice(0, 1), has_more: true };
    return {
      subscriptions: [subscriptionOf(ids, { items: cut })],
      items: whole.data as Json[],
    };
  }),
  row("P12 a list of lines that is cut off is read to its end", "pro", (ids) => {
    const invoice = invoiceOf(ids);
    const lines = at(invoice, "lines").data as unknown as Json[];
    const cut = { object: "list", data: lines.slice(0, 1), has_more: true };
    return { invoices: [{ ...invoice, lines: cut }], lines };
  }),
  row("P14 a product that is in no plan", "free", (ids) => ({
    subscriptions: [subscriptionOf(ids, { items: items("Other") })],
    invoices: [],
  })),
  row("P36 a status that Stripe has yet to invent gives no access", "free", (ids) => ({
    subscriptions: [subscriptionOf(ids, { status: "hibernating" })],
  })),
  row("P36 a collection that is paused keeps its access", "pro", (ids) => ({
    subscriptions: [subscriptionOf(ids, { pause_collection: { behavior: "void" } })],
  })),
  row("P24 an invoice of a reason and a status from the future settles nothing", "free", (ids) => ({
    invoices: [invoiceOf(ids, { billing_reason: "barter", status: "levitating" })],
  })),
  row("P11 no invoice at all", "pro", () => ({ invoices: [] })),
  unreadable("P11 no items", { items: { object: "list", data: [], has_more: false } }),
  unreadable("P11 a period that begins in 1970", periods({ current_period_start: 0 })),
  unreadable("P11 a period that ends before it begins", periods({ current_period_end: 1 })),
  unreadable("P11 a period that is a text", periods({ current_period_end: "2026-10-01" })),
  unreadable("P11 a period beyond all dates", periods({ current_period_end: 1e15 })),
  unreadable("P11 no period anywhere", periods({ current_period_end: null })),
];

function row(
  title: string,
  plan: string,
  changes: (ids: OddIds) => Parameters<typeof ordinaryTruth>[1],
): OddRow {
  return { title, truth: (ids) => ordinaryTruth(ids, changes(ids)), state: "done", plan };
}

/** A subscription that cannot be understood: the event is parked, nothing is guessed. */
function unreadable(title: string, changes: Json): OddRow {
  return {
    title: `${title}: parked`,
    truth: (ids) => ordinaryTruth(ids, { subscriptions: [subscriptionOf(ids, changes)] }),
    state: "dead",
    reason: /^Cannot read subscription/,
  };
}

function periods(changes: Json): Json {
  const list = items("Pro");
  return {
    items: { ...list, data: (list.data as Json[]).map((item) => ({ ...item, ...changes })) },
  };
}
