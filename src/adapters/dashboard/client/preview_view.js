/**
 * @import { I18n } from "./i18n.js"
 * @import { Preview } from "./types.js"
 */

/**
 * What a choice costs, and when.
 *
 * @param {Preview} preview
 * @param {string} presentName what the tenant has until then
 * @param {I18n} i18n
 */
export function previewView(preview, presentName, i18n) {
  const { dueNow, nextPayment, currency, effective, trialDays, mode } = preview;
  return {
    dueNow: i18n.money(dueNow, currency),
    trial: trialDays === null ? "" : i18n.t("dialogTrial", { count: trialDays }),
    next: i18n.t("dialogThenValue", {
      amount: i18n.money(nextPayment, currency),
      date: i18n.date(preview.nextPaymentAt),
    }),
    effective:
      effective === "now"
        ? i18n.t("dialogAtOnce")
        : i18n.t("dialogOnDate", { date: i18n.date(preview.effectiveAt), plan: presentName }),
    go: i18n.t(mode === "checkout" ? "dialogPay" : "dialogConfirm"),
  };
}

/**
 * What the service said against a choice, in words, with what to do about it.
 *
 * @param {{ code: string | null, effectiveAt: string | null, retryAt: string | null }} refusal
 * @param {I18n} i18n
 * @returns {{ text: string, action: null | "pay" | "portal" | "resume", label: string }}
 */
export function refusalView({ code, effectiveAt, retryAt }, i18n) {
  const date = effectiveAt === null ? "" : i18n.date(effectiveAt);
  switch (code) {
    case "payment_required_first":
      return { text: i18n.t("refusedOwed"), action: "pay", label: i18n.t("updatePayment") };
    case "subscription_ending":
      return {
        text: i18n.t("refusedEnding", { date }),
        action: "portal",
        label: i18n.t("resumePlan"),
      };
    case "change_scheduled":
      return {
        text: i18n.t("refusedScheduled", { date }),
        action: "portal",
        label: i18n.t("refusedScheduledAction"),
      };
    case "subscription_paused":
      return { text: i18n.t("refusedPaused"), action: "resume", label: i18n.t("endPause") };
    case "payment_processing":
      return { text: i18n.t("refusedProcessing"), action: null, label: "" };
    case "renewal_in_draft": {
      const time = retryAt === null ? "" : i18n.time(retryAt);
      return { text: i18n.t("refusedDraft", { time }), action: null, label: "" };
    }
    case "several_items":
    case "schedule_attached":
    case "invoiced_by_email":
    case "collection_paused":
    case "no_plan_item":
      return { text: i18n.t("refusedBySupport"), action: null, label: "" };
    case "other_currency":
      return { text: i18n.t("refusedCurrency"), action: null, label: "" };
    case "already_on_plan":
      return { text: i18n.t("refusedAlready"), action: null, label: "" };
    default:
      return { text: i18n.t("refusedOther"), action: null, label: "" };
  }
}
