import { newId } from "../../state/ids.ts";
import type { WireCard, WireCustomer } from "../../state/wire.ts";
import { cardDeclined, invalidRequest } from "../request_error.ts";
import { emit, emitChange, type Transaction } from "../transaction.ts";
import { buildCard } from "./build_card.ts";
import { keepPaymentMethod } from "./payment_methods.ts";
import { cardOfToken, type TestCard } from "./test_cards.ts";

/** How sources name the brands of cards. */
const BRANDS: Readonly<Record<string, string>> = {
  amex: "American Express",
  diners: "Diners Club",
  discover: "Discover",
  jcb: "JCB",
  mastercard: "MasterCard",
  unionpay: "UnionPay",
  visa: "Visa",
};

/**
 * The test card that a token such as `tok_visa` stands for.
 * @throws {RequestError} where there is no such token, or its issuer declines the card (402)
 */
export function cardOfSource(token: string): TestCard {
  const card = token.startsWith("tok_") ? cardOfToken(token) : undefined;
  if (card === undefined) {
    throw invalidRequest(`No such token: '${token}'`, "source", "resource_missing");
  }
  if (card.behavior === "declined") {
    throw cardDeclined(card.declineCode ?? "generic_decline");
  }
  return card;
}

/**
 * Gives a customer a card as a source, which pays like a payment method of the same id and is the
 * default where `isDefault` or nothing else is; emits `customer.source.created` and, where the
 * default changes, `customer.updated` (docs.stripe.com/api/cards/create).
 */
export function addSource(
  tx: Transaction,
  customer: WireCustomer,
  { card, isDefault = false }: { card: TestCard; isDefault?: boolean },
): WireCard {
  const expYear = new Date(tx.now * 1000).getUTCFullYear() + 1;
  const data = { number: card.number, expMonth: 12, expYear };
  const { id } = keepPaymentMethod(
    tx,
    { type: "card", number: card.number, card: buildCard(data), customer: customer.id },
    newId("card"),
  );
  const source = buildSource(id, customer.id, data);
  tx.state.cards.set(id, source);
  emit(tx, "customer.source.created", source);
  if (isDefault || customer.default_source === null) {
    setDefaultSource(tx, customer, id);
  }
  return source;
}

/**
 * Takes a source from its customer, whose latest other one becomes the default; emits
 * `customer.source.deleted` and, where the default changes, `customer.updated`
 * (docs.stripe.com/api/cards/delete).
 */
export function deleteSource(tx: Transaction, customer: WireCustomer, source: WireCard): void {
  tx.state.cards.delete(source.id);
  tx.state.paymentMethods.delete(source.id);
  emit(tx, "customer.source.deleted", source);
  if (customer.default_source === source.id) {
    setDefaultSource(tx, customer, tx.state.cards.of(customer.id).at(-1)?.id ?? null);
  }
}

function setDefaultSource(tx: Transaction, customer: WireCustomer, id: string | null): void {
  emitChange(tx, "customer.updated", customer, (changed) => {
    changed.default_source = id;
  });
}

function buildSource(
  id: string,
  customer: string,
  data: { number: string; expMonth: number; expYear: number },
): WireCard {
  const { brand, country, fingerprint, funding, last4 } = buildCard(data);
  return {
    id,
    object: "card",
    address_city: null,
    address_country: null,
    address_line1: null,
    address_line1_check: null,
    address_line2: null,
    address_state: null,
    address_zip: null,
    address_zip_check: null,
    allow_redisplay: "unspecified",
    brand: BRANDS[brand] ?? "Unknown",
    country,
    customer,
    cvc_check: null,
    dynamic_last4: null,
    exp_month: data.expMonth,
    exp_year: data.expYear,
    fingerprint: fingerprint ?? null,
    funding,
    last4: last4 ?? data.number.slice(-4),
    metadata: {},
    name: null,
    regulated_status: "unregulated",
    tokenization_method: null,
  };
}
