/**
 * @import { I18n } from "./i18n.js"
 * @import { MessageKey } from "./messages.js"
 */

import {
  BillingApiError,
  BillingConnectionError,
  SessionAnswerError,
  SessionError,
  SignedOutError,
} from "./api.js";

/**
 * Why a request failed, for people.
 *
 * - `signed_out`: the session has ended; `foreign`: the tenant is not the user's;
 * - `offline`: the browser has no connection; `unreachable`: the service has not answered;
 *   `timed_out`: not in time; `down`: it, or Stripe, cannot at the moment; `busy`: too many requests;
 * - `misconfigured`: it will never work before somebody changes a setting;
 * - `refused`: the service's rules stand against it, `code` says which.
 *
 * @typedef {"signed_out" | "foreign" | "offline" | "unreachable" | "timed_out" | "down" | "busy"
 *   | "misconfigured" | "refused"} FailureKind
 *
 * @typedef {object} Failure
 * @property {FailureKind} kind
 * @property {string | null} code the service's own word for it
 * @property {number | null} retryAfterSeconds
 * @property {string | null} effectiveAt when what stands against it takes effect
 * @property {string | null} retryAt when to try again
 * @property {string | null} invoiceUrl where to pay what stands against it
 */

/** Codes that mean a wrong setting of the page, of the dashboard around it, or of the service. */
const SETTINGS = [
  "invalid_redirect",
  "invalid_host",
  "route_not_found",
  "tenant_missing",
  "tenant_malformed",
  "tenants_restricted",
];
/** The setting that is wrong where nothing says who is signed in. */
const SESSION_SETTING = "DASHBOARD_SESSION_URL";

/**
 * Says why a request failed.
 *
 * @param {unknown} error
 * @returns {Failure}
 * @throws what is no failure of a request
 */
export function failureOf(error) {
  if (error instanceof SignedOutError) {
    return failure("signed_out");
  }
  if (error instanceof SessionError) {
    return sessionFailure(error.cause);
  }
  if (error instanceof BillingConnectionError) {
    return noAnswer(error.timedOut);
  }
  if (error instanceof BillingApiError) {
    const { code, retryAfterSeconds, body } = error;
    const text = (/** @type {string} */ name) =>
      typeof body[name] === "string" ? body[name] : null;
    return {
      kind: kindOf(error),
      code,
      retryAfterSeconds,
      effectiveAt: text("effectiveAt"),
      retryAt: text("retryAt"),
      invoiceUrl: text("invoiceUrl"),
    };
  }
  throw error;
}

/**
 * @param {unknown} cause
 * @returns {Failure}
 */
function sessionFailure(cause) {
  return cause instanceof SessionAnswerError
    ? { ...failure(kindOf({ statusCode: cause.status, code: null })), code: SESSION_SETTING }
    : noAnswer(cause instanceof DOMException && cause.name === "TimeoutError");
}

/**
 * @param {boolean} timedOut
 * @returns {Failure}
 */
function noAnswer(timedOut) {
  if (!navigator.onLine) {
    return failure("offline");
  }
  return failure(timedOut ? "timed_out" : "unreachable");
}

/**
 * @param {FailureKind} kind
 * @returns {Failure}
 */
function failure(kind) {
  const facts = { code: null, retryAfterSeconds: null, effectiveAt: null, retryAt: null };
  return { kind, ...facts, invoiceUrl: null };
}

/**
 * @param {{ statusCode: number, code: string | null }} error
 * @returns {FailureKind}
 */
function kindOf({ statusCode, code }) {
  if (statusCode === 401) {
    return "signed_out";
  }
  if (statusCode === 429) {
    return "busy";
  }
  if (statusCode >= 500) {
    return "down";
  }
  if (code === "not_a_member") {
    return "foreign";
  }
  return code === null || SETTINGS.includes(code) ? "misconfigured" : "refused";
}

/** @type {Readonly<Record<Exclude<FailureKind, "busy" | "refused" | "misconfigured">, MessageKey>>} */
const TEXTS = {
  signed_out: "failureSignedOut",
  foreign: "foreignText",
  offline: "offlineText",
  unreachable: "failureUnreachable",
  timed_out: "failureTimedOut",
  down: "failureDown",
};

/** @type {Readonly<Record<string, MessageKey>>} */
const REFUSALS = {
  checkout_superseded: "actionSuperseded",
  no_customer: "actionNoCustomer",
  no_subscription: "actionNoCustomer",
  role_insufficient: "readOnly",
  tenant_ended: "actionTenantEnded",
};

/**
 * What the user is told of a failure, and can do.
 *
 * @param {Failure} failed
 * @param {I18n} i18n
 */
export function failureText({ kind, code, retryAfterSeconds }, i18n) {
  switch (kind) {
    case "busy": {
      const count = retryAfterSeconds ?? 60;
      return `${i18n.t("busyTitle")}. ${i18n.t("busyText", { count })}`;
    }
    case "misconfigured":
      return code === "invalid_redirect"
        ? i18n.t("failureRedirect", { origin: location.origin })
        : i18n.t("failureSettings", { code: code ?? i18n.t("failureNoService") });
    case "refused":
      return i18n.t(REFUSALS[code ?? ""] ?? "failureRefused");
    default:
      return i18n.t(TEXTS[kind]);
  }
}
