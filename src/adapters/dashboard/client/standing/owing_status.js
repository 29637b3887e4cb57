/**
 * @import { I18n } from "../i18n.js"
 * @import { MessageKey } from "../messages.js"
 * @import { PlanStatus } from "./plan_status.js"
 * @import { Plan, Subscription } from "../types.js"
 */

import { planName, reasonText } from "../plan_words.js";

/**
 * Why a plan has ended that still owes something.
 *
 * @type {Readonly<Record<NonNullable<NonNullable<Subscription["ended"]>["reason"]> | "none", MessageKey>>}
 */
const ENDED_OWING = {
  payment_failed: "sentenceEndedUnpaid",
  payment_disputed: "sentenceEndedDisputed",
  cancellation_requested: "sentenceEndedOwing",
  none: "sentenceEndedOwing",
};

/**
 * Describes a plan that has ended and still owes something, and why it ended.
 *
 * @param {NonNullable<Subscription["ended"]>} ended
 * @param {{ plan: string, ended: string, limits: string }} words
 * @param {I18n} i18n
 * @returns {PlanStatus}
 */
export function endedOwing({ reason }, words, i18n) {
  return bad(i18n.t("statusEnded"), i18n.t(ENDED_OWING[reason ?? "none"], words), "pay");
}

/**
 * Whether all that is owed is on its way, so that there is nothing to do but to wait. A pause ends
 * by being resumed, whatever arrives.
 *
 * @param {Subscription} subscription
 */
export function isArriving({ status, reason, owed, processing }) {
  return (
    owed === null && processing !== null && reason !== "in_good_standing" && status !== "paused"
  );
}

/**
 * Describes a plan whose payment is on its way.
 *
 * @param {Subscription} subscription
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 * @returns {PlanStatus}
 */
export function arriving(subscription, plans, i18n) {
  const { planSlug, effectivePlanSlug, ended, graceEndsAt, cancelAt, reason } = subscription;
  const plan = planName(planSlug, plans, i18n);
  const limits = planName(effectivePlanSlug, plans, i18n);
  if (ended !== null) {
    const last = {
      plan: planName(ended.planSlug, plans, i18n),
      ended: i18n.date(ended.at),
      limits,
    };
    const sentence = i18n.t("sentenceEndedArriving", last);
    return { tone: "info", label: i18n.t("statusTenantEnded"), sentence, action: "none" };
  }
  const isChange = reason === "change_owed";
  const isOther = reason === "renewal_in_grace" && planSlug !== effectivePlanSlug;
  const arrives =
    isChange || isOther ? i18n.t("sentenceChangeArriving") : i18n.t("sentenceArriving", { limits });
  const sentence =
    reason !== "renewal_in_grace" || graceEndsAt === null || isOther
      ? withEnd(arrives, subscription, { plan, i18n })
      : cancelAt === null
        ? i18n.t("sentenceArrivingGrace", { plan, date: i18n.date(graceEndsAt) })
        : i18n.t("sentenceEndsArranged", { plan, date: i18n.date(cancelAt) });
  return {
    tone: "info",
    label: i18n.t("statusArriving"),
    sentence,
    action: cancelAt === null ? "cancel" : "resume",
  };
}

/**
 * Describes a plan that runs at Stripe while its limits do not hold, such as one whose change is
 * not paid.
 *
 * @param {Subscription} subscription
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 * @returns {PlanStatus}
 */
export function activeOwing(subscription, plans, i18n) {
  const { planSlug, effectivePlanSlug, owed, cancelAt, reason } = subscription;
  const plan = planName(planSlug, plans, i18n);
  const limits = planName(effectivePlanSlug, plans, i18n);
  const action = cancelAt === null ? "cancel" : "resume";
  const ending = { plan, i18n };
  if (isRenewing(subscription)) {
    const sentence = withEnd(i18n.t("sentenceRenewing", { plan }), subscription, ending);
    return { tone: "info", label: i18n.t("statusRenewing"), sentence, action };
  }
  if (owed === null && reason === "first_payment_owed") {
    const failed = withEnd(i18n.t("sentenceFirstFailed", { plan, limits }), subscription, ending);
    return { tone: "warning", label: i18n.t("statusPastDue"), sentence: failed, action };
  }
  const why = i18n.t("sentenceOwing", { reason: reasonText(subscription, i18n), limits });
  const sentence = withEnd(why, subscription, ending);
  return owed !== null
    ? bad(i18n.t("statusIncomplete"), sentence, "pay")
    : { tone: "warning", label: i18n.t("statusActive"), sentence, action };
}

/**
 * Whether the invoice of a renewal is still being made, which takes Stripe an hour: nobody is late.
 *
 * @param {Pick<Subscription, "status" | "reason" | "owed">} subscription
 */
export function isRenewing({ status, reason, owed }) {
  return (
    status === "active" &&
    reason === "renewal_in_grace" &&
    owed !== null &&
    owed.invoiceUrl === null
  );
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
export function failedPayment(subscription, names, i18n) {
  const byInvoice = (subscription.owed?.dueAt ?? null) !== null;
  const label = i18n.t(byInvoice ? "statusOverdue" : "statusPastDue");
  const { planSlug, effectivePlanSlug, graceEndsAt, cancelAt, reason } = subscription;
  if (reason === "change_owed") {
    const why = i18n.t("sentenceOwing", { ...names, reason: reasonText(subscription, i18n) });
    return bad(label, withEnd(why, subscription, { plan: names.plan, i18n }), "pay");
  }
  if (reason === "in_good_standing") {
    const sentence = withEnd(i18n.t("sentenceExtraOwed", names), subscription, {
      plan: names.plan,
      i18n,
    });
    return { tone: "warning", label, sentence, action: cancelAt === null ? "cancel" : "resume" };
  }
  const isKept = reason === "renewal_in_grace" || effectivePlanSlug === planSlug;
  if (planSlug !== null && !isKept) {
    const lost = i18n.t(byInvoice ? "sentenceOverdueLost" : "sentenceLost", names);
    return bad(label, withEnd(lost, subscription, { plan: names.plan, i18n }), "pay");
  }
  if (cancelAt !== null) {
    const date = i18n.date(cancelAt);
    const sentence =
      graceEndsAt === null || cancelAt <= graceEndsAt
        ? i18n.t("sentencePastDueEnding", { ...names, date })
        : i18n.t("sentenceGraceEnding", { ...names, date, grace: i18n.date(graceEndsAt) });
    return { tone: "warning", label, sentence, action: "pay" };
  }
  const [plain, grace] = byInvoice
    ? /** @type {const} */ (["sentenceOverdue", "sentenceOverdueGrace"])
    : /** @type {const} */ (["sentencePastDue", "sentenceGrace"]);
  const sentence =
    graceEndsAt === null
      ? i18n.t(plain, names)
      : i18n.t(grace, { ...names, date: i18n.date(graceEndsAt) });
  return { tone: "warning", label, sentence, action: "pay" };
}

/**
 * Adds when a plan ends, where that is arranged.
 *
 * @param {string} sentence
 * @param {Pick<Subscription, "cancelAt">} subscription
 * @param {{ plan: string, i18n: I18n }} words
 */
function withEnd(sentence, { cancelAt }, { plan, i18n }) {
  return cancelAt === null
    ? sentence
    : `${sentence} ${i18n.t("sentenceEndsArranged", { plan, date: i18n.date(cancelAt) })}`;
}

/**
 * A status in which something is lost.
 *
 * @param {string} label
 * @param {string} sentence
 * @param {PlanStatus["action"]} action
 * @returns {PlanStatus}
 */
export function bad(label, sentence, action) {
  return { tone: "bad", label, sentence, action };
}
