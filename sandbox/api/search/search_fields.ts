/**
 * How a field can be compared: `token` and `boolean` exactly, `string` also by a part of it,
 * `numeric` also by size.
 */
export type FieldKind = "token" | "string" | "numeric";

const created = "numeric";

const PAYMENT = {
  amount: "numeric",
  created,
  currency: "token",
  customer: "token",
  status: "token",
} as const;

/** What can be searched by, `metadata` aside. Source: docs.stripe.com/search#query-fields-for. */
export const SEARCH_FIELDS: Readonly<Record<string, Readonly<Record<string, FieldKind>>>> = {
  charges: {
    ...PAYMENT,
    "billing_details.address.postal_code": "token",
    disputed: "token",
    "payment_method_details.card.brand": "token",
    "payment_method_details.card.exp_month": "token",
    "payment_method_details.card.exp_year": "token",
    "payment_method_details.card.fingerprint": "token",
    "payment_method_details.card.last4": "token",
    refunded: "token",
  },
  customers: { created, email: "string", name: "string", phone: "string" },
  invoices: {
    created,
    currency: "token",
    customer: "token",
    last_finalization_error_code: "token",
    last_finalization_error_type: "token",
    number: "string",
    receipt_number: "string",
    status: "token",
    subscription: "token",
    total: "numeric",
  },
  payment_intents: PAYMENT,
  prices: {
    active: "token",
    currency: "token",
    lookup_key: "string",
    product: "string",
    type: "token",
  },
  products: {
    active: "token",
    description: "string",
    name: "string",
    shippable: "token",
    url: "string",
  },
  subscriptions: { canceled_at: "numeric", created, status: "token" },
};

/** Where a field stands in the object, if not where its name says. */
export const FIELD_PATHS: Readonly<Record<string, string>> = {
  "invoices.last_finalization_error_code": "last_finalization_error.code",
  "invoices.last_finalization_error_type": "last_finalization_error.type",
  "invoices.subscription": "parent.subscription_details.subscription",
};
