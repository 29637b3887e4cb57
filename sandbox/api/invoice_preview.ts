import type { Stripe } from "stripe";
import { previewChange, previewStart } from "../engine/preview.ts";
import { invalidRequest, referenceMissing } from "../engine/request_error.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { WireInvoice, WireSubscription } from "../state/wire.ts";
import {
  between,
  hash,
  integer,
  list,
  oneOf,
  type Param,
  type Read,
  type ShapeOf,
  text,
} from "./params.ts";
import { type Route, route } from "./route.ts";
import { changeOf } from "./subscription_update.ts";
import { CHANGED_ITEM } from "./subscriptions/changed_items.ts";
import { nowOrTime, PRORATION } from "./subscriptions/shared_params.ts";

const anchor: Param<"now" | "unchanged" | undefined> = oneOf("now", "unchanged");

const PREVIEW = {
  currency: text,
  customer: text,
  subscription: text,
  subscription_details: hash({
    billing_cycle_anchor: anchor,
    items: list(CHANGED_ITEM, 20),
    proration_behavior: PRORATION,
    proration_date: integer,
    trial_end: nowOrTime,
    trial_period_days: between(1, 730),
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
  { subscription_details: details }: PreviewParams,
  subscription: WireSubscription,
): WireInvoice {
  return previewChange(tx, subscription, (copy) =>
    changeOf(tx, copy, {
      billing_cycle_anchor:
        details?.billing_cycle_anchor === undefined
          ? undefined
          : { type: details.billing_cycle_anchor },
      items: details?.items,
      proration_behavior: details?.proration_behavior,
      proration_date: details?.proration_date,
      trial_end: details?.trial_end,
    }),
  );
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
    return { price, quantity };
  });
  if (lines[0] === undefined) {
    throw invalidRequest(
      "You must provide items to preview a new subscription.",
      "subscription_details[items]",
    );
  }
  return previewStart(tx, {
    customer,
    currency: lines[0].price.currency,
    lines,
    paymentMethod: "",
    metadata: {},
    description: null,
    automaticTax: false,
    trialDays: params.subscription_details?.trial_period_days ?? null,
  });
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
