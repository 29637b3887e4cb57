/**
 * @import { I18n } from "../i18n.js"
 * @import { Plan, Subscription } from "../types.js"
 */

import { planName } from "../plan_words.js";
import {
  activeOwing,
  arriving,
  bad,
  endedOwing,
  failedPayment,
  isArriving,
} from "./owing_status.js";

/**
 * The status of a subscription, in words.
 *
 * @typedef {object} PlanStatus
 * @property {"good" | "info" | "warning" | "bad"} tone
 * @property {string} label
 * @property {string} sentence
 * @property {"none" | "cancel" | "resume" | "unpause" | "pay" | "finish"} action what to offer first
 */

/**
 * Describes the status of a tenant's subscription.
 *
 * @param {Subscription} subscription
 * @param {readonly Plan[]} plans the plans on offer
 * @param {I18n} i18n
 * @returns {PlanStatus}
 */
export function planStatus(subscription, plans, i18n) {
  const status = paymentStatus(subscription, plans, i18n);
  if (subscription.tenantEnd !== null) {
    return tenantEnding(status, subscription, { end: subscription.tenantEnd, i18n });
  }
  const runs = ["active", "trialing", "past_due"].includes(subscription.status);
  return runs && status.tone !== "bad" ? withUse(status, subscription, i18n) : status;
}

/**
 * Whether the tenant has been ended: it sends, spends and buys nothing any more.
 *
 * @param {Pick<Subscription, "tenantEnd">} subscription
 */
export function hasEnded({ tenantEnd }) {
  return tenantEnd?.isOver === true;
}

/**
 * Whether the user can buy something for the tenant.
 *
 * @param {Pick<Subscription, "mayPay" | "tenantEnd">} subscription
 */
export function mayBuy({ mayPay, tenantEnd }) {
  return mayPay && tenantEnd === null;
}

/**
 * What an operator ends is not resumed, but what is owed can be paid.
 *
 * @param {PlanStatus} status
 * @param {Subscription} subscription
 * @param {{ end: NonNullable<Subscription["tenantEnd"]>, i18n: I18n }} about
 * @returns {PlanStatus}
 */
function tenantEnding(status, subscription, { end: { at, isOver }, i18n }) {
  const date = i18n.date(at);
  if (isOver) {
    return bad(i18n.t("statusTenantEnded"), i18n.t("sentenceTenantEnded", { date }), "none");
  }
  const isPayable = status.action === "pay" || status.action === "finish";
  if (isPayable || (subscription.reason !== "in_good_standing" && !isFree(subscription))) {
    const ends = i18n.t("sentenceTenantEndsOwing", { date });
    const action = isPayable ? status.action : "none";
    return { ...status, sentence: `${status.sentence} ${ends}`, action };
  }
  const sentence = i18n.t("sentenceTenantEnds", { date });
  return { tone: "warning", label: i18n.t("statusCanceling"), sentence, action: "none" };
}

/**
 * @param {Subscription} subscription
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 * @returns {PlanStatus}
 */
function paymentStatus(subscription, plans, i18n) {
  /** @type {I18n["t"]} */
  const t = (key, values) => i18n.t(key, values);
  const names = {
    plan: planName(subscription.planSlug, plans, i18n),
    limits: planName(subscription.effectivePlanSlug, plans, i18n),
  };
  if (isArriving(subscription)) {
    return arriving(subscription, plans, i18n);
  }
  switch (subscription.status) {
    case "active":
      return subscription.cancelAt === null || subscription.reason !== "in_good_standing"
        ? active(subscription, plans, i18n)
        : ending(subscription, i18n);
    case "trialing":
      return subscription.cancelAt === null
        ? trial(subscription, i18n)
        : ending(subscription, i18n);
    case "past_due":
      return failedPayment(subscription, names, i18n);
    case "unpaid":
      return bad(t("statusUnpaid"), t("sentenceUnpaid", names), "pay");
    case "paused":
      return subscription.resumable
        ? bad(t("statusPaused"), t("sentencePaused", names), resumption(subscription))
        : bad(t("statusPaused"), t("sentencePausedByEmail", names), "none");
    case "incomplete":
      return bad(t("statusIncomplete"), t("sentenceIncomplete", names), "finish");
    case "canceled":
    case "incomplete_expired":
      return {
        tone: "info",
        label: t("statusCanceled"),
        sentence: t("sentenceCanceled", names),
        action: "none",
      };
    default:
      return /** @type {never} */ (subscription.status);
  }
}

/**
 * A pause is ended once nothing is on its way any more.
 *
 * @param {Pick<Subscription, "processing">} subscription
 * @returns {PlanStatus["action"]}
 */
function resumption({ processing }) {
  return processing === null ? "unpause" : "none";
}

/**
 * Whether a tenant has no subscription, or none any more.
 *
 * @param {Subscription} subscription
 */
export function isFree({ status, reason }) {
  return status === "active" && reason === "not_subscribed";
}

/**
 * Describes a plan in good standing, or the free one after what came before.
 *
 * @param {Subscription} subscription
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 * @returns {PlanStatus}
 */
function active(subscription, plans, i18n) {
  const { currentPeriodEnd, ended, owed, effectivePlanSlug, reason } = subscription;
  const date = i18n.date(currentPeriodEnd);
  if (!isFree(subscription)) {
    const plan = planName(subscription.planSlug, plans, i18n);
    const goesOn = subscription.scheduledChange === null ? "sentenceRenews" : "sentenceUntil";
    return reason === "in_good_standing"
      ? good(i18n.t(goesOn, { plan, date }), "cancel", i18n)
      : activeOwing(subscription, plans, i18n);
  }
  const limits = planName(effectivePlanSlug, plans, i18n);
  const last = ended && {
    plan: planName(ended.planSlug, plans, i18n),
    ended: i18n.date(ended.at),
    limits,
  };
  if (last && owed !== null) {
    return endedOwing(ended, last, i18n);
  }
  if (owed !== null) {
    return bad(i18n.t("statusIncomplete"), i18n.t("sentenceStillOwed", { limits }), "pay");
  }
  const sentence = last
    ? i18n.t("sentenceEnded", { ...last, date })
    : i18n.t("sentenceFree", { date });
  return good(sentence, "none", i18n);
}

/**
 * @param {string} sentence
 * @param {PlanStatus["action"]} action
 * @param {I18n} i18n
 * @returns {PlanStatus}
 */
function good(sentence, action, i18n) {
  return { tone: "good", label: i18n.t("statusActive"), sentence, action };
}

/**
 * A plan that is paid and used up is not in order; one without e-mails is. A payment that failed is
 * said first.
 *
 * @param {PlanStatus} status
 * @param {Subscription} subscription
 * @param {I18n} i18n
 * @returns {PlanStatus}
 */
function withUse(status, { usage, status: stands }, i18n) {
  const { limit, ceiling, used } = usage.emails;
  if (limit === null || ceiling === null || limit === 0 || used < limit) {
    return status;
  }
  if (stands === "past_due") {
    return { ...status, sentence: `${status.sentence} ${i18n.t("sentenceUsedUp")}` };
  }
  const sentence = `${i18n.t("sentenceUsedUp")} ${status.sentence}`;
  return used < ceiling
    ? { ...status, sentence, tone: "warning", label: i18n.t("statusOverLimit") }
    : { ...status, sentence, tone: "bad", label: i18n.t("statusStopped") };
}

/**
 * @param {Subscription} subscription
 * @param {I18n} i18n
 * @returns {PlanStatus}
 */
function trial(subscription, i18n) {
  const date = i18n.date(subscription.trialEnd ?? subscription.currentPeriodEnd);
  return {
    tone: "info",
    label: i18n.t("statusTrialing"),
    sentence: i18n.t("sentenceTrial", { date }),
    action: "cancel",
  };
}

/**
 * @param {Subscription} subscription
 * @param {I18n} i18n
 * @returns {PlanStatus}
 */
function ending(subscription, i18n) {
  const date = i18n.date(subscription.cancelAt ?? subscription.currentPeriodEnd);
  return {
    tone: "warning",
    label: i18n.t("statusCanceling"),
    sentence: i18n.t("sentenceCancels", { date }),
    action: "resume",
  };
}
