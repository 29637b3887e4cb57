/**
 * @import { Failure } from "./failure.js"
 * @import { I18n } from "./i18n.js"
 * @import { MessageKey } from "./messages.js"
 */

/**
 * What the user can do about a failure: `pay` what is owed, change the `card`, go to the `portal`,
 * `resume` the plan.
 *
 * @typedef {{ type: "pay" | "card" | "portal" | "resume", label: string }} Remedy
 */

/** @type {Readonly<Record<Exclude<Failure["kind"], "overloaded" | "busy" | "refused" | "misconfigured">, MessageKey>>} */
const TEXTS = {
  signed_out: "failureSignedOut",
  foreign: "foreignText",
  offline: "failureOffline",
  unreachable: "failureUnreachable",
  timed_out: "failureTimedOut",
  waiting: "failureWaiting",
  denied: "failureDenied",
  down: "failureDown",
};

/** The same of the dashboard around the page. @type {Readonly<Partial<typeof TEXTS>>} */
const DASHBOARD_TEXTS = {
  unreachable: "failureDashboard",
  timed_out: "failureDashboardTimedOut",
  down: "failureDashboard",
};

/** What the service's rules say, by its code. @type {Readonly<Record<string, MessageKey>>} */
const REFUSALS = {
  already_on_plan: "refusedAlready",
  change_scheduled: "refusedScheduled",
  checkout_superseded: "actionSuperseded",
  collection_paused: "refusedBySupport",
  invalid_body: "refusedInput",
  invoiced_by_email: "refusedBySupport",
  no_customer: "actionNoCustomer",
  no_plan_item: "refusedBySupport",
  no_subscription: "actionNoCustomer",
  other_currency: "refusedCurrency",
  pack_not_purchasable: "refusedUnsold",
  payment_processing: "refusedProcessing",
  payment_required_first: "refusedOwed",
  plan_not_purchasable: "refusedUnsold",
  renewal_in_draft: "refusedDraft",
  role_insufficient: "readOnly",
  schedule_attached: "refusedBySupport",
  several_items: "refusedBySupport",
  subscription_ending: "refusedEnding",
  subscription_paused: "refusedPaused",
  tenant_ended: "actionTenantEnded",
  unknown_pack: "refusedUnsold",
  unknown_plan: "refusedUnsold",
};

/**
 * What the user is told of a failure.
 *
 * @param {Failure} failed
 * @param {I18n} i18n
 * @returns {string}
 */
export function failureText({ kind, of, code, retryAfterSeconds, effectiveAt, retryAt }, i18n) {
  switch (kind) {
    case "busy":
      return `${i18n.t("busyTitle")}. ${i18n.t("busyText", { count: retryAfterSeconds ?? 60 })}`;
    case "overloaded":
      return i18n.t("failureOverloaded", {
        again: i18n.t("busyText", { count: retryAfterSeconds ?? 1 }),
      });
    case "misconfigured":
      return settingText(code, i18n);
    case "refused":
      return i18n.t(REFUSALS[code ?? ""] ?? "failureRefused", {
        date: effectiveAt === null ? "" : i18n.date(effectiveAt),
        time: retryAt === null ? "" : i18n.time(retryAt),
      });
    default:
      return i18n.t((of === "dashboard" && DASHBOARD_TEXTS[kind]) || TEXTS[kind]);
  }
}

/**
 * The same of what the page loads by itself as soon as there is a connection.
 *
 * @param {Failure} failed
 * @param {I18n} i18n
 */
export function loadFailureText(failed, i18n) {
  return failed.kind === "offline"
    ? `${i18n.t("offlineTitle")}. ${i18n.t("offlineText")}`
    : failureText(failed, i18n);
}

/**
 * What the user can do first, where the service's rules stand against a wish; `null` for nothing.
 *
 * @param {Failure} failed
 * @param {I18n} i18n
 * @returns {Remedy | null}
 */
export function remedyOf({ kind, code, invoiceUrl }, i18n) {
  switch (kind === "refused" && code) {
    case "payment_required_first":
      return invoiceUrl === null
        ? { type: "card", label: i18n.t("updatePayment") }
        : { type: "pay", label: i18n.t("payInvoice") };
    case "subscription_ending":
      return { type: "portal", label: i18n.t("resumePlan") };
    case "change_scheduled":
      return { type: "portal", label: i18n.t("refusedScheduledAction") };
    case "subscription_paused":
      return { type: "resume", label: i18n.t("endPause") };
    default:
      return null;
  }
}

/**
 * @param {string | null} code
 * @param {I18n} i18n
 */
function settingText(code, i18n) {
  switch (code) {
    case "invalid_redirect":
      return i18n.t("failureRedirect", { origin: location.origin });
    case "origin_refused":
      return i18n.t("failureOrigin", { origin: location.origin });
    default:
      return i18n.t("failureSettings", { code: code ?? i18n.t("failureNoService") });
  }
}
