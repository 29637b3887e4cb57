import type {
  SnapshotInvoice,
  SnapshotLine,
} from "../../../domain/subscription/customer_snapshot.ts";
import { addedTax } from "../added_tax.ts";
import type { WireObject } from "../wire_object.ts";
import { subscriptionOfInvoice } from "./map_invoice.ts";
import type { KnownPrice } from "./price_register.ts";

const STATUSES = ["draft", "open", "paid", "uncollectible", "void"] as const;

/** The facts about an invoice that its own JSON lacks. */
export interface InvoiceParts {
  /** Position among the invoices created in the same second; newer ones have higher numbers. */
  readonly order: number;
  readonly lines: readonly SnapshotLine[];
}

/**
 * Maps an invoice, both of API versions with `parent` and `pricing` (2025-03-31 and later) and of
 * earlier ones with `subscription`, `price` and `proration` (P12).
 *
 * @throws {PortError} that names the missing or unreadable field
 */
export function mapSnapshotInvoice(
  wire: WireObject,
  { order, lines }: InvoiceParts,
): SnapshotInvoice {
  const transitions = wire.childOrNull("status_transitions");
  const uncollectible = wire.childOrNull("status_details")?.childOrNull("uncollectible");
  const status = wire.textOrNull("status");
  return {
    id: wire.text("id"),
    subscriptionId: subscriptionOfInvoice(wire),
    status: STATUSES.find((known) => known === status) ?? "draft",
    billingReason: wire.textOrNull("billing_reason") ?? "manual",
    createdAt: wire.date("created"),
    order,
    dueAt: wire.dateOrNull("due_date"),
    finalizedAt: transitions?.dateOrNull("finalized_at") ?? null,
    paidAt: transitions?.dateOrNull("paid_at") ?? null,
    attempted: wire.flag("attempted"),
    currency: wire.text("currency"),
    total: wire.integer("total"),
    taxAdded: addedTax(wire),
    amountPaid: wire.integerOrNull("amount_paid") ?? 0,
    amountRemaining: wire.integerOrNull("amount_remaining") ?? 0,
    amountProcessing: 0,
    hostedUrl: wire.textOrNull("hosted_invoice_url"),
    startingBalance: wire.integerOrNull("starting_balance") ?? 0,
    endingBalance: wire.integerOrNull("ending_balance"),
    finalizationError: wire.childOrNull("last_finalization_error")?.textOrNull("message") ?? null,
    uncollectibleReason: uncollectible?.textOrNull("reason") ?? null,
    lines,
  };
}

/** Returns the price id of a line; `null` if it has none. */
export function priceIdOfLine(line: WireObject): string | null {
  const details = line.childOrNull("pricing")?.childOrNull("price_details");
  return details?.idOrNull("price") ?? line.idOrNull("price");
}

/** Maps a line of an invoice, or an invoice item that waits for the next invoice. */
export function mapSnapshotLine(
  line: WireObject,
  { invoice, price }: { invoice: WireObject | null; price: KnownPrice | null },
): SnapshotLine {
  const period = line.child("period");
  const details = detailsOf(line);
  return {
    id: line.text("id"),
    subscriptionId:
      details?.idOrNull("subscription") ??
      line.idOrNull("subscription") ??
      (invoice && subscriptionOfInvoice(invoice)),
    priceId: price?.priceId ?? null,
    productId: price?.productId ?? null,
    licensed: price?.licensed ?? false,
    amount: line.integer("amount"),
    period: { start: period.date("start"), end: period.date("end") },
    proration: isProration(line),
    credited: creditedOf(line),
  };
}

/** Whether a line charges for an item of a subscription, be it for a part of its period. */
export function isSubscriptionLine(line: WireObject): boolean {
  const parent = line.childOrNull("parent");
  return (
    (parent?.childOrNull("subscription_item_details") ?? null) !== null ||
    line.textOrNull("type") === "subscription" ||
    isProration(line)
  );
}

function isProration(line: WireObject): boolean {
  return detailsOf(line)?.flag("proration") === true || line.flag("proration");
}

/** Returns the details of a line's origin, from an invoice line or an invoice item. */
function detailsOf(line: WireObject): WireObject | null {
  const parent = line.childOrNull("parent");
  return (
    parent?.childOrNull("subscription_item_details") ??
    parent?.childOrNull("invoice_item_details") ??
    parent?.childOrNull("subscription_details") ??
    null
  );
}

/** Lists the lines that a credit gives back, from an invoice line or an invoice item. */
function creditedOf(line: WireObject): SnapshotLine["credited"] {
  const details =
    detailsOf(line)?.childOrNull("proration_details") ?? line.childOrNull("proration_details");
  const items = details?.childOrNull("credited_items");
  const credited = items?.childOrNull("invoice_line_item_details") ?? items;
  const invoiceId = credited?.idOrNull("invoice") ?? null;
  return invoiceId === null
    ? []
    : (credited?.texts("invoice_line_items") ?? []).map((lineId) => ({ invoiceId, lineId }));
}
