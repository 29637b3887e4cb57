import type { Stripe } from "stripe";
import { createCustomer, deleteCustomer } from "../engine/customers.ts";
import { invalidRequest, resourceMissing } from "../engine/request_error.ts";
import { emitChange, type Transaction } from "../engine/transaction.ts";
import type { Wire, WireCustomer } from "../state/wire.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "./listing.ts";
import {
  between,
  clearable,
  given,
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  type ShapeOf,
  text,
} from "./params.ts";
import { type Route, route } from "./route.ts";
import { parseCustomerQuery } from "./search_query.ts";

const line = clearable(text);

const address = hash({
  city: line,
  country: line,
  line1: line,
  line2: line,
  postal_code: line,
  state: line,
});

const CUSTOMER = {
  address: clearable(address),
  description: line,
  email: line,
  metadata,
  name: line,
  phone: line,
  preferred_locales: list(text),
  tax_exempt: oneOf("none", "exempt", "reverse"),
} satisfies ShapeOf<Stripe.CustomerCreateParams & Stripe.CustomerUpdateParams>;

type Address = ReturnType<typeof address>;

/** The customer with this id. */
export function customerOf(tx: Transaction, id: string): WireCustomer {
  const customer = tx.state.customers.get(id);
  if (customer === undefined) {
    throw resourceMissing("customer", id);
  }
  return customer;
}

export const customerRoutes: Route[] = [
  route("POST", "/v1/customers", {
    params: CUSTOMER,
    returns: "customer",
    handle: ({ tx, params: { metadata: change, address: sent, ...fields } }) =>
      createCustomer(
        tx,
        { ...given(fields), ...(sent !== undefined && { address: completeAddress(sent) }) },
        mergeMetadata({}, change),
      ),
  }),
  route("GET", "/v1/customers/search", {
    params: {
      query: required(text),
      limit: between(1, 100),
      page: integer,
    } satisfies ShapeOf<Stripe.CustomerSearchParams>,
    returns: "list:customer",
    handle: ({ tx, params }) => {
      const found = newestFirst(tx.state.customers, parseCustomerQuery(params.query));
      const start = Math.max(0, params.page ?? 0);
      const end = start + (params.limit ?? 10);
      return {
        object: "search_result",
        url: "/v1/customers/search",
        has_more: end < found.length,
        next_page: end < found.length ? String(end) : null,
        data: found.slice(start, end),
      };
    },
  }),
  route("GET", "/v1/customers/:id", {
    params: {},
    returns: "customer",
    handle: ({ tx, id }) => (tx.state.deletedCustomers.has(id) ? deleted(id) : customerOf(tx, id)),
  }),
  route("POST", "/v1/customers/:id", {
    params: {
      ...CUSTOMER,
      invoice_settings: hash({ default_payment_method: clearable(text) }),
    } satisfies ShapeOf<Stripe.CustomerUpdateParams>,
    returns: "customer",
    handle: ({ tx, id, params }) => {
      const { metadata: change, address: sent, invoice_settings: settings, ...fields } = params;
      const customer = customerOf(tx, id);
      const method = settings?.default_payment_method;
      if (method && tx.state.paymentMethods.get(method)?.customer !== id) {
        throw invalidRequest(
          `The customer does not have a payment method with the ID ${method}.`,
          "invoice_settings[default_payment_method]",
          "resource_missing",
        );
      }
      emitChange(tx, "customer.updated", customer, (updated) => {
        Object.assign(updated, given(fields));
        updated.metadata = mergeMetadata(updated.metadata, change);
        if (sent !== undefined) {
          updated.address = completeAddress(sent);
        }
        if (method !== undefined) {
          updated.invoice_settings.default_payment_method = method;
        }
      });
      return customer;
    },
  }),
  route("DELETE", "/v1/customers/:id", {
    params: {},
    returns: "deleted",
    handle: ({ tx, id }) => {
      deleteCustomer(tx, customerOf(tx, id));
      return deleted(id);
    },
  }),
  route("GET", "/v1/customers", {
    params: { ...PAGE, created, email: text } satisfies ShapeOf<Stripe.CustomerListParams>,
    returns: "list:customer",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.customers,
        (customer) =>
          matches(params.email, customer.email) && inRange(customer.created, params.created),
      );
      return page("/v1/customers", found, params);
    },
  }),
];

function deleted(id: string): { id: string; object: "customer"; deleted: true } {
  return { id, object: "customer", deleted: true };
}

function completeAddress(sent: NonNullable<Address> | null): Wire<Stripe.Address> | null {
  const blank = {
    city: null,
    country: null,
    line1: null,
    line2: null,
    postal_code: null,
    state: null,
  };
  return sent === null ? null : { ...blank, ...given(sent) };
}
