/**
 * @import { I18n } from "./i18n.js"
 * @import { MessageKey } from "./messages.js"
 * @import { Pack, Plan, Price, Subscription } from "./types.js"
 */

/** @type {Readonly<Record<Subscription["reason"], MessageKey>>} */
const REASONS = {
  not_subscribed: "reasonNotSubscribed",
  first_payment_owed: "reasonFirstPaymentOwed",
  change_owed: "reasonChangeOwed",
  no_plan_item: "reasonNoPlanItem",
  renewal_in_grace: "reasonRenewalInGrace",
  renewal_overdue: "reasonRenewalOverdue",
  in_good_standing: "reasonInGoodStanding",
};

/**
 * Returns why a tenant may use what it may use. A trial is in good standing, and nothing is paid.
 *
 * @param {Pick<Subscription, "reason" | "status">} subscription
 * @param {I18n} i18n
 */
export function reasonText({ reason, status }, i18n) {
  const isTrial = status === "trialing" && reason === "in_good_standing";
  return i18n.t(isTrial ? "reasonTrial" : REASONS[reason]);
}

/**
 * Returns whether tax is added to a price or part of it; nothing where that is not known.
 *
 * @param {Pick<Price | Pack, "tax">} price
 * @param {I18n} i18n
 */
export function taxText({ tax }, i18n) {
  switch (tax) {
    case "exclusive":
      return i18n.t("vatAdded");
    case "inclusive":
      return i18n.t("vatIncluded");
    default:
      return "";
  }
}

/**
 * Returns a price with what is known of its tax.
 *
 * @param {Pick<Price | Pack, "amount" | "currency" | "tax">} price
 * @param {I18n} i18n
 */
export function priceText(price, i18n) {
  return [i18n.money(price.amount, price.currency), taxText(price, i18n)].filter(Boolean).join(" ");
}

/**
 * Returns the display name of a plan; its slug if it is not on offer.
 *
 * @param {string | null} slug
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 * @returns {string}
 */
export function planName(slug, plans, i18n) {
  return plans.find((plan) => plan.slug === slug)?.name ?? slug ?? i18n.t("unknownPlan");
}
