/**
 * @import { I18n } from "./i18n.js"
 * @import { MessageKey } from "./messages.js"
 * @import { Limits, Plan, Subscription } from "./types.js"
 */

/**
 * What a plan allows, against what is allowed now.
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

/** @type {readonly (readonly [keyof Limits, MessageKey, MessageKey, MessageKey])[]} */
const LIMITS = [
  ["monthlyEmailLimit", "nameEmails", "limitEmails", "limitEmailsUnlimited"],
  ["tokensIncludedMonth", "nameTokens", "limitTokens", "unlimited"],
  ["maxDomains", "nameDomains", "limitDomains", "limitDomainsUnlimited"],
  ["maxMembers", "nameMembers", "limitMembers", "limitMembersUnlimited"],
  ["maxTemplates", "nameTemplates", "limitTemplates", "limitTemplatesUnlimited"],
];

/**
 * Limits one by one.
 *
 * @param {Limits} limits
 * @param {Limits} present
 * @param {I18n} i18n
 * @returns {LimitView[]}
 */
export function limitViews(limits, present, i18n) {
  return LIMITS.map(([key, name, counted, unlimited]) => {
    const [next, now] = [limits[key], present[key]];
    const change = changeOf(next, now);
    return {
      key,
      name: i18n.t(name),
      text: next === null ? i18n.t(unlimited) : i18n.t(counted, { count: next }),
      value: next === null ? i18n.t("unlimited") : i18n.number(next),
      present: now === null ? i18n.t("unlimited") : i18n.number(now),
      change,
      changeText: change === "same" ? "" : i18n.t(change === "up" ? "moreThanNow" : "lessThanNow"),
    };
  });
}

/**
 * The limits to compare with: those of the chosen plan, not those that an unpaid one is cut to.
 *
 * @param {readonly Plan[]} plans
 * @param {Subscription} subscription
 * @returns {Limits}
 */
export function presentLimits(plans, { planSlug, limits }) {
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
