import type { Stripe } from "stripe";
import { type CustomerFields, createCustomer, deleteCustomer } from "../engine/customers.ts";
import { invalidRequest, referenceMissing, resourceMissing } from "../engine/request_error.ts";
import { checkRoom } from "../engine/time/test_clocks.ts";
import { emitChange, type Transaction } from "../engine/transaction.ts";
import {
  attachPaymentMethod,
  checkAttachable,
  paymentMethodFor,
} from "../engine/wallet/payment_methods.ts";
import { addSource, cardOfSource } from "../engine/wallet/sources.ts";
import type { WireCustomer } from "../state/wire.ts";
import { created, inRange, isInView, matches, newestFirst, PAGE, page } from "./listing.ts";
import {
  between,
  clearable,
  email,
  given,
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  type Read,
  required,
  type ShapeOf,
  text,
  upTo,
} from "./params.ts";
import { type Route, route } from "./route.ts";
import { address, completeAddress, shipping } from "./wallet/addresses.ts";

/** The settings of a new customer's invoices. */
const NO_SETTINGS = {
  custom_fields: null,
  default_payment_method: null,
  footer: null,
  rendering_options: null,
};

const CUSTOM_FIELD = hash({ name: required(upTo(40)), value: required(upTo(140)) });

const CUSTOMER = {
  address: clearable(address),
  balance: integer,
  business_name: clearable(text),
  description: clearable(text),
  email: clearable(email),
  individual_name: clearable(text),
  invoice_prefix: text,
  invoice_settings: hash({
    custom_fields: clearable(list(CUSTOM_FIELD, 4)),
    default_payment_method: clearable(text),
    footer: clearable(text),
    rendering_options: clearable(
      hash({
        amount_tax_display: clearable(oneOf("exclude_tax", "include_inclusive_tax")),
        template: text,
      }),
    ),
  }),
  metadata,
  name: clearable(upTo(256)),
  next_invoice_sequence: between(1, 999_999_999),
  phone: clearable(upTo(20)),
  preferred_locales: list(text),
  shipping: clearable(shipping),
  tax: hash({
    ip_address: clearable(text),
    validate_location: oneOf("auto", "deferred", "immediately"),
  }),
  tax_exempt: clearable(oneOf("none", "exempt", "reverse")),
} satisfies ShapeOf<Stripe.CustomerCreateParams & Stripe.CustomerUpdateParams>;

type Sent = Read<typeof CUSTOMER>;

/** The customer with this id. */
export function customerOf(tx: Transaction, id: string, param = "id"): WireCustomer {
  const customer = tx.state.customers.get(id);
  if (customer === undefined) {
    throw param === "id"
      ? resourceMissing("customer", id)
      : referenceMissing("customer", id, param);
  }
  return customer;
}

export const customerRoutes: Route[] = [
  route("POST", "/v1/customers", {
    params: {
      ...CUSTOMER,
      payment_method: text,
      source: text,
      test_clock: text,
    } satisfies ShapeOf<Stripe.CustomerCreateParams>,
    returns: "customer",
    check: checkPrefix,
    handle: ({ tx, params: { payment_method: method, source, test_clock: clock, ...params } }) => {
      const card = source === undefined ? undefined : cardOfSource(source);
      const saved = method === undefined ? undefined : paymentMethodFor(tx, method);
      if (saved !== undefined) {
        checkAttachable(tx, saved);
      }
      if (clock !== undefined) {
        checkRoom(tx.state, clock);
      }
      const settings = invoiceSettingsOf(params.invoice_settings, (wanted) =>
        wanted === method ? saved?.id : undefined,
      );
      const customer = createCustomer(tx, {
        ...fieldsOf(params),
        ...given({ test_clock: clock }),
        metadata: mergeMetadata({}, params.metadata),
        invoice_settings: { ...NO_SETTINGS, ...settings },
      });
      if (saved !== undefined) {
        attachPaymentMethod(tx, saved, customer.id);
      }
      if (card !== undefined) {
        addSource(tx, customer, { card });
      }
      return customer;
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
      default_source: text,
      source: text,
    } satisfies ShapeOf<Stripe.CustomerUpdateParams>,
    returns: "customer",
    check: checkPrefix,
    handle: ({ tx, id, params: { default_source: wanted, source: token, ...params } }) => {
      const customer = customerOf(tx, id);
      const card = token === undefined ? undefined : cardOfSource(token);
      if (wanted !== undefined && tx.state.cards.get(wanted)?.customer !== id) {
        throw referenceMissing("source", wanted, "default_source");
      }
      const settings = invoiceSettingsOf(params.invoice_settings, (wanted) =>
        tx.state.paymentMethods.get(wanted)?.customer === id ? wanted : undefined,
      );
      emitChange(tx, "customer.updated", customer, (updated) => {
        Object.assign(updated, fieldsOf(params), given({ default_source: wanted }));
        Object.assign(updated.invoice_settings, settings);
        updated.metadata = mergeMetadata(updated.metadata, params.metadata);
      });
      if (card !== undefined) {
        addSource(tx, customer, { card, isDefault: true });
      }
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
    params: {
      ...PAGE,
      created,
      email: text,
      test_clock: text,
    } satisfies ShapeOf<Stripe.CustomerListParams>,
    returns: "list:customer",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.customers,
        (customer) =>
          matches(params.email, customer.email) &&
          isInView(customer, params) &&
          inRange(customer.created, params.created),
      );
      return page("/v1/customers", found, params);
    },
  }),
];

function deleted(id: string): { id: string; object: "customer"; deleted: true } {
  return { id, object: "customer", deleted: true };
}

function checkPrefix({ invoice_prefix: prefix }: Pick<Sent, "invoice_prefix">): void {
  if (prefix !== undefined && !/^[A-Z0-9]{3,12}$/.test(prefix)) {
    throw invalidRequest(
      "The invoice prefix must be 3-12 uppercase letters or numbers.",
      "invoice_prefix",
    );
  }
}

/** The fields of a customer that a request sets; the settings of its invoices are set apart. */
function fieldsOf(params: Sent): CustomerFields {
  const { address: home, shipping: goods, tax_exempt: exempt, ...rest } = params;
  const { business_name, individual_name, metadata: _, invoice_settings, tax, ...fields } = rest;
  return {
    ...given(fields),
    ...given({ business_name: business_name ?? undefined }),
    ...given({ individual_name: individual_name ?? undefined }),
    ...(exempt !== undefined && { tax_exempt: exempt ?? "none" }),
    ...(home !== undefined && { address: home === null ? null : completeAddress(home) }),
    ...(goods !== undefined && { shipping: goods === null ? null : shippingOf(goods) }),
  };
}

function shippingOf(
  sent: NonNullable<ReturnType<typeof shipping>>,
): NonNullable<WireCustomer["shipping"]> {
  return {
    address: completeAddress(sent.address),
    name: sent.name,
    ...(sent.phone && { phone: sent.phone }),
  };
}

/**
 * The settings of a customer's invoices that a request sets.
 *
 * @param ownOf the customer's payment method that an id names; undefined where it is not theirs
 * @throws {RequestError} where the default payment method is not the customer's
 */
function invoiceSettingsOf(
  sent: Sent["invoice_settings"],
  ownOf: (id: string) => string | undefined,
): Partial<WireCustomer["invoice_settings"]> {
  const { default_payment_method: wanted, rendering_options: rendering, ...fields } = sent ?? {};
  const method = wanted ? ownOf(wanted) : null;
  if (method === undefined) {
    throw invalidRequest(
      `The customer does not have a payment method with the ID ${wanted}. The payment method ` +
        "must be attached to the customer.",
      "invoice_settings[default_payment_method]",
      "resource_missing",
    );
  }
  return {
    ...given(fields),
    ...(wanted !== undefined && { default_payment_method: method }),
    ...(rendering !== undefined && {
      rendering_options: rendering && {
        amount_tax_display: rendering.amount_tax_display ?? null,
        template: rendering.template ?? null,
      },
    }),
  };
}
