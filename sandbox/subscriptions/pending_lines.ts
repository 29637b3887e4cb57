import { emit, type Transaction } from "../engine/transaction.ts";
import { copyOf } from "../state/copy_of.ts";
import type { State } from "../state/state.ts";
import type { WireInvoiceItem, WireInvoiceLine, WireSubscription } from "../state/wire.ts";

/**
 * Keeps prorations and one-time charges for the next invoice of a subscription, as invoice items
 * that wait for it; emits `invoiceitem.created` for each.
 */
export function addPending(
  tx: Transaction,
  subscription: WireSubscription,
  lines: readonly WireInvoiceLine[],
): void {
  if (lines.length === 0) {
    return;
  }
  const present = tx.state.pendingLines.get(subscription.id) ?? [];
  tx.state.pendingLines.set(subscription.id, [...present, ...lines]);
  for (const line of lines) {
    const item = invoiceItem(tx, subscription, line);
    tx.state.invoiceItems.set(item.id, item);
    emit(tx, "invoiceitem.created", item);
  }
}

/** What waits for the next invoice of a subscription, without items that were deleted or billed. */
export function pendingOf(
  { invoiceItems, pendingLines }: Pick<State, "invoiceItems" | "pendingLines">,
  subscription: string,
): WireInvoiceLine[] {
  const lines = pendingLines.get(subscription) ?? [];
  return lines.filter((line) => invoiceItems.get(itemIdOf(line))?.invoice === null);
}

/** Takes what waits for the next invoice of a subscription onto the one with this id. */
export function takePendingLines(
  tx: Transaction,
  subscription: WireSubscription,
  invoice: string,
): WireInvoiceLine[] {
  const lines = pendingOf(tx.state, subscription.id);
  tx.state.pendingLines.delete(subscription.id);
  for (const line of lines) {
    const item = tx.state.invoiceItems.get(itemIdOf(line));
    if (item !== undefined) {
      item.invoice = invoice;
      tx.state.invoiceItems.set(item.id, item);
    }
  }
  return lines;
}

/** Forgets what waits for the next invoice of a subscription; emits `invoiceitem.deleted`. */
export function dropPending(tx: Transaction, subscription: WireSubscription): void {
  const lines = pendingOf(tx.state, subscription.id);
  tx.state.pendingLines.delete(subscription.id);
  for (const line of lines) {
    const item = tx.state.invoiceItems.get(itemIdOf(line));
    if (item !== undefined) {
      tx.state.invoiceItems.delete(item.id);
      emit(tx, "invoiceitem.deleted", item);
    }
  }
}

/** Copies what waits for the next invoice of a subscription, for what is only tried. */
export function copyPending(from: State, to: State, subscription: string): void {
  const lines = pendingOf(from, subscription);
  to.pendingLines.set(subscription, copyOf(lines));
  for (const line of lines) {
    const item = from.invoiceItems.get(itemIdOf(line));
    if (item !== undefined) {
      to.invoiceItems.set(item.id, copyOf(item));
    }
  }
}

function itemIdOf({ parent }: WireInvoiceLine): string {
  return (
    parent?.subscription_item_details?.invoice_item ??
    parent?.invoice_item_details?.invoice_item ??
    ""
  );
}

function invoiceItem(
  tx: Transaction,
  subscription: WireSubscription,
  line: WireInvoiceLine,
): WireInvoiceItem {
  const details = line.parent?.subscription_item_details;
  return {
    id: itemIdOf(line),
    object: "invoiceitem",
    amount: line.amount,
    currency: line.currency,
    customer: subscription.customer,
    customer_account: null,
    date: tx.now,
    description: line.description,
    discountable: line.discountable,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: { ...line.metadata },
    ...(!line.discountable && { net_amount: line.amount }),
    parent: {
      subscription_details: {
        subscription: subscription.id,
        ...(details && { subscription_item: details.subscription_item }),
      },
      type: "subscription_details",
    },
    period: line.period,
    pricing: line.pricing,
    proration: details?.proration ?? false,
    ...(details?.proration && { proration_details: prorationDetails(tx.state, line) }),
    quantity: line.quantity ?? 1,
    quantity_decimal: line.quantity_decimal ?? "1",
    tax_rates: [],
    test_clock: subscription.test_clock,
  };
}

/** What a credit gives back: a line of an invoice, or an item that waits as it does. */
function prorationDetails(
  { pendingLines }: State,
  { parent }: WireInvoiceLine,
): NonNullable<WireInvoiceItem["proration_details"]> {
  const details = parent?.subscription_item_details;
  const credited = details?.proration_details?.credited_items ?? null;
  const waiting = pendingLines.get(details?.subscription ?? "") ?? [];
  const debit = waiting.find(({ id }) => credited?.invoice_line_items.includes(id));
  const { invoice = "", invoice_line_items = [] } = credited ?? {};
  const credited_items =
    credited === null
      ? null
      : debit !== undefined
        ? ({ type: "invoice_item", invoice_item: itemIdOf(debit) } as const)
        : ({
            type: "invoice_line_items",
            invoice_line_item_details: { invoice, invoice_line_items },
          } as const);
  return { credited_items, discount_amounts: [] };
}
