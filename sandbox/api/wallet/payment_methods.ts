import type { Stripe } from "stripe";
import { cardDeclined, invalidRequest, resourceMissing } from "../../engine/request_error.ts";
import { emitChange, type Transaction } from "../../engine/transaction.ts";
import { buildCard } from "../../engine/wallet/build_card.ts";
import {
  attachPaymentMethod,
  buildSepaDebit,
  detachPaymentMethod,
  keepPaymentMethod,
  paymentMethodFor,
} from "../../engine/wallet/payment_methods.ts";
import { cardOfToken, findTestCard } from "../../engine/wallet/test_cards.ts";
import type { WirePaymentMethod } from "../../state/wire.ts";
import { customerOf } from "../customers.ts";
import { matches, newestFirst, PAGE, page } from "../listing.ts";
import {
  between,
  clearable,
  email,
  given,
  hash,
  mergeMetadata,
  metadata,
  oneOf,
  type Read,
  required,
  type ShapeOf,
  text,
} from "../params.ts";
import { type Route, route } from "../route.ts";
import { address, completeAddress } from "./addresses.ts";

const PATH = "/v1/payment_methods";

const BILLING_DETAILS = hash({
  address: clearable(address),
  email: clearable(email),
  name: clearable(text),
  phone: clearable(text),
});

/** The payment method that a request describes. */
export const NEW_METHOD = {
  allow_redisplay: oneOf("always", "limited", "unspecified"),
  billing_details: BILLING_DETAILS,
  card: hash({
    cvc: text,
    exp_month: between(1, 12),
    exp_year: between(0, 9999),
    number: text,
    token: text,
  }),
  metadata,
  sepa_debit: hash({ iban: required(text) }),
  type: required(oneOf("card", "sepa_debit")),
} satisfies ShapeOf<Stripe.PaymentMethodCreateParams>;

type NewMethod = Read<typeof NEW_METHOD>;

/** The payment method with this id. */
function methodOf(tx: Transaction, id: string): WirePaymentMethod {
  const method = tx.state.paymentMethods.get(id);
  if (method === undefined) {
    throw resourceMissing("PaymentMethod", id, "payment_method");
  }
  return method;
}

/**
 * Makes the payment method that a request describes.
 * @throws {RequestError} where its number is none of Stripe's test mode
 */
export function createMethod(tx: Transaction, params: NewMethod): WirePaymentMethod {
  const shared = {
    type: params.type,
    ...given({ allow_redisplay: params.allow_redisplay }),
    billing_details: detailsOf(params.billing_details),
    metadata: mergeMetadata({}, params.metadata),
  };
  if (params.type === "sepa_debit") {
    const iban = params.sepa_debit?.iban ?? "";
    if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/i.test(iban.replaceAll(/\s/g, ""))) {
      throw invalidRequest(
        `Invalid IBAN: ${iban}`,
        "sepa_debit[iban]",
        "invalid_bank_account_iban",
      );
    }
    return keepPaymentMethod(tx, { ...shared, number: iban, sepa_debit: buildSepaDebit(iban) });
  }
  const data = cardOf(tx, params);
  return keepPaymentMethod(tx, { ...shared, number: data.number, card: buildCard(data) });
}

/** The fields of billing details that were sent. */
function detailsOf(
  sent: ReturnType<typeof BILLING_DETAILS>,
): Partial<WirePaymentMethod["billing_details"]> {
  const { address: place, ...rest } = sent ?? {};
  return {
    ...given(rest),
    ...(place !== undefined && { address: place === null ? null : completeAddress(place) }),
  };
}

function cardOf(
  tx: Transaction,
  { card }: NewMethod,
): { number: string; expMonth: number; expYear: number } {
  const year = new Date(tx.now * 1000).getUTCFullYear();
  if (card?.token !== undefined) {
    const known = cardOfToken(card.token);
    if (known === undefined) {
      throw invalidRequest(`No such token: '${card.token}'`, "card[token]", "resource_missing");
    }
    return { number: known.number, expMonth: 12, expYear: year + 1 };
  }
  const number = card?.number?.replaceAll(/[\s-]/g, "");
  if (number === undefined) {
    throw invalidRequest(
      "Missing required param: card[number].",
      "card[number]",
      "parameter_missing",
    );
  }
  if (findTestCard(number) === undefined) {
    throw cardDeclined("incorrect_number");
  }
  const { exp_month: expMonth, exp_year: expYear } = card ?? {};
  if (expMonth === undefined || expYear === undefined) {
    const name = expMonth === undefined ? "card[exp_month]" : "card[exp_year]";
    throw invalidRequest(`Missing required param: ${name}.`, name, "parameter_missing");
  }
  const full = expYear < 100 ? 2000 + expYear : expYear;
  if (full < year) {
    throw cardDeclined("invalid_expiry_year");
  }
  return { number, expMonth, expYear: full };
}

export const paymentMethodRoutes: Route[] = [
  route("POST", PATH, {
    params: NEW_METHOD,
    returns: "payment_method",
    check: ({ type, card, sepa_debit: sepa }) => {
      if ((type === "card" ? card : sepa) === undefined) {
        throw invalidRequest(`Missing required param: ${type}.`, type, "parameter_missing");
      }
    },
    handle: ({ tx, params }) => createMethod(tx, params),
  }),
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: "payment_method",
    handle: ({ tx, id }) => methodOf(tx, id),
  }),
  route("POST", `${PATH}/:id`, {
    params: {
      allow_redisplay: oneOf("always", "limited", "unspecified"),
      billing_details: BILLING_DETAILS,
      card: hash({ exp_month: between(1, 12), exp_year: between(0, 9999) }),
      metadata,
    } satisfies ShapeOf<Stripe.PaymentMethodUpdateParams>,
    returns: "payment_method",
    handle: ({ tx, id, params }) => {
      const method = methodOf(tx, id);
      if (method.customer === null) {
        throw invalidRequest(
          "You must save this PaymentMethod to a customer before you can update it.",
          "payment_method",
        );
      }
      emitChange(tx, "payment_method.updated", method, (changed) => {
        Object.assign(changed, given({ allow_redisplay: params.allow_redisplay }));
        Object.assign(changed.billing_details, detailsOf(params.billing_details));
        Object.assign(changed.card ?? {}, given(params.card ?? {}));
        changed.metadata = mergeMetadata(changed.metadata ?? {}, params.metadata);
      });
      return method;
    },
  }),
  route("POST", `${PATH}/:id/attach`, {
    params: { customer: required(text) } satisfies ShapeOf<Stripe.PaymentMethodAttachParams>,
    returns: "payment_method",
    handle: ({ tx, id, params }) => {
      const customer = customerOf(tx, params.customer, "customer");
      const method = paymentMethodFor(tx, id);
      attachPaymentMethod(tx, method, customer.id);
      return method;
    },
  }),
  route("POST", `${PATH}/:id/detach`, {
    params: {},
    returns: "payment_method",
    handle: ({ tx, id }) => {
      const method = methodOf(tx, id);
      detachPaymentMethod(tx, method);
      return method;
    },
  }),
  route("GET", PATH, {
    params: {
      ...PAGE,
      customer: text,
      type: text,
    } satisfies ShapeOf<Stripe.PaymentMethodListParams>,
    returns: "list:payment_method",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.paymentMethods,
        (method) =>
          method.object === "payment_method" &&
          method.customer !== null &&
          matches(params.customer, method.customer) &&
          matches(params.type, method.type),
      );
      return page(PATH, found, params);
    },
  }),
  route("GET", "/v1/customers/:id/payment_methods", {
    params: {
      ...PAGE,
      allow_redisplay: oneOf("always", "limited", "unspecified"),
      type: text,
    } satisfies ShapeOf<Stripe.CustomerListPaymentMethodsParams>,
    returns: "list:payment_method",
    handle: ({ tx, id, params }) => {
      customerOf(tx, id);
      const found = newestFirst(
        tx.state.paymentMethods,
        (method) =>
          method.customer === id &&
          matches(params.type, method.type) &&
          matches(params.allow_redisplay, method.allow_redisplay ?? null),
      );
      return page(`/v1/customers/${id}/payment_methods`, found, params);
    },
  }),
  route("GET", "/v1/customers/:id/payment_methods/:second", {
    params: {},
    returns: "payment_method",
    handle: ({ tx, id, second }) => {
      const method = methodOf(tx, second);
      if (method.customer !== customerOf(tx, id).id) {
        throw resourceMissing("PaymentMethod", second, "payment_method");
      }
      return method;
    },
  }),
];
