import {
  BillingApiError,
  BillingConnectionError,
  OriginError,
  SessionAnswerError,
  SessionError,
  SignedOutError,
} from "./api.js";

/**
 * Why a request failed, for people.
 *
 * - `signed_out`: the session has ended; `foreign`: the tenant is not the user's;
 * - `offline`: the browser has no connection; `unreachable`: nothing has answered; `timed_out`: not
 *   in time; `overloaded`: the service has too much to do; `waiting`: what it needs, such as Stripe,
 *   does not answer; `down`: it cannot at the moment; `busy`: too many requests of this user;
 * - `misconfigured`: it will never work before somebody changes a setting; `denied`: what the
 *   service needs refuses it;
 * - `refused`: the service's rules stand against it, `code` says which.
 *
 * @typedef {"signed_out" | "foreign" | "offline" | "unreachable" | "timed_out" | "overloaded"
 *   | "waiting" | "down" | "busy" | "misconfigured" | "denied" | "refused"} FailureKind
 *
 * @typedef {object} Failure
 * @property {FailureKind} kind
 * @property {"service" | "dashboard"} of what failed: the service, or the dashboard around the
 *   page, which says who is signed in
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
/** What goes by itself, so that trying again is worth while. @type {readonly FailureKind[]} */
const PASSING = ["offline", "unreachable", "timed_out", "overloaded", "waiting", "down", "busy"];

/** Whether the same request may succeed a little later. @param {Failure} failure */
export function isPassing({ kind }) {
  return PASSING.includes(kind);
}

/**
 * The failure of a setting, which no request would mend.
 *
 * @param {string} code
 * @returns {Failure}
 */
export function settingFailure(code) {
  return { ...failure("misconfigured"), code };
}

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
    return error.cause instanceof OriginError
      ? settingFailure("origin_refused")
      : noAnswer(error.timedOut);
  }
  if (error instanceof BillingApiError) {
    const { code, retryAfterSeconds, body } = error;
    const text = (/** @type {string} */ name) =>
      typeof body[name] === "string" ? body[name] : null;
    return {
      kind: kindOf(error),
      of: "service",
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
  const failed =
    cause instanceof SessionAnswerError
      ? { ...failure(kindOf({ statusCode: cause.status, code: null })), code: cause.setting }
      : noAnswer(cause instanceof DOMException && cause.name === "TimeoutError");
  return { ...failed, of: "dashboard" };
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
  return { kind, of: "service", ...facts, invoiceUrl: null };
}

/** What the service says is wrong with itself. @type {Readonly<Record<string, FailureKind>>} */
const SERVICE_KINDS = {
  overloaded: "overloaded",
  temporarily_unavailable: "waiting",
  dependency_failed: "denied",
};

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
    return SERVICE_KINDS[code ?? ""] ?? "down";
  }
  if (code === "not_a_member") {
    return "foreign";
  }
  return code === null || SETTINGS.includes(code) ? "misconfigured" : "refused";
}
