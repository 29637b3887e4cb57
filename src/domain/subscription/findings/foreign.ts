import type { AttentionItem } from "../../attention/attention_item.ts";
import { attentionItem } from "../../attention/attention_kinds.ts";
import { type Catalog, planOfProduct } from "../../catalog/catalog.ts";
import type { Money } from "../../catalog/money.ts";
import type { BillingAccount } from "../billing_account.ts";
import type { SnapshotSubscription } from "../customer_snapshot.ts";
import { isCharged } from "./unexplained.ts";

/** A live subscription at the payment provider, of whomever. */
export interface ForeignSubscription {
  readonly id: string;
  readonly customerId: string;
  readonly status: SnapshotSubscription["status"];
  readonly productIds: readonly string[];
  /** The tenant whose it or its customer says that it is. */
  readonly tenantId: string | null;
  readonly createdAt: Date;
}

/** Whether a subscription charges for one of our plans. */
export function chargesForPlan(
  { status, productIds }: Pick<ForeignSubscription, "status" | "productIds">,
  catalog: Catalog,
): boolean {
  const isOurs = productIds.some((id) => planOfProduct(catalog, id) !== undefined);
  return isOurs && isCharged({ status });
}

/**
 * The item about a live subscription of one of our plans whose customer is no tenant's.
 *
 * @param tenantId the tenant whose it says that it is, if there is one of this id
 */
export function foreignSubscription(
  { id: subject, customerId, status, createdAt: since }: ForeignSubscription,
  tenantId: string | null,
): AttentionItem {
  const kind = tenantId === null ? "unexplained_subscription" : "misplaced_subscription";
  return attentionItem(kind, { tenantId, subject, customerId, status, since });
}

/** What a payment was for: a line of an invoice, an item of a Checkout. */
export interface SoldItem {
  readonly productId: string;
  /** Minor units after discounts, with taxes; more than 0, for the whole quantity. */
  readonly amount: number;
  readonly quantity: number;
  /** Whether a subscription charges for it, at a price that recurs. */
  readonly recurring: boolean;
}

/** Money that came for something, of whomever. */
export interface ReceivedPayment {
  /** The invoice; the payment where there is none. */
  readonly id: string;
  /** What it was paid by: a `payment` is one without invoice and Checkout. */
  readonly source: "invoice" | "checkout" | "payment";
  /** `null` for a guest. */
  readonly customerId: string | null;
  /** The subscription that an invoice is of. */
  readonly subscriptionId: string | null;
  /** All that came, in minor units. */
  readonly amount: number;
  readonly sold: readonly SoldItem[];
  /**
   * The tenant for whom it bought a token pack, as it says of itself; empty if it does not say clearly
   * for whom and how many tokens, `null` if it says nothing of packs.
   */
  readonly packFor: string | null;
  /** The tenant whose it says of itself that it is. */
  readonly tenantId: string | null;
  readonly paidAt: Date;
}

/**
 * How much of a payment came for our plans and packs and gives no tenant anything that its own look
 * explains or names (P41): it is of a customer that is no tenant's, or for a pack that no Checkout or
 * top-up of ours has sold to this tenant, or for a plan that no subscription charged for. Minor
 * units.
 *
 * @param owner whose customer paid; undefined if nobody's
 */
export function moneyForNothing(
  { source, amount, sold, packFor }: ReceivedPayment,
  owner: Pick<BillingAccount, "tenantId"> | undefined,
  catalog: Catalog,
): number {
  if (owner !== undefined && source !== "payment" && packFor === owner.tenantId) {
    return 0;
  }
  const forNothing = sold.filter(({ productId, recurring }) =>
    planOfProduct(catalog, productId) === undefined
      ? catalog.packs.some((pack) => pack.productId === productId)
      : owner === undefined || !recurring,
  );
  if (packFor !== null || (sold.length > 0 && forNothing.length === sold.length)) {
    return amount;
  }
  const sum = forNothing.reduce((total, item) => total + item.amount, 0);
  return Math.min(sum, amount);
}

/** How much of a subscription's payment came for more than the one plan that counts, once. */
export function moneyForExtras({ sold, amount }: ReceivedPayment, catalog: Catalog): number {
  const plans = sold.filter(
    ({ productId, recurring }) => recurring && planOfProduct(catalog, productId) !== undefined,
  );
  const all = plans.reduce((sum, item) => sum + item.amount, 0);
  const once = Math.max(0, ...plans.map((item) => item.amount / item.quantity));
  return Math.min(Math.floor(all - once), amount);
}

/** Whether a tenant got what was paid for a subscription of its own: it had not ended yet. */
export function gaveSomething(
  { ending }: Pick<BillingAccount, "ending">,
  { paidAt }: Pick<ReceivedPayment, "paidAt">,
): boolean {
  return ending === null || paidAt <= ending.at;
}

/**
 * The item about money that gives nothing; `null` where it was given back.
 *
 * @param of `forNothing`: the part of the payment that gives nothing; `owner`: the tenant whose
 *   customer paid; `tenantId`: that one, or the one whose it says that it is, if there is one of this
 *   id
 */
export function foreignPayment(
  { id: subject, customerId, amount, paidAt: since }: ReceivedPayment,
  of: { kept: Money; forNothing: number; owner: string | null; tenantId: string | null },
): AttentionItem | null {
  const { kept, forNothing, owner, tenantId } = of;
  const left = kept.amount - (amount - forNothing);
  const money = { amount: left, currency: kept.currency };
  const kind = tenantId === null ? "unexplained_payment" : "payment_without_sale";
  return left <= 0
    ? null
    : attentionItem(kind, { tenantId, subject, money, payer: { customerId, owner }, since });
}
