import { chargeable } from "../../domain/catalog/currencies.ts";
import type { PlanChoice } from "../../domain/catalog/plan_choice.ts";
import {
  discountsAt,
  type SnapshotDiscount,
  type SnapshotSubscription,
} from "../../domain/subscription/customer_snapshot.ts";
import type {
  PaymentGateway,
  PriceChange,
  PriceChangePreview,
  Purchase,
} from "../ports/subscription/payment_gateway.ts";

/** The cost of a choice of plan. Amounts are in minor units of `currency`. */
export interface PlanCosts {
  /**
   * The lines plus added taxes, less what the customer's balance pays. An amount too small to be
   * charged goes on the balance.
   */
  readonly dueNow: number;
  /** The lines invoiced now; none if the plan takes effect later or after a trial. */
  readonly lines: readonly { readonly description: string; readonly amount: number }[];
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
  return trialEnd === null
    ? { ...NOTHING_DUE, ...next, dueNow: amount, lines: [{ description: plan.name, amount }] }
    : { ...NOTHING_DUE, ...next };
}

/**
 * Asks what a purchase costs now and after that.
 *
 * @throws {PortError}
 */
export async function purchaseCosts(previews: Previews, purchase: Purchase): Promise<PlanCosts> {
  const recurring = await previews.previewChange(purchase, "recurring");
  return costsNow(await previews.previewChange(purchase, "now"), recurring);
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
  { subscription, until }: { subscription: SnapshotSubscription; until: Date },
): Promise<{ costs: PlanCosts; lines: PriceChangePreview["lines"] }> {
  const now = await previews.previewChange(change, "now");
  const later = discountsAt(subscription, until).filter(({ once }) => !once);
  const recurring = { ...change, ...discountsOf(subscription, later) };
  return {
    costs: costsNow(now, await previews.previewChange(recurring, "recurring")),
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

function costsNow(now: PriceChangePreview, recurring: PriceChangePreview): PlanCosts {
  const { lines, discount, tax, taxIncluded, currency, total, startingBalance } = now;
  const dueNow = chargeable(now.dueNow, currency);
  const balanceApplied = total - dueNow;
  const nextPayment = chargeable(recurring.total + startingBalance + balanceApplied, currency);
  const shown = [
    ...lines.map(({ description, amount }) => ({ description, amount })),
    ...(discount === 0 ? [] : [{ description: "Discount", amount: -discount }]),
  ];
  return { dueNow, lines: shown, tax, taxIncluded, balanceApplied, nextPayment, currency };
}

/** Named only where the subscription has any of its own: otherwise the customer's hold. */
function discountsOf(
  { discounts }: SnapshotSubscription,
  held: readonly SnapshotDiscount[],
): Pick<PriceChange, "discountIds"> {
  return discounts.length === 0 ? {} : { discountIds: held.map(({ id }) => id) };
}
