import type { Invoice, InvoiceLine } from "../../../domain/subscription/invoice.ts";
import type { WireObject } from "../wire_object.ts";

const STATUSES = ["draft", "open", "paid", "uncollectible", "void"] as const;

/**
 * An invoice from Stripe's JSON, of API versions with `parent` and `pricing` (2025-03-31 and
 * later) and with `subscription`, `price` and `proration` (before) (P12).
 *
 * @param lines all of the invoice's positions; the embedded list may be cut off
 * @throws {PortError} that names the field which is missing or unreadable
 */
export function mapInvoice(
  wire: WireObject,
  lines: readonly WireObject[] = wire.child("lines").objects("data"),
): Invoice {
  return {
    id: wire.text("id"),
    status: invoiceStatus(wire),
    billingReason: wire.textOrNull("billing_reason") ?? "manual",
    total: wire.integer("total"),
    finalizedAt: wire.childOrNull("status_transitions")?.dateOrNull("finalized_at") ?? null,
    lines: lines.map(mapLine),
  };
}

/** The subscription that an invoice is for, `null` when it names none (P12). */
export function subscriptionOfInvoice(wire: WireObject): string | null {
  const details = wire.childOrNull("parent")?.childOrNull("subscription_details");
  return details?.idOrNull("subscription") ?? wire.idOrNull("subscription");
}

/** An invoice's status; an unknown one neither grants nor demands anything, as a draft does. */
export function invoiceStatus(wire: WireObject): Invoice["status"] {
  const status = wire.textOrNull("status");
  return STATUSES.find((known) => known === status) ?? "draft";
}

function mapLine(line: WireObject): InvoiceLine {
  const period = line.child("period");
  return {
    productId: productOfLine(line),
    amount: line.integer("amount"),
    proration: isProration(line),
    period: { start: period.date("start"), end: period.date("end") },
  };
}

function productOfLine(line: WireObject): string | null {
  const details = line.childOrNull("pricing")?.childOrNull("price_details");
  return (
    details?.idOrNull("product") ??
    details?.childOrNull("price")?.idOrNull("product") ??
    line.childOrNull("price")?.idOrNull("product") ??
    null
  );
}

function isProration(line: WireObject): boolean {
  const parent = line.childOrNull("parent");
  return (
    parent?.childOrNull("subscription_item_details")?.flag("proration") === true ||
    parent?.childOrNull("invoice_item_details")?.flag("proration") === true ||
    line.flag("proration")
  );
}
