/**
 * @import { I18n } from "./i18n.js"
 * @import { MessageKey } from "./messages.js"
 * @import { Plan, Subscription } from "./types.js"
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
 * Returns why a tenant may use what it may use.
 *
 * @param {Subscription["reason"]} reason
 * @param {I18n} i18n
 */
export function reasonText(reason, i18n) {
  return i18n.t(REASONS[reason]);
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
