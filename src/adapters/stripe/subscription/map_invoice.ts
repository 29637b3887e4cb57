import type { SnapshotInvoice } from "../../../domain/subscription/customer_snapshot.ts";
import type { WireObject } from "../wire_object.ts";

const STATUSES = ["draft", "open", "paid", "uncollectible", "void"] as const;

/** Returns the id of the subscription that an invoice is for; `null` if it names none (P12). */
export function subscriptionOfInvoice(wire: WireObject): string | null {
  const details = wire.childOrNull("parent")?.childOrNull("subscription_details");
  return details?.idOrNull("subscription") ?? wire.idOrNull("subscription");
}

/**
 * Returns the status of an invoice. An unknown status is read as `draft`, which neither grants nor
 * demands anything.
 */
export function invoiceStatus(wire: WireObject): SnapshotInvoice["status"] {
  const status = wire.textOrNull("status");
  return STATUSES.find((known) => known === status) ?? "draft";
}
