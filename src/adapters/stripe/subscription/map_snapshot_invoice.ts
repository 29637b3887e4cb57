import type {
  SnapshotInvoice,
  SnapshotLine,
} from "../../../domain/subscription/customer_snapshot.ts";
import type { WireObject } from "../wire_object.ts";
import { subscriptionOfInvoice } from "./map_invoice.ts";
import type { KnownPrice } from "./price_register.ts";

const STATUSES = ["draft", "open", "paid", "uncollectible", "void"] as const;

/** What an invoice's JSON does not say by itself. */
export interface InvoiceParts {
  /** Place among the invoices of the same second: a newer one has a higher number. */
  readonly order: number;
  readonly lines: readonly SnapshotLine[];
}

/**
 * An invoice from Stripe's JSON, of API versions with `parent` and `pricing` (2025-03-31 and
 * later) and with `subscription`, `price` and `proration` (before) (P12).
 *
 * @throws {PortError} that names the field which is missing or unreadable
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
    amountPaid: wire.integerOrNull("amount_paid") ?? 0,
    amountRemaining: wire.integerOrNull("amount_remaining") ?? 0,
    hostedUrl: wire.textOrNull("hosted_invoice_url"),
    startingBalance: wire.integerOrNull("starting_balance") ?? 0,
    endingBalance: wire.integerOrNull("ending_balance"),
    uncollectibleReason: uncollectible?.textOrNull("reason") ?? null,
    lines,
  };
}

/** The price of a position, `null` where it is none. */
export function priceIdOfLine(line: WireObject): string | null {
  const details = line.childOrNull("pricing")?.childOrNull("price_details");
  return details?.idOrNull("price") ?? line.idOrNull("price");
}

/** A position of an invoice, or one that waits for the next invoice (an invoice item). */
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
    proration: details?.flag("proration") === true || line.flag("proration"),
    credited: creditedOf(line),
  };
}

/** Where a position comes from, in the shapes of invoices' positions and of invoice items. */
function detailsOf(line: WireObject): WireObject | null {
  const parent = line.childOrNull("parent");
  return (
    parent?.childOrNull("subscription_item_details") ??
    parent?.childOrNull("invoice_item_details") ??
    parent?.childOrNull("subscription_details") ??
    null
  );
}

/** The positions that a credit gives back, as a position and as an invoice item name them. */
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
