/**
 * @import { I18n } from "./i18n.js"
 * @import { Limits, Plan, Subscription } from "./types.js"
 */

/**
 * What a plan allows, compared with what is allowed now.
 *
 * @typedef {object} LimitView
 * @property {keyof Limits} key
 * @property {string} text like "5,000 e-mails a month"
 * @property {string} name like "E-mails a month"
 * @property {string} value
 * @property {string} present the value of now
 * @property {"up" | "down" | "same"} change
 * @property {string} changeText empty where nothing changes
 */

/**
 * Returns the limits of a plan, one by one.
 *
 * @param {Plan} plan
 * @param {{ plans: readonly Plan[], subscription: Subscription }} offer
 * @param {I18n} i18n
 * @returns {LimitView[]}
 */
export function limitViews(plan, { plans, subscription }, i18n) {
  const present = presentLimits(plans, subscription);
  const keys = /** @type {(keyof Limits)[]} */ (Object.keys(subscription.limits));
  return keys.map((key) => {
    const [next, now] = [plan[key], present[key]];
    const change = changeOf(next, now);
    return {
      key,
      name: i18n.t(`${key}Name`),
      text: next === null ? i18n.t(unlimitedKey(key)) : i18n.t(key, { count: next }),
      value: next === null ? i18n.t("unlimited") : i18n.number(next),
      present: now === null ? i18n.t("unlimited") : i18n.number(now),
      change,
      changeText: change === "same" ? "" : i18n.t(change === "up" ? "moreThanNow" : "lessThanNow"),
    };
  });
}

/** @param {keyof Limits} key */
function unlimitedKey(key) {
  return key === "tokensIncludedMonth" ? "unlimited" : /** @type {const} */ (`${key}Unlimited`);
}

/**
 * Returns the limits to compare with: those of the chosen plan, even if it is unpaid and reduced.
 *
 * @param {readonly Plan[]} plans
 * @param {Subscription} subscription
 * @returns {Limits}
 */
function presentLimits(plans, { planSlug, limits }) {
  return plans.find(({ slug }) => slug === planSlug) ?? limits;
}

/**
 * @param {number | null} next
 * @param {number | null} now
 * @returns {LimitView["change"]}
 */
function changeOf(next, now) {
  const [a, b] = [next ?? Infinity, now ?? Infinity];
  return a === b ? "same" : a > b ? "up" : "down";
}
