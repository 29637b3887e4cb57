import { priceIn } from "../engine/catalog/price_in.ts";
import { invoiceLine, productName } from "../engine/invoice_lines.ts";
import { invalidRequest } from "../engine/request_error.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { WireInvoiceLine, WirePrice, WireSubscription } from "../state/wire.ts";
import { amountOf } from "./subscription_item.ts";

/** A one-time charge that goes onto an invoice of a subscription. */
export interface Extra {
  price: WirePrice;
  quantity: number;
  metadata: Record<string, string>;
}

/** The line of a one-time charge, which belongs to no item of the subscription. */
export function extraLine(
  tx: Pick<Transaction, "now" | "state">,
  subscription: WireSubscription,
  { price: chosen, quantity, metadata }: Extra,
): WireInvoiceLine {
  const price = priceIn(tx.state, chosen, subscription.currency);
  const [item] = subscription.items.data;
  if (item === undefined) {
    throw invalidRequest("The subscription has no items.", "add_invoice_items");
  }
  const line = invoiceLine(subscription, {
    item,
    price,
    quantity,
    proration: false,
    credited: null,
    amount: amountOf(price, quantity),
    description: productName(tx.state, price),
    period: { start: tx.now, end: tx.now },
  });
  return {
    ...line,
    metadata,
    parent: {
      invoice_item_details: {
        invoice_item: line.id.replace("il_", "ii_"),
        proration: false,
        proration_details: { credited_items: null },
        subscription: subscription.id,
      },
      subscription_item_details: null,
      type: "invoice_item_details",
    },
  };
}
