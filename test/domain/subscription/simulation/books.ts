import type { Measure } from "../../../../src/domain/subscription/month.ts";
import type { StripeModel } from "./stripe_model.ts";
import { clampedMonths } from "./stripe_prices.ts";

/** What a month of each plan brings. */
const BRINGS: Readonly<Record<string, Readonly<Record<Measure, number>>>> = {
  prod_starter: { emails: 5_000, tokens: 10_000 },
  prod_pro: { emails: 50_000, tokens: 50_000 },
  prod_business: { emails: 250_000, tokens: 200_000 },
};

/** What was bought by a moment. */
export interface Bought {
  /** Months to come included. */
  readonly most: number;
  /** Months that have begun, the running one whole. */
  readonly begun: number;
}

/**
 * What money has bought, read from Stripe's books alone: how much of each invoice was covered by
 * money, by credits for what was covered itself, or by a balance that came from such; times what
 * its positions bring, for the time that no paid invoice credits.
 */
export function boughtBy({ invoices, now }: StripeModel, measure: Measure): Bought {
  const covered = new Map<string, number>();
  const pool = { amount: 0, worth: 0 };
  for (const invoice of invoices.toSorted(
    (a, b) => +a.createdAt - +b.createdAt || a.order - b.order,
  )) {
    if (invoice.status !== "paid") {
      continue;
    }
    const charged = sum(invoice.lines.map(({ amount }) => Math.max(0, amount)));
    const credits = sum(
      invoice.lines.map(
        ({ amount, credited }) =>
          Math.max(0, -amount) * (covered.get(credited[0]?.invoiceId ?? "") ?? 0),
      ),
    );
    const drawn = Math.min(pool.amount, Math.max(0, invoice.total - invoice.amountPaid));
    const drawnWorth = pool.amount === 0 ? 0 : (pool.worth * drawn) / pool.amount;
    pool.amount += Math.max(0, -invoice.total) - drawn;
    const worth = invoice.amountPaid + credits + drawnWorth;
    pool.worth += Math.max(0, worth - charged) - drawnWorth;
    covered.set(invoice.id, charged === 0 ? 1 : Math.min(1, worth / charged));
  }
  const bought = { most: 0, begun: 0 };
  for (const { id, lines } of invoices) {
    const share = (covered.get(id) ?? 0) > 0.9995 ? 1 : (covered.get(id) ?? 0);
    for (const { id: lineId, amount, productId, priceId, period } of lines) {
      const brings = BRINGS[productId ?? ""]?.[measure] ?? 0;
      const until = amount < 0 ? +period.start : creditedFrom(invoices, lineId, +period.end);
      const isYear = priceId?.endsWith("_year") ?? false;
      const months = monthsUntil(+period.start, +period.end, { until, isYear });
      bought.most += share * brings * sum(months.map((month) => month.part));
      bought.begun +=
        share * brings * sum(months.map(({ start, part }) => (start <= now ? part : 0)));
    }
  }
  return bought;
}

/** From when on a paid invoice credits a position; its end where none does. */
function creditedFrom(invoices: StripeModel["invoices"], lineId: string, end: number): number {
  const starts = invoices
    .filter(({ status }) => status === "paid")
    .flatMap(({ lines }) => lines)
    .filter(({ credited }) => credited.some((one) => one.lineId === lineId))
    .map(({ period }) => +period.start);
  return Math.min(end, ...starts);
}

/** A year in its months, or a month as it is: its end may be a clamped day. */
function monthsUntil(
  start: number,
  end: number,
  { until, isYear }: { until: number; isYear: boolean },
) {
  const months: { start: number; part: number }[] = [];
  for (let from = start, count = 1; from < until; count += 1) {
    const to = isYear ? Math.min(end, clampedMonths(start, count, start)) : end;
    months.push({ start: from, part: Math.min(1, (until - from) / (to - from)) });
    from = to;
  }
  return months;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
