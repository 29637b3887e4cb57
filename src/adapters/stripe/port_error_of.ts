import { Stripe } from "stripe";
import { PortError } from "../../application/ports/port_error.ts";

const { StripeConnectionError, StripeError, StripeIdempotencyError } = Stripe.errors;

/**
 * Translates a failed call into a `PortError`. Rate limits, held locks, server errors, lost
 * connections and timeouts are transient. The idempotency key is spent if Stripe stored the failure
 * under it (lock timeouts, its own server errors, and whatever it marks as replayed, P22) or if the
 * key was used with other parameters.
 * Source: Stripe, "Idempotent requests" and "Error codes".
 *
 * @param action the action, phrased to follow "Cannot"
 */
export function portErrorOf(error: unknown, action: string): PortError {
  if (error instanceof PortError) {
    return error;
  }
  if (!(error instanceof StripeError)) {
    const message = `Cannot ${action}: the call to Stripe failed unexpectedly`;
    return new PortError(message, { transient: false, cause: error });
  }
  const code = printableCode(error.code);
  return new PortError(`Cannot ${action}: ${reasonOf(error)}${code === null ? "" : ` (${code})`}`, {
    transient: isTransient(error),
    keySpent: isStored(error),
    replayed: isReplayed(error),
    cause: error,
  });
}

/**
 * Returns the Stripe error code behind a `PortError`, such as `resource_missing`; `null` if there
 * is none.
 */
export function stripeCodeOf(error: unknown): string | null {
  const cause = error instanceof PortError ? error.cause : undefined;
  return cause instanceof StripeError ? (cause.code ?? null) : null;
}

/** Returns the HTTP status behind a `PortError`; `null` if there was no answer. */
export function stripeStatusOf(error: unknown): number | null {
  const cause = error instanceof PortError ? error.cause : undefined;
  return cause instanceof StripeError ? (cause.statusCode ?? null) : null;
}

/**
 * Returns the permission that a restricted key lacks, from the failure behind a `PortError`: `null`
 * if Stripe did not name it, `undefined` if something else failed.
 */
export function missingPermissionOf(error: unknown): string | null | undefined {
  const cause = error instanceof PortError ? error.cause : undefined;
  return cause instanceof StripeError && cause.statusCode === 403
    ? permissionIn(cause.message)
    : undefined;
}

type AnyStripeError = InstanceType<typeof StripeError>;

function isTransient(error: AnyStripeError): boolean {
  const { statusCode, code } = error;
  return (
    error instanceof StripeConnectionError ||
    statusCode === undefined ||
    statusCode === 429 ||
    statusCode >= 500 ||
    code === "rate_limit" ||
    code === "lock_timeout" ||
    code === "idempotency_key_in_use"
  );
}

function isStored(error: AnyStripeError): boolean {
  const { statusCode, code } = error;
  return (
    isReplayed(error) || code === "lock_timeout" || (statusCode !== undefined && statusCode >= 500)
  );
}

function isReplayed(error: AnyStripeError): boolean {
  return (
    (error instanceof StripeIdempotencyError && error.code !== "idempotency_key_in_use") ||
    error.headers?.["idempotent-replayed"] === "true"
  );
}

function reasonOf(error: AnyStripeError): string {
  const { statusCode, code } = error;
  if (error instanceof StripeConnectionError) {
    return isTimeout(error) ? "Stripe did not answer in time" : "Stripe could not be reached";
  }
  if (statusCode === undefined) {
    return "Stripe's answer is not JSON";
  }
  if (error instanceof StripeIdempotencyError) {
    return "the idempotency key belongs to a different request";
  }
  if (code === "lock_timeout" || code === "idempotency_key_in_use") {
    return "another request is still at work on it";
  }
  if (statusCode === 429 || code === "rate_limit") {
    return "Stripe limits the rate of requests";
  }
  switch (statusCode) {
    case 401:
      return "Stripe does not accept the secret key";
    case 402:
      return "the payment was refused";
    case 403:
      return `the secret key lacks the permission ${permissionIn(error.message) ?? ""}`.trimEnd();
    case 404:
      return "Stripe does not know it";
    default:
      return statusCode >= 500 ? `Stripe failed with status ${statusCode}` : "Stripe refused it";
  }
}

/**
 * Finds the permission in the message, the only place that has it: "Having the 'rak_...' permission
 * would allow this".
 */
function permissionIn(message: string): string | null {
  return /\brak_[a-z_]{1,60}\b/.exec(message)?.[0] ?? null;
}

function isTimeout({ detail }: AnyStripeError): boolean {
  const cause: unknown = detail;
  return cause instanceof Error && "code" in cause && cause.code === "ETIMEDOUT";
}

function printableCode(code: string | undefined): string | null {
  return code !== undefined && /^[a-z0-9_]{1,64}$/.test(code) ? code : null;
}
