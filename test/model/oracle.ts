import type { Tables } from "../../sandbox/state/state.ts";
import type { WireInvoice, WireInvoiceLine, WireSubscription } from "../../sandbox/state/wire.ts";

/*
 * What has to be true of a tenant, computed from the provider's own books by code that shares
 * nothing with the service: no type, no date function, no rule.
 */

/** What is offered, as far as the oracle cares: tokens by plan, plans by product. */
export interface OracleCatalog {
  /** Tokens of a pack by its price in minor units. */
  readonly packTokens: Readonly<Record<number, number>>;
  readonly tokens: Readonly<Record<string, number>>;
  readonly planOfProduct: Readonly<Record<string, string>>;
  readonly graceDays: number;
}

/** What has to be true of a tenant. Times are Unix seconds. */
export interface Expected {
  readonly customer: string | null;
  readonly subscription: {
    readonly id: string;
    readonly status: string;
    readonly plan: string | null;
    readonly period: readonly [number, number];
    readonly cancelAt: number | null;
    readonly endedAt: number | null;
    readonly unpaidSince: number | null;
  } | null;
  readonly paidPeriod: readonly [number, number] | null;
  /** The monthly tokens in force: whose month it is, since when, and how many. */
  readonly month: { readonly of: string; readonly start: number; readonly tokens: number };
}

const ENDED = ["canceled", "incomplete_expired"];
const DAY = 86_400;

/** The expected state of a tenant at `now`, in Unix seconds. */
export function expectedState(
  state: Tables<"customers" | "subscriptions" | "invoices">,
  catalog: OracleCatalog,
  { tenantId, now }: { tenantId: string; now: number },
): Expected {
  // A creation whose answer was lost may leave a second customer, with whom nothing is bought.
  const customers = [...state.customers.values()].filter((c) => c.metadata.tenantId === tenantId);
  const ids = customers.map(({ id }) => id);
  const subscription = theOneThatCounts(
    [...state.subscriptions.values()].filter(
      (found) => found.metadata.tenantId === tenantId && ids.includes(String(found.customer)),
    ),
  );
  if (subscription === undefined) {
    const month = freeMonth("free", catalog, now);
    return { customer: ids[0] ?? null, subscription: null, paidPeriod: null, month };
  }
  const invoices = [...state.invoices.values()].filter(
    (invoice) => invoice.parent?.subscription_details?.subscription === subscription.id,
  );
  const opening = invoices.filter((i) => i.status === "paid" && wholePeriods(i).length > 0).at(-1);
  const paidLine = opening && wholePeriods(opening)[0];
  const paidPeriod = paidLine ? ([paidLine.period.start, paidLine.period.end] as const) : null;
  // What was paid for before the period in force belongs to the periods before it.
  const current = opening === undefined ? invoices : invoices.slice(invoices.indexOf(opening));
  const item = subscription.items.data[0];
  const unpaidSince = oldestUnpaid(invoices, opening);
  const end = subscription.cancel_at;
  return {
    customer: String(subscription.customer),
    subscription: {
      id: subscription.id,
      status: subscription.status,
      plan: catalog.planOfProduct[String(item?.price.product)] ?? null,
      period: [item?.current_period_start ?? 0, item?.current_period_end ?? 0],
      cancelAt: end ?? (subscription.cancel_at_period_end ? (item?.current_period_end ?? 0) : null),
      endedAt: subscription.ended_at,
      unpaidSince,
    },
    paidPeriod,
    month: monthOf(subscription, { paidPeriod, invoices: current, unpaidSince }, catalog, now),
  };
}

/** The oldest that lives, else the one that ended last. */
function theOneThatCounts(own: readonly WireSubscription[]): WireSubscription | undefined {
  const living = own.filter(({ status }) => !ENDED.includes(status));
  return living.length > 0
    ? living.reduce((a, b) => (b.created < a.created ? b : a))
    : own.reduce<WireSubscription | undefined>(
        (a, b) => (a === undefined || (b.ended_at ?? 0) > (a.ended_at ?? 0) ? b : a),
        undefined,
      );
}

/** Lines that pay for a period from its beginning. */
function wholePeriods(invoice: WireInvoice): WireInvoiceLine[] {
  const whole = invoice.lines.data.filter(
    (line) => line.parent?.subscription_item_details?.proration !== true,
  );
  switch (invoice.billing_reason) {
    case "subscription_create":
    case "subscription_cycle":
      return whole;
    case "subscription_update":
      return whole.filter((line) => line.amount > 0);
    default:
      return [];
  }
}

function oldestUnpaid(
  invoices: readonly WireInvoice[],
  opening: WireInvoice | undefined,
): number | null {
  const since = opening === undefined ? 0 : invoices.indexOf(opening) + 1;
  const times = invoices
    .slice(since)
    .filter((i) => (i.status === "open" || i.status === "uncollectible") && wholePeriods(i).length)
    .map((invoice) => invoice.status_transitions.finalized_at ?? Number.POSITIVE_INFINITY);
  return times.length === 0 ? null : Math.min(...times);
}

interface Paid {
  readonly paidPeriod: readonly [number, number] | null;
  readonly invoices: readonly WireInvoice[];
  readonly unpaidSince: number | null;
}

function monthOf(
  subscription: WireSubscription,
  paid: Paid,
  catalog: OracleCatalog,
  now: number,
): Expected["month"] {
  const { paidPeriod } = paid;
  if (subscription.ended_at === null && paidPeriod !== null) {
    const [start, end] = sliceAt(subscription, paidPeriod, now);
    if (now < end || givesAccess(subscription, paid, catalog, now)) {
      const tokens = tokensOfSlice([start, end], paid.invoices, catalog);
      return { of: subscription.id, start, tokens };
    }
  }
  return freeMonth(`free-after-${subscription.id}`, catalog, now);
}

function givesAccess(
  { status }: WireSubscription,
  { unpaidSince }: Paid,
  { graceDays }: OracleCatalog,
  now: number,
): boolean {
  const graced = unpaidSince === null || now < unpaidSince + graceDays * DAY;
  return status === "active" || status === "trialing" || (status === "past_due" && graced);
}

/** The month of a paid year that `now` lies in; a paid month whole. Late renewals: the last one. */
function sliceAt(
  { billing_cycle_anchor: anchor }: WireSubscription,
  [start, end]: readonly [number, number],
  now: number,
): readonly [number, number] {
  if (end - start < 60 * DAY) {
    return [start, end];
  }
  const cuts = [start];
  for (let month = -24; month < 60; month += 1) {
    const cut = monthsLater(anchor, month);
    if (cut > start && cut < end) {
      cuts.push(cut);
    }
  }
  const index = cuts.findLastIndex((cut) => cut <= now);
  const at = Math.max(0, index);
  return [cuts[at] ?? start, cuts[at + 1] ?? end];
}

/** The same day and time so many months later; the month's last day where it is shorter. */
function monthsLater(seconds: number, months: number): number {
  const date = new Date(seconds * 1_000);
  const day = date.getUTCDate();
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 1);
  const lastDay = Math.round((next - first) / 1_000 / DAY);
  return first / 1_000 + (Math.min(day, lastDay) - 1) * DAY + (seconds % DAY);
}

/** The most tokens of the plans that were paid for, and not given back, at some time of a slice. */
export function tokensOfSlice(
  [start, end]: readonly [number, number],
  invoices: readonly WireInvoice[],
  { tokens, planOfProduct }: OracleCatalog,
): number {
  const paid = invoices.filter(({ status }) => status === "paid");
  const planOf = (line: WireInvoiceLine) =>
    planOfProduct[String(line.pricing?.price_details?.product)] ?? "";
  const credits = paid.flatMap(({ lines }) => lines.data.filter(({ amount }) => amount < 0));
  let most = 0;
  for (const invoice of paid) {
    const trial =
      invoice.billing_reason === "subscription_create" &&
      invoice.lines.data.every(({ amount }) => amount === 0);
    const isGift = invoice.total === 0 && sumOf(invoice) > 0;
    for (const line of invoice.lines.data) {
      const counts = trial || (line.amount > 0 && !isGift);
      const { start: from, end: until } = line.period;
      const back = credits
        .filter((credit) => planOf(credit) === planOf(line))
        .map(({ period }) => period.start)
        .filter((time) => from < time && time < until);
      if (counts && from < end && start < Math.min(until, ...back)) {
        most = Math.max(most, tokens[planOf(line)] ?? 0);
      }
    }
  }
  return most;
}

function sumOf({ lines }: WireInvoice): number {
  return lines.data.reduce((sum, { amount }) => sum + amount, 0);
}

function freeMonth(of: string, { tokens }: OracleCatalog, now: number): Expected["month"] {
  const date = new Date(now * 1_000);
  const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1_000;
  return { of, start, tokens: tokens.free ?? 0 };
}
