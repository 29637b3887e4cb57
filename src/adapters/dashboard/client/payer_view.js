/**
 * @import { I18n } from "./i18n.js"
 * @import { MessageKey } from "./messages.js"
 * @import { BillingDetails, Subscription } from "./types.js"
 */

import { isFree } from "./standing/plan_status.js";

/** @type {Readonly<Record<string, MessageKey>>} */
const TAX_ID_TEXTS = { pending: "taxIdPending", unverified: "taxIdUnverified" };
/** @type {Readonly<Record<string, string>>} */
const BRANDS = { amex: "American Express", jcb: "JCB", unionpay: "UnionPay", sepa_debit: "SEPA" };

/**
 * Whom the next invoice will name: name, e-mail, address, VAT ids; nothing where nothing is known.
 *
 * @param {BillingDetails} details
 * @param {I18n} i18n
 * @returns {string[]}
 */
export function payerLines({ name, email, address, taxIds }, i18n) {
  const { line1, line2, postalCode, city, state, country } = address ?? {};
  const town = [postalCode, city].filter(Boolean).join(" ");
  const place = [line1, line2, town, state, country].filter(Boolean).join(", ");
  const ids = taxIds.map(({ value: id, status }) => {
    const text = TAX_ID_TEXTS[status ?? ""];
    return text === undefined ? id : i18n.t(text, { id });
  });
  return [name, email, place, ...ids].flatMap((part) => part || []);
}

/**
 * What is charged; `null` where nothing is stored.
 *
 * @param {BillingDetails} details
 * @param {I18n} i18n
 */
export function cardText({ paymentMethod }, i18n) {
  if (paymentMethod === null) {
    return null;
  }
  const { brand, last4, expMonth, expYear } = paymentMethod;
  const name = BRANDS[brand] ?? capitalized(brand.replaceAll("_", " "));
  const number = last4 === null ? name : i18n.t("cardNumber", { brand: name, last4 });
  return expMonth === null || expYear === null
    ? number
    : i18n.t("cardExpires", { number, date: i18n.cardDate(expMonth, expYear) });
}

/**
 * Whether the tenant is a customer at Stripe, whose details the Portal changes, as far as the page
 * knows: it has had a plan or an invoice, or Stripe knows something of it.
 *
 * @param {object} known
 * @param {Subscription} known.subscription
 * @param {number} known.invoices
 * @param {BillingDetails | null} known.details
 */
export function isCustomer({ subscription, invoices, details }) {
  const { name, email, address, taxIds, paymentMethod } = details ?? { taxIds: [] };
  const said = [name, email, address, paymentMethod, ...taxIds].some((fact) => fact);
  return said || invoices > 0 || !isFree(subscription);
}

/** @param {string} text */
function capitalized(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
