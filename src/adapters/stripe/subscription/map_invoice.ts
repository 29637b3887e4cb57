import type { SnapshotInvoice } from "../../../domain/subscription/customer_snapshot.ts";
import type { WireObject } from "../wire_object.ts";

const STATUSES = ["draft", "open", "paid", "uncollectible", "void"] as const;

/** The subscription that an invoice is for, `null` when it names none (P12). */
export function subscriptionOfInvoice(wire: WireObject): string | null {
  const details = wire.childOrNull("parent")?.childOrNull("subscription_details");
  return details?.idOrNull("subscription") ?? wire.idOrNull("subscription");
}

/** An invoice's status; an unknown one neither grants nor demands anything, as a draft does. */
export function invoiceStatus(wire: WireObject): SnapshotInvoice["status"] {
  const status = wire.textOrNull("status");
  return STATUSES.find((known) => known === status) ?? "draft";
}

/** The product of a position's price; `null` where it has none. */
export function productOfLine(line: WireObject): string | null {
  const details = line.childOrNull("pricing")?.childOrNull("price_details");
  return (
    details?.idOrNull("product") ??
    details?.childOrNull("price")?.idOrNull("product") ??
    line.childOrNull("price")?.idOrNull("product") ??
    null
  );
}

/** Whether a position settles a change within a period rather than a whole period. */
export function isProration(line: WireObject): boolean {
  const parent = line.childOrNull("parent");
  return (
    parent?.childOrNull("subscription_item_details")?.flag("proration") === true ||
    parent?.childOrNull("invoice_item_details")?.flag("proration") === true ||
    line.flag("proration")
  );
}
