import type { Catalog, Plan } from "../../../../src/domain/catalog/catalog.ts";
import { countableLimits } from "../../../../src/domain/catalog/plan_limits.ts";

/** An hour in milliseconds. */
export const HOUR = 3_600_000;

/** A plan that is sold. */
export type PlanSlug = "starter" | "pro" | "business";

/** The same, to be changed. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Minor units. */
export const PRICES = {
  starter: { month: 900, year: 9_000 },
  pro: { month: 2_900, year: 29_000 },
  business: { month: 9_900, year: 99_000 },
} as const;

/** Id of a price. */
export function priceId(plan: string, interval: string): string {
  return `price_${plan}_${interval}`;
}

/** Whole months after a date, on the anchor's day or the last one of a month that lacks it. */
export function clampedMonths(start: number, months: number, anchor: number): number {
  const from = new Date(start);
  const day = new Date(anchor).getUTCDate();
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const moved = new Date(start);
  moved.setUTCFullYear(year, month, Math.min(day, lastDay));
  return +moved;
}

/** The catalogue of the histories: free has 100 e-mails and 1,000 tokens. */
export function historyCatalog(): Catalog {
  return {
    revision: 1,
    plans: [
      plan("free", 0, 100, 1_000),
      plan("starter", 1, 5_000, 10_000),
      plan("pro", 2, 50_000, 50_000),
      plan("business", 3, 250_000, 200_000),
    ],
    packs: [],
    portalConfigurationId: "bpc_1",
    planChangeConfigurationId: "bpc_2",
  };
}

function plan(slug: "free" | PlanSlug, rank: number, emails: number, tokens: number): Plan {
  const prices =
    slug === "free"
      ? []
      : (["month", "year"] as const).map((interval) => ({
          interval,
          amount: PRICES[slug][interval],
          currency: "eur",
          priceId: priceId(slug, interval),
        }));
  return {
    slug,
    name: slug,
    rank,
    active: true,
    monthlyEmailLimit: emails,
    tokensIncludedMonth: tokens,
    ...countableLimits(() => null),
    productId: slug === "free" ? null : `prod_${slug}`,
    prices,
  };
}
