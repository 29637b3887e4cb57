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
  readonly productIds: readonly string[];
  /** The tenant for whom it bought a token pack, as it says of itself; `null` if it says nothing. */
  readonly packFor: string | null;
  readonly paidAt: Date;
}

/**
 * Whether money for our plans and packs gives no tenant anything that its own look explains or names
 * (P41): it is of a customer that is no tenant's, or for a pack that no Checkout or top-up of ours has
 * sold to this tenant, or for a plan without an invoice.
 *
 * @param owner whose customer paid; undefined if nobody's
 */
export function isForeignPayment(
  { source, productIds, packFor }: ReceivedPayment,
  owner: Pick<BillingAccount, "tenantId"> | undefined,
  catalog: Catalog,
): boolean {
  const isPlan = productIds.some((id) => planOfProduct(catalog, id) !== undefined);
  const isPack =
    packFor !== null || catalog.packs.some(({ productId }) => productIds.includes(productId));
  if (owner === undefined || source === "payment") {
    return isPlan || isPack;
  }
  return packFor !== owner.tenantId && (isPack || isPlan) && !(source === "invoice" && isPlan);
}

/** Money of a payment that was not given back. */
export interface KeptMoney {
  readonly amount: number;
  readonly currency: string;
}

/** The item about such money; `null` where all of it was given back. */
export function foreignPayment(
  { id: subject, paidAt: since }: ReceivedPayment,
  money: KeptMoney,
): AttentionItem | null {
  return money.amount <= 0
    ? null
    : attentionItem("unexplained_payment", { tenantId: null, subject, money, since });
}
