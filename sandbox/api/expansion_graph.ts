import type { State } from "../state/state.ts";
import { embeddedList } from "../state/wire.ts";

/** Something with an id that stands in a table of the state. */
type Table = (state: State) => Map<string, object>;

/** How a field leads from one object to another. */
export type Edge =
  | { kind: "inline"; to: string }
  | { kind: "list"; to: string }
  | { kind: "reference"; to: string; table: Table }
  | { kind: "include"; to: string; load: (state: State, parentId: string) => object };

const inline = (to: string): Edge => ({ kind: "inline", to });
const list = (to: string): Edge => ({ kind: "list", to });
const reference = (to: string, table: Table): Edge => ({ kind: "reference", to, table });

const customer = reference("customer", (state) => state.customers);
const product = reference("product", (state) => state.products);
const price = reference("price", (state) => state.prices);
const subscription = reference("subscription", (state) => state.subscriptions);
const invoice = reference("invoice", (state) => state.invoices);
const schedule = reference("subscription_schedule", (state) => state.schedules);
const charge = reference("charge", (state) => state.charges);
const paymentIntent = reference("payment_intent", (state) => state.paymentIntents);
const paymentMethod = reference("payment_method", (state) => state.paymentMethods);
const configuration = reference(
  "billing_portal.configuration",
  (state) => state.portalConfigurations,
);
/** What Stripe shows only on request, and the sandbox always. */
const shown: Edge = { kind: "include", to: "nothing", load: () => ({}) };
const never = reference("nothing", () => new Map());

/** What can be expanded, by the type of the object and the name of the field. */
export const EXPANSION_GRAPH: Record<string, Record<string, Edge>> = {
  customer: {
    invoice_settings: inline("customer.invoice_settings"),
    subscriptions: { kind: "include", to: "list:subscription", load: subscriptionsOf },
  },
  "customer.invoice_settings": { default_payment_method: paymentMethod },
  product: { default_price: price },
  price: { product },
  subscription: {
    customer,
    default_payment_method: paymentMethod,
    items: list("subscription_item"),
    latest_invoice: invoice,
    pending_setup_intent: never,
    schedule,
  },
  subscription_item: { price: inline("price") },
  subscription_schedule: { customer, subscription },
  invoice: {
    customer,
    default_payment_method: paymentMethod,
    lines: list("line_item"),
    parent: inline("invoice.parent"),
    payments: { kind: "include", to: "list:invoice_payment", load: paymentsOf },
  },
  "invoice.parent": { subscription_details: inline("invoice.parent.subscription_details") },
  "invoice.parent.subscription_details": { subscription },
  line_item: { pricing: inline("line_item.pricing") },
  "line_item.pricing": { price_details: inline("line_item.pricing.price_details") },
  "line_item.pricing.price_details": { price },
  invoice_payment: { invoice, payment: inline("invoice_payment.payment") },
  "invoice_payment.payment": { charge, payment_intent: paymentIntent },
  payment_intent: { customer, latest_charge: charge, payment_method: paymentMethod },
  charge: {
    customer,
    payment_intent: paymentIntent,
    refunds: { kind: "include", to: "list:refund", load: refundsOf },
  },
  refund: { charge, customer, payment_intent: paymentIntent },
  dispute: { charge, payment_intent: paymentIntent },
  payment_method: { customer },
  "checkout.session": {
    customer,
    invoice,
    line_items: { kind: "include", to: "list:item", load: lineItemsOf },
    payment_intent: paymentIntent,
    setup_intent: never,
    subscription,
  },
  item: { price: inline("price") },
  "billing_portal.session": { configuration },
  "billing_portal.configuration": { features: inline("portal_features") },
  portal_features: { subscription_update: inline("portal_subscription_update") },
  portal_subscription_update: { products: shown },
};

function subscriptionsOf(state: State, id: string): object {
  const found = state.subscriptions.of(id).filter(({ status }) => status !== "canceled");
  return embeddedList(`/v1/customers/${id}/subscriptions`, found.reverse());
}

function paymentsOf(state: State, id: string): object {
  const found = [...state.invoicePayments.values()].filter((payment) => payment.invoice === id);
  return embeddedList(`/v1/invoice_payments?invoice=${id}`, found);
}

function refundsOf(state: State, id: string): object {
  const found = [...state.refunds.values()].filter((refund) => refund.charge === id).reverse();
  const url = `/v1/charges/${id}/refunds`;
  return { ...embeddedList(url, found.slice(0, 10)), has_more: found.length > 10 };
}

function lineItemsOf(state: State, id: string): object {
  const items = state.checkoutDetails.get(id)?.lineItems ?? [];
  return embeddedList(`/v1/checkout/sessions/${id}/line_items`, items);
}
