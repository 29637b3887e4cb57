import type { Stripe } from "stripe";
import { priceIn, refuseTiers } from "../engine/catalog/price_in.ts";
import { createInvoiceItem } from "../engine/invoicing/invoice_items.ts";
import { type Prepare, previewChange, previewRecurring, previewStart } from "../engine/preview.ts";
import { invalidRequest, referenceMissing } from "../engine/request_error.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { WireInvoice, WireSubscription } from "../state/wire.ts";
import { setDiscounts } from "../subscriptions/set_discounts.ts";
import { amountOf } from "../subscriptions/subscription_item.ts";
import { DISCOUNTS } from "./invoicing/money_params.ts";
import {
  between,
  flag,
  hash,
  integer,
  list,
  oneOf,
  type Read,
  required,
  type ShapeOf,
  text,
} from "./params.ts";
import { type Route, route } from "./route.ts";
import { changeOf } from "./subscription_update.ts";
import { CHANGED_ITEM } from "./subscriptions/changed_items.ts";
import { nowOrTime, PRORATION } from "./subscriptions/shared_params.ts";

const PREVIEW = {
  automatic_tax: hash({ enabled: required(flag) }),
  currency: text,
  customer: text,
  discounts: DISCOUNTS,
  invoice_items: list(
    hash({
      amount: integer,
      currency: text,
      description: text,
      discountable: flag,
      price: text,
      quantity: between(0, 999_999_999),
    }),
    250,
  ),
  preview_mode: oneOf("next", "recurring"),
  subscription: text,
  subscription_details: hash({
    billing_cycle_anchor: hash({ type: required(oneOf("now", "unchanged")) }),
    items: list(CHANGED_ITEM, 20),
    proration_behavior: PRORATION,
    proration_date: integer,
    trial_end: nowOrTime,
  }),
} satisfies ShapeOf<Stripe.InvoiceCreatePreviewParams>;

type PreviewParams = Read<typeof PREVIEW>;

export const invoicePreviewRoutes: Route[] = [
  route("POST", "/v1/invoices/create_preview", {
    params: PREVIEW,
    returns: "invoice",
    check: ({ customer, subscription }) => {
      if (customer === undefined && subscription === undefined) {
        throw invalidRequest("You must provide a customer or a subscription.", "customer");
      }
    },
    handle: ({ tx, params }) =>
      params.subscription === undefined
        ? previewNew(tx, params)
        : previewExisting(tx, params, subscriptionFor(tx, params.subscription, params.customer)),
  }),
];

function previewExisting(
  tx: Transaction,
  params: PreviewParams,
  subscription: WireSubscription,
): WireInvoice {
  const { subscription_details: details } = params;
  const change = (copy: WireSubscription) =>
    changeOf(tx, copy, {
      billing_cycle_anchor: details?.billing_cycle_anchor,
      items: details?.items,
      proration_behavior: details?.proration_behavior,
      proration_date: details?.proration_date,
      trial_end: details?.trial_end,
    });
  const preview = params.preview_mode === "recurring" ? previewRecurring : previewChange;
  return preview(tx, subscription, change, supposing(params));
}

/** Discounts, items and tax that a request supposes for the invoice. */
function supposing(params: PreviewParams): Prepare {
  return (aside, subscription) => {
    setDiscounts(aside, subscription, params.discounts);
    if (params.automatic_tax !== undefined) {
      subscription.automatic_tax.enabled = params.automatic_tax.enabled;
    }
    for (const [index, item] of (params.invoice_items ?? []).entries()) {
      const found = aside.state.prices.get(item.price ?? "");
      const price = found ? priceIn(aside.state, found, subscription.currency) : null;
      if (item.price !== undefined && price === null) {
        throw referenceMissing("price", item.price, `invoice_items[${index}][price]`);
      }
      if (price !== null) {
        refuseTiers(price, `invoice_items[${index}][price]`);
      }
      const quantity = item.quantity ?? 1;
      createInvoiceItem(aside, {
        customer: subscription.customer,
        price,
        quantity,
        taxRates: [],
        discounts: [],
        amount: item.amount ?? (price === null ? 0 : amountOf(price, quantity)),
        currency: price?.currency ?? item.currency ?? subscription.currency,
        description: item.description ?? null,
        discountable: item.discountable ?? true,
        metadata: {},
        period: { start: aside.now, end: aside.now },
        subscription: subscription.id,
      });
    }
  };
}

function previewNew(tx: Transaction, params: PreviewParams): WireInvoice {
  const customer = params.customer ?? "";
  if (!tx.state.customers.has(customer)) {
    throw referenceMissing("customer", customer, "customer");
  }
  const items = params.subscription_details?.items ?? [];
  const lines = items.map(({ price: id = "", quantity = 1 }, index) => {
    const price = tx.state.prices.get(id);
    if (price === undefined) {
      throw referenceMissing("price", id, `subscription_details[items][${index}][price]`);
    }
    refuseTiers(price, `subscription_details[items][${index}][price]`);
    return { price, quantity };
  });
  if (lines[0] === undefined) {
    throw invalidRequest(
      "You must provide items to preview a new subscription.",
      "subscription_details[items]",
    );
  }
  const request = {
    customer,
    currency: params.currency?.toLowerCase() ?? lines[0].price.currency,
    lines,
    paymentMethod: "",
    metadata: {},
    description: null,
    automaticTax: params.automatic_tax?.enabled ?? false,
    trialDays: null,
    trialEnd: params.preview_mode === "recurring" ? null : trialEndOf(params),
  };
  return previewStart(tx, request, supposing(params));
}

function trialEndOf({ subscription_details: details }: PreviewParams): number | null {
  const end = details?.trial_end;
  return typeof end === "number" ? end : null;
}

function subscriptionFor(
  tx: Transaction,
  id: string,
  customer: string | undefined,
): WireSubscription {
  const subscription = tx.state.subscriptions.get(id);
  if (
    subscription === undefined ||
    (customer !== undefined && subscription.customer !== customer)
  ) {
    throw referenceMissing("subscription", id, "subscription");
  }
  return subscription;
}
