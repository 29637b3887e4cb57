import type { CustomerSnapshot, SnapshotInvoice } from "../customer_snapshot.ts";
import { isLive } from "../subscription.ts";

/**
 * Lists the invoices that a payment may be on its way for: those of live subscriptions, or else of
 * the one that ended last, that are not paid. One that was given up is among them until a later one
 * is paid.
 */
export function mayBeProcessing({
  subscriptions,
  invoices,
}: Pick<CustomerSnapshot, "subscriptions" | "invoices">): SnapshotInvoice[] {
  const live = subscriptions.filter(({ status }) => isLive(status));
  const last = subscriptions.toSorted((a, b) => +(b.endedAt ?? 0) - +(a.endedAt ?? 0)).slice(0, 1);
  const owners = new Set((live.length > 0 ? live : last).map(({ id }) => id));
  return invoices.filter(
    (invoice) =>
      invoice.subscriptionId !== null &&
      owners.has(invoice.subscriptionId) &&
      invoice.amountRemaining > 0 &&
      (invoice.status === "open" ||
        (invoice.status === "uncollectible" && !hasLaterPaid(invoice, invoices))),
  );
}

function hasLaterPaid(given: SnapshotInvoice, invoices: readonly SnapshotInvoice[]): boolean {
  return invoices.some(
    ({ subscriptionId, status, createdAt }) =>
      subscriptionId === given.subscriptionId && status === "paid" && createdAt > given.createdAt,
  );
}
