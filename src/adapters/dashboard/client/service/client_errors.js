// @ts-nocheck
// Written by `npm run docs` from src/adapters/client/client_errors.ts, which has the types.

export class BillingApiError extends Error {
  name = "BillingApiError";
  statusCode;
  code;
  details;
  body;
  retryAfterSeconds;

  constructor(answer) {
    super(answer.message);
    this.statusCode = answer.statusCode;
    this.code = answer.code;
    this.details = answer.details;
    this.body = answer.body;
    this.retryAfterSeconds = answer.retryAfterSeconds;
  }
}

export class QuotaExceededError extends BillingApiError {
  name = "QuotaExceededError";
}

export class InsufficientTokensError extends BillingApiError {
  name = "InsufficientTokensError";
}

export class BillingConnectionError extends Error {
  name = "BillingConnectionError";

  timedOut;

  constructor(message, { timedOut, ...options }) {
    super(message, options);
    this.timedOut = timedOut;
  }
}

export function errorOf(answer) {
  switch (answer.code) {
    case "email_quota_exceeded":
      return new QuotaExceededError(answer);
    case "insufficient_tokens":
      return new InsufficientTokensError(answer);
    default:
      return new BillingApiError(answer);
  }
}
