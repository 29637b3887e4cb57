import { type Catalog, type Plan, planOfProduct } from "../catalog/catalog.ts";
import {
  isCredit,
  type SnapshotInvoice,
  type SnapshotItem,
  type SnapshotLine,
  type SnapshotSubscription,
} from "./customer_snapshot.ts";

/** The item that decides plan, month and allowance, with its plan. */
export interface PlanItem {
  readonly item: SnapshotItem;
  readonly plan: Plan;
}

/**
 * Finds a subscription's plan item: the highest-ranked of the items with a licensed, recurring
 * price of a catalogue plan. All others are extras and decide nothing.
 */
export function planItem(
  { items }: Pick<SnapshotSubscription, "items">,
  catalog: Catalog,
): PlanItem | undefined {
  return items
    .flatMap((item) => {
      const plan = item.licensed ? planOfProduct(catalog, item.productId) : undefined;
      return plan === undefined ? [] : [{ item, plan }];
    })
    .toSorted((a, b) => b.plan.rank - a.plan.rank || (a.item.id < b.item.id ? -1 : 1))[0];
}

/** Finds what a subscription charges for beside its one plan: other plans, and more than one of it. */
export function extraPlans(
  subscription: Pick<SnapshotSubscription, "items">,
  catalog: Catalog,
): readonly { readonly planSlug: string; readonly times: number }[] {
  const counts = planItem(subscription, catalog)?.item;
  return subscription.items
    .filter(({ licensed, amount }) => licensed && amount !== 0)
    .flatMap((item) => {
      const plan = planOfProduct(catalog, item.productId);
      const times = item === counts ? item.quantity - 1 : item.quantity;
      return plan === undefined || times <= 0 ? [] : [{ planSlug: plan.slug, times }];
    });
}

/** Finds the plan that a line charges for; `undefined` for extras and credits. */
export function chargedPlan(line: SnapshotLine, catalog: Catalog): Plan | undefined {
  return isCredit(line) ? undefined : pricedPlan(line, catalog);
}

/** Finds the plan whose licensed price a line has, whether it charges or credits. */
export function pricedPlan(line: SnapshotLine, catalog: Catalog): Plan | undefined {
  return line.licensed && line.productId !== null
    ? planOfProduct(catalog, line.productId)
    : undefined;
}

/** Whether an invoice bills a plan: one of its lines charges for a catalogue plan. */
export function billsPlan({ lines }: SnapshotInvoice, catalog: Catalog): boolean {
  return lines.some((line) => chargedPlan(line, catalog) !== undefined);
}

/** Why an invoice that bills a plan was made; `exempt` invoices are never owed. */
export type BillingCause = "first" | "renewal" | "change" | "exempt";

/** Reads the cause from Stripe's `billing_reason`. */
export function billingCause({ billingReason }: SnapshotInvoice): BillingCause {
  switch (billingReason) {
    case "subscription_create":
      return "first";
    case "subscription_cycle":
      return "renewal";
    case "subscription_threshold":
    case "manual":
      return "exempt";
    default:
      return "change";
  }
}
