import { newInvoicePrefix, newShortId } from "../state/ids.ts";
import type { WireCustomer } from "../state/wire.ts";
import { cancelNow } from "./cancellation.ts";
import { isLive } from "./subscriptions.ts";
import { emit, emitChange, type Transaction } from "./transaction.ts";

/** The fields of a customer that a request may set. */
export type CustomerFields = Partial<
  Pick<
    WireCustomer,
    | "address"
    | "balance"
    | "business_name"
    | "default_source"
    | "description"
    | "email"
    | "individual_name"
    | "invoice_prefix"
    | "invoice_settings"
    | "metadata"
    | "name"
    | "next_invoice_sequence"
    | "phone"
    | "preferred_locales"
    | "shipping"
    | "tax_exempt"
    | "test_clock"
  >
>;

/** Creates a customer; emits `customer.created`. */
export function createCustomer(tx: Transaction, fields: CustomerFields): WireCustomer {
  const customer: WireCustomer = {
    id: newShortId("cus"),
    object: "customer",
    address: null,
    balance: 0,
    created: tx.now,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    email: null,
    invoice_prefix: newInvoicePrefix(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
    ...fields,
  };
  tx.state.customers.set(customer.id, customer);
  emit(tx, "customer.created", customer);
  return customer;
}

/** Deletes a customer and cancels its subscriptions; emits their events, then `customer.deleted`. */
export function deleteCustomer(tx: Transaction, customer: WireCustomer): void {
  for (const subscription of tx.state.subscriptions.of(customer.id)) {
    if (isLive(subscription)) {
      cancelNow(tx, subscription, "cancellation_requested");
    }
  }
  tx.state.customers.delete(customer.id);
  tx.state.deletedCustomers.set(customer.id, { deletedAt: tx.now });
  emit(tx, "customer.deleted", customer);
}

/** Makes a saved card the customer's default and that of its live subscriptions. */
export function setDefaultCard(
  tx: Transaction,
  customer: WireCustomer,
  paymentMethod: string,
): void {
  emitChange(tx, "customer.updated", customer, (changed) => {
    changed.invoice_settings.default_payment_method = paymentMethod;
  });
  for (const subscription of tx.state.subscriptions.of(customer.id)) {
    if (isLive(subscription)) {
      emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
        changed.default_payment_method = paymentMethod;
      });
    }
  }
}
