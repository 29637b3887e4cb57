/** What is wrong with one field of a request. */
export interface ErrorDetail {
  readonly field: string;
  readonly message: string;
}

/** What an error of the service says. */
export interface ErrorAnswer {
  readonly statusCode: number;
  readonly message: string;
  /** For programs, such as `plan_limit_reached`; `null` where something else answered. */
  readonly code: string | null;
  /** One per field of a request that is not valid. */
  readonly details: readonly ErrorDetail[];
  /** The whole answer, as far as it is JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Seconds until a repetition is worth it; `null` if nobody knows. */
  readonly retryAfterSeconds: number | null;
}

/** The service has refused a request, or could not answer it. */
export class BillingApiError extends Error implements ErrorAnswer {
  override readonly name: string = "BillingApiError";
  readonly statusCode: number;
  readonly code: string | null;
  readonly details: readonly ErrorDetail[];
  readonly body: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | null;

  constructor(answer: ErrorAnswer) {
    super(answer.message);
    this.statusCode = answer.statusCode;
    this.code = answer.code;
    this.details = answer.details;
    this.body = answer.body;
    this.retryAfterSeconds = answer.retryAfterSeconds;
  }
}

/** The month's e-mails are used: 429 `email_quota_exceeded`. */
export class QuotaExceededError extends BillingApiError {
  override readonly name = "QuotaExceededError";
}

/** The balance does not hold that many tokens: 402 `insufficient_tokens`. */
export class InsufficientTokensError extends BillingApiError {
  override readonly name = "InsufficientTokensError";
}

/** There was no answer: whether the request took effect nobody knows. Its key finds out. */
export class BillingConnectionError extends Error {
  override readonly name = "BillingConnectionError";
  /** Whether it took too long, rather than there being no connection. */
  readonly timedOut: boolean;

  constructor(message: string, { timedOut, ...options }: ErrorOptions & { timedOut: boolean }) {
    super(message, options);
    this.timedOut = timedOut;
  }
}

/** The error that an answer is, of the most exact class. */
export function errorOf(answer: ErrorAnswer): BillingApiError {
  switch (answer.code) {
    case "email_quota_exceeded":
      return new QuotaExceededError(answer);
    case "insufficient_tokens":
      return new InsufficientTokensError(answer);
    default:
      return new BillingApiError(answer);
  }
}
