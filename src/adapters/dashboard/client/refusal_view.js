/**
 * @import { Failure } from "./failure.js"
 * @import { I18n } from "./i18n.js"
 */

import { failureText } from "./failure.js";

/**
 * Returns why the service refused a choice, in words, and what to do about it.
 *
 * @param {Failure} refusal
 * @param {I18n} i18n
 * @returns {{ text: string, action: null | "pay" | "card" | "portal" | "resume", label: string }}
 */
export function refusalView(refusal, i18n) {
  const { kind, code, effectiveAt, retryAt, invoiceUrl } = refusal;
  if (kind !== "refused") {
    return { text: failureText(refusal, i18n), action: null, label: "" };
  }
  const date = effectiveAt === null ? "" : i18n.date(effectiveAt);
  switch (code) {
    case "payment_required_first":
      return invoiceUrl === null
        ? { text: i18n.t("refusedOwed"), action: "card", label: i18n.t("updatePayment") }
        : { text: i18n.t("refusedOwed"), action: "pay", label: i18n.t("payInvoice") };
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
