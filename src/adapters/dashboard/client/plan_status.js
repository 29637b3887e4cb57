/**
 * @import { I18n } from "./i18n.js"
 * @import { Plan, Subscription } from "./types.js"
 */

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
  /** @type {I18n["t"]} */
  const t = (key, values) => i18n.t(key, values);
  const names = {
    plan: planName(subscription.planSlug, plans, i18n),
    limits: planName(subscription.effectivePlanSlug, plans, i18n),
  };
  switch (subscription.status) {
    case "active":
      return subscription.cancelAt === null
        ? active(subscription, i18n)
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
        ? bad(t("statusPaused"), t("sentencePaused", names), "unpause")
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

/**
 * Whether a tenant pays nothing: without a subscription, there is no interval.
 *
 * @param {Subscription} subscription
 */
export function isFree(subscription) {
  return subscription.interval === null && subscription.status === "active";
}

/**
 * @param {Subscription} subscription
 * @param {I18n} i18n
 * @returns {PlanStatus}
 */
function active(subscription, i18n) {
  const date = i18n.date(subscription.currentPeriodEnd);
  const free = isFree(subscription);
  return {
    tone: "good",
    label: i18n.t("statusActive"),
    sentence: i18n.t(free ? "sentenceFree" : "sentenceRenews", { date }),
    action: free ? "none" : "cancel",
  };
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

/**
 * Describes a failed payment. The service decides whether access is lost: its clock counts, not the
 * browser's.
 *
 * @param {Subscription} subscription
 * @param {{ plan: string, limits: string }} names
 * @param {I18n} i18n
 * @returns {PlanStatus}
 */
function failedPayment(subscription, names, i18n) {
  const label = i18n.t("statusPastDue");
  const { planSlug, effectivePlanSlug, graceEndsAt } = subscription;
  if (planSlug !== null && effectivePlanSlug !== planSlug) {
    return bad(label, i18n.t("sentenceLost", names), "pay");
  }
  const sentence =
    graceEndsAt === null
      ? i18n.t("sentencePastDue", names)
      : i18n.t("sentenceGrace", { ...names, date: i18n.date(graceEndsAt) });
  return { tone: "warning", label, sentence, action: "pay" };
}

/**
 * @param {string} label
 * @param {string} sentence
 * @param {PlanStatus["action"]} action
 * @returns {PlanStatus}
 */
function bad(label, sentence, action) {
  return { tone: "bad", label, sentence, action };
}
