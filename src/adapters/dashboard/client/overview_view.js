/**
 * @import { I18n } from "./i18n.js"
 * @import { Invoice, Plan, Subscription } from "./types.js"
 */

import { planName, reasonText } from "./plan_words.js";

/**
 * Says whose limits hold, and why.
 *
 * @param {Subscription} subscription
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 */
export function inForce({ effectivePlanSlug, reason }, plans, i18n) {
  const plan = planName(effectivePlanSlug, plans, i18n);
  return i18n.t("inForceValue", { plan, reason: reasonText(reason, i18n) });
}

/**
 * What is owed, and where it is paid; `null` if nothing is. Without an address, the invoice is not
 * finished at Stripe.
 *
 * @param {Subscription} subscription
 * @param {I18n} i18n
 * @returns {{ text: string, pay: string, url: string | null } | null}
 */
export function owedView({ owed }, i18n) {
  if (owed === null) {
    return null;
  }
  const amount = i18n.money(owed.amount, owed.currency);
  const text =
    owed.dueAt === null
      ? i18n.t("owed", { amount })
      : i18n.t("owedSince", { amount, date: i18n.date(owed.dueAt) });
  return { text, pay: i18n.t("payAmount", { amount }), url: owed.invoiceUrl };
}

/**
 * What changes by itself, when, and what it costs then; `null` if nothing does.
 *
 * @param {Subscription} subscription
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 * @returns {{ text: string, keep: string } | null}
 */
export function scheduledView({ planSlug, scheduledChange }, plans, i18n) {
  if (scheduledChange === null) {
    return null;
  }
  const plan = plans.find(({ slug }) => slug === scheduledChange.planSlug);
  const price = plan?.prices.find(({ interval }) => interval === scheduledChange.interval);
  const values = {
    plan: planName(scheduledChange.planSlug, plans, i18n),
    date: i18n.date(scheduledChange.effectiveAt),
  };
  const text =
    price === undefined
      ? i18n.t("scheduled", values)
      : i18n.t("scheduledPrice", {
          ...values,
          price: i18n.money(price.amount, price.currency),
          per: i18n.t(price.interval === "year" ? "perYear" : "perMonth"),
        });
  return { text, keep: i18n.t("keepPlan", { plan: planName(planSlug, plans, i18n) }) };
}

/**
 * What is charged next, when, and from what.
 *
 * @param {Subscription} subscription
 * @param {I18n} i18n
 * @returns {{ next: string | null, card: string | null }}
 */
export function paymentView({ nextInvoice, paymentMethod }, i18n) {
  const next =
    nextInvoice &&
    i18n.t("amountOnDate", {
      amount: i18n.money(nextInvoice.amount, nextInvoice.currency),
      date: i18n.date(nextInvoice.at),
    });
  return { next, card: paymentMethod && cardText(paymentMethod, i18n) };
}

/**
 * Whom the last invoice named as its payer: name, e-mail, address, VAT ids; nothing before there is
 * an invoice.
 *
 * @param {readonly Invoice[]} invoices newest first
 * @returns {string[]}
 */
export function billedTo([last]) {
  if (last === undefined) {
    return [];
  }
  const { name, email, address, taxIds } = last.billedTo;
  const { line1, line2, postalCode, city, state, country } = address ?? {};
  const town = [postalCode, city].filter(Boolean).join(" ");
  const place = [line1, line2, town, state, country].filter(Boolean).join(", ");
  return [name, email, place, ...taxIds].flatMap((part) => part || []);
}

/**
 * @param {NonNullable<Subscription["paymentMethod"]>} method
 * @param {I18n} i18n
 */
function cardText({ brand, last4, expMonth, expYear }, i18n) {
  const name = BRANDS[brand] ?? capitalized(brand.replaceAll("_", " "));
  const number = last4 === null ? name : i18n.t("cardNumber", { brand: name, last4 });
  return expMonth === null || expYear === null
    ? number
    : i18n.t("cardExpires", { number, date: i18n.cardDate(expMonth, expYear) });
}

/** @type {Readonly<Record<string, string>>} */
const BRANDS = { amex: "American Express", jcb: "JCB", unionpay: "UnionPay", sepa_debit: "SEPA" };

/** @param {string} text */
function capitalized(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
