import type { Catalog } from "../catalog/catalog.ts";
import {
  type CustomerSnapshot,
  oldestFirst,
  type SnapshotInvoice,
  type SnapshotSubscription,
} from "./customer_snapshot.ts";
import { billingCause, billsPlan, chargedPlan } from "./plan_item.ts";
import {
  isForgiven,
  isReallySettled,
  type Settlement,
  type Settlements,
  UNSETTLED,
} from "./settlement.ts";

/** An invoice that is owed, or will be. */
export interface Debt {
  readonly invoiceId: string;
  readonly cause: "first" | "renewal" | "change";
  /** Until then it counts as settled; `null` if it is already owed. */
  readonly from: Date | null;
  /** The start of the grace period. */
  readonly since: Date;
}

/**
 * Lists what a subscription owes, oldest first. A later invoice that really settled ends earlier
 * debts.
 */
export function debts(
  subscription: SnapshotSubscription,
  snapshot: CustomerSnapshot,
  {
    catalog,
    settled,
    item,
  }: {
    catalog: Catalog;
    settled: Settlements;
    item: { readonly priceId: string; readonly period: { readonly start: Date } } | undefined;
  },
): Debt[] {
  const invoices = oldestFirst(snapshot.invoices)
    .filter(({ subscriptionId }) => subscriptionId === subscription.id)
    .filter((invoice) => billsPlan(invoice, catalog));
  const last = invoices.findLastIndex(({ id }) => isReallySettled(settled.of.get(id)));
  return invoices.slice(last + 1).flatMap((invoice) => {
    const cause = billingCause(invoice);
    const settlement = settled.of.get(invoice.id) ?? UNSETTLED;
    if (
      cause === "exempt" ||
      !isOwed(invoice, { cause, settlement, subscription, catalog, item })
    ) {
      return [];
    }
    return {
      invoiceId: invoice.id,
      cause,
      from: settlement.type === "lent" ? settlement.until : null,
      since: invoice.dueAt ?? invoice.finalizedAt ?? invoice.createdAt,
    };
  });
}

function isOwed(
  invoice: SnapshotInvoice,
  about: {
    cause: "first" | "renewal" | "change";
    settlement: Settlement;
    subscription: SnapshotSubscription;
    catalog: Catalog;
    item: { readonly priceId: string; readonly period: { readonly start: Date } } | undefined;
  },
): boolean {
  const { cause, settlement, subscription, catalog, item } = about;
  if (settlement.type === "lent") {
    return settlement.until !== null;
  }
  const charges = invoice.lines.filter((line) => chargedPlan(line, catalog) !== undefined);
  const isStillHad = charges.some(({ priceId }) => priceId === item?.priceId);
  switch (invoice.status) {
    case "open":
    case "paid":
      return true;
    case "uncollectible":
      return !isForgiven(invoice, subscription);
    case "void":
      return cause === "first" || (cause === "change" && isStillHad);
    case "draft":
      if (cause === "change") {
        return isStillHad;
      }
      return (
        cause === "renewal" &&
        subscription.pauseCollection === null &&
        charges.some(({ period }) => item !== undefined && item.period.start < period.end)
      );
    default:
      return invoice.status satisfies never;
  }
}
