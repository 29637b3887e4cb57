import type { Catalog } from "../../domain/catalog/catalog.ts";
import { chargeable } from "../../domain/catalog/currencies.ts";
import type { PlanChoice } from "../../domain/catalog/plan_choice.ts";
import {
  discountsAt,
  type SnapshotDiscount,
  type SnapshotSubscription,
} from "../../domain/subscription/customer_snapshot.ts";
import type {
  PaymentGateway,
  PreviewLine,
  PriceChange,
  PriceChangePreview,
  Purchase,
} from "../ports/subscription/payment_gateway.ts";

/** What a line of an invoice is for, as far as the catalogue knows; `other` only describes itself. */
export const COST_KINDS = ["plan", "unused_time", "remaining_time", "discount", "other"] as const;

/** A line of what is due now. */
export interface CostLine {
  readonly kind: (typeof COST_KINDS)[number];
  /** The plan that it is for; `null` if none. */
  readonly planSlug: string | null;
  /** The provider's own words, in its language. */
  readonly description: string;
  readonly amount: number;
}

/** The cost of a choice of plan. Amounts are in minor units of `currency`. */
export interface PlanCosts {
  /**
   * The lines plus added taxes, less what the customer's balance pays. An amount too small to be
   * charged goes on the balance.
   */
  readonly dueNow: number;
  /** The lines invoiced now; none if the plan takes effect later or after a trial. */
  readonly lines: readonly CostLine[];
  /** The taxes on it, including those contained in prices. */
  readonly tax: number;
  /** The part of `tax` that prices contain. */
  readonly taxIncluded: number;
  /** What the customer's balance pays; negative if the balance grows. */
  readonly balanceApplied: number;
  /** The payment after that, less the rest of the balance. */
  readonly nextPayment: number;
  readonly currency: string;
}

/** Where previews come from. */
type Previews = Pick<PaymentGateway, "previewChange">;

const NOTHING_DUE = { dueNow: 0, lines: [], tax: 0, taxIncluded: 0, balanceApplied: 0 } as const;

/** Returns the list price: without a customer there is no balance, coupon or address. */
export function listPrice({ plan, price }: PlanChoice, trialEnd: Date | null): PlanCosts {
  const { amount, currency } = price;
  const next = { nextPayment: amount, currency };
  const line = { kind: "plan", planSlug: plan.slug, description: plan.name, amount } as const;
  return trialEnd === null
    ? { ...NOTHING_DUE, ...next, dueNow: amount, lines: [line] }
    : { ...NOTHING_DUE, ...next };
}

/**
 * Asks what a purchase costs now and after that.
 *
 * @throws {PortError}
 */
export async function purchaseCosts(
  previews: Previews,
  purchase: Purchase,
  { catalog }: { catalog: Catalog },
): Promise<PlanCosts> {
  const recurring = await previews.previewChange(purchase, "recurring");
  return costsNow(await previews.previewChange(purchase, "now"), recurring, catalog);
}

/**
 * Asks what a change costs now, and after a period that ends at `until`; with the lines of the
 * invoice.
 *
 * @throws {PortError}
 */
export async function changeCosts(
  previews: Previews,
  change: PriceChange,
  {
    subscription,
    until,
    catalog,
  }: { subscription: SnapshotSubscription; until: Date; catalog: Catalog },
): Promise<{ costs: PlanCosts; lines: PriceChangePreview["lines"] }> {
  const now = await previews.previewChange(change, "now");
  const later = discountsAt(subscription, until).filter(({ once }) => !once);
  const recurring = { ...change, ...discountsOf(subscription, later) };
  return {
    costs: costsNow(now, await previews.previewChange(recurring, "recurring"), catalog),
    lines: now.lines,
  };
}

/**
 * Asks what a change costs that takes effect when the period ends.
 *
 * @throws {PortError}
 */
export async function laterCosts(
  previews: Previews,
  change: PriceChange,
  { subscription, at }: { subscription: SnapshotSubscription; at: Date },
): Promise<PlanCosts> {
  const renewed = { ...change, ...discountsOf(subscription, discountsAt(subscription, at)) };
  const renewal = await previews.previewChange(renewed, "at_renewal");
  const { total, startingBalance, currency } = renewal;
  return { ...NOTHING_DUE, nextPayment: chargeable(total + startingBalance, currency), currency };
}

function costsNow(
  now: PriceChangePreview,
  recurring: PriceChangePreview,
  catalog: Catalog,
): PlanCosts {
  const { lines, discount, tax, taxIncluded, currency, total, startingBalance } = now;
  const dueNow = chargeable(now.dueNow, currency);
  const balanceApplied = total - dueNow;
  const nextPayment = chargeable(recurring.total + startingBalance + balanceApplied, currency);
  const less = { kind: "discount", planSlug: null, description: "Discount" } as const;
  const shown = [
    ...lines.map((line) => costLine(line, catalog)),
    ...(discount === 0 ? [] : [{ ...less, amount: -discount }]),
  ];
  return { dueNow, lines: shown, tax, taxIncluded, balanceApplied, nextPayment, currency };
}

function costLine(line: PreviewLine, { plans }: Catalog): CostLine {
  const { description, amount, priceId, proration } = line;
  const plan = plans.find(({ prices }) => prices.some((price) => price.priceId === priceId));
  const time = amount < 0 ? "unused_time" : "remaining_time";
  return plan === undefined
    ? { kind: "other", planSlug: null, description, amount }
    : { kind: proration ? time : "plan", planSlug: plan.slug, description, amount };
}

/** Named only where the subscription has any of its own: otherwise the customer's hold. */
function discountsOf(
  { discounts }: SnapshotSubscription,
  held: readonly SnapshotDiscount[],
): Pick<PriceChange, "discountIds"> {
  return discounts.length === 0 ? {} : { discountIds: held.map(({ id }) => id) };
}
