import type { AttentionItem } from "../../attention/attention_item.ts";
import { attentionItem } from "../../attention/attention_kinds.ts";
import { type Catalog, planOfProduct } from "../../catalog/catalog.ts";
import type { BillingAccount } from "../billing_account.ts";
import type { SnapshotSubscription } from "../customer_snapshot.ts";
import { isCharged } from "./unexplained.ts";

/** A live subscription at the payment provider, of whomever. */
export interface ForeignSubscription {
  readonly id: string;
  readonly customerId: string;
  readonly status: SnapshotSubscription["status"];
  readonly productIds: readonly string[];
  readonly createdAt: Date;
}

/**
 * The item about a live subscription of a customer that is no tenant's, or a tenant's second one;
 * `null` where it charges for none of our plans.
 */
export function foreignSubscription(
  { id: subject, customerId, status, productIds, createdAt: since }: ForeignSubscription,
  catalog: Catalog,
): AttentionItem | null {
  const isOurs = productIds.some((id) => planOfProduct(catalog, id) !== undefined);
  return isOurs && isCharged({ status })
    ? attentionItem("unexplained_subscription", {
        tenantId: null,
        subject,
        customerId,
        status,
        since,
      })
    : null;
}

/** What a payment was for: a line of an invoice, an item of a Checkout. */
export interface SoldItem {
  readonly productId: string;
  /** Minor units before discounts and taxes, more than 0. */
  readonly amount: number;
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
  /** Whether it says of itself that it is some tenant's. */
  readonly namesTenant: boolean;
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

/** Money of a payment that was not given back. */
export interface KeptMoney {
  readonly amount: number;
  readonly currency: string;
}

/**
 * The item about money that gives nothing; `null` where it was given back.
 *
 * @param forNothing the part of the payment that gives nothing
 */
export function foreignPayment(
  { id: subject, customerId, amount, paidAt: since }: ReceivedPayment,
  { kept, forNothing, owner }: { kept: KeptMoney; forNothing: number; owner: string | null },
): AttentionItem | null {
  const left = kept.amount - (amount - forNothing);
  const money = { amount: left, currency: kept.currency };
  const payer = { customerId, owner };
  return left <= 0
    ? null
    : attentionItem("unexplained_payment", { tenantId: null, subject, money, payer, since });
}
