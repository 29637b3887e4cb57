/** What Stripe says about a request that it refuses. */
export interface RequestErrorDetails {
  status: number;
  type: "invalid_request_error" | "idempotency_error" | "api_error" | "card_error";
  code?: string | undefined;
  param?: string | undefined;
  decline_code?: string | undefined;
  /** The objects that a card error is about, as they stand after it. */
  payment_intent?: object | undefined;
  payment_method?: object | undefined;
  setup_intent?: object | undefined;
}

/** A refusal of the sandbox, answered in Stripe's error shape. */
export class RequestError extends Error {
  readonly details: RequestErrorDetails;

  constructor(message: string, details: RequestErrorDetails) {
    super(message);
    this.name = "RequestError";
    this.details = details;
  }
}

/** 400 `invalid_request_error`: the request cannot be done as it stands. */
export function invalidRequest(message: string, param?: string, code?: string): RequestError {
  return new RequestError(message, { status: 400, type: "invalid_request_error", code, param });
}

/** 404 `resource_missing`: `what` is Stripe's name of the object, such as `customer`. */
export function resourceMissing(what: string, id: string, param = "id"): RequestError {
  return new RequestError(`No such ${what}: '${id}'`, {
    status: 404,
    type: "invalid_request_error",
    code: "resource_missing",
    param,
  });
}

/** 400 `resource_missing`: a parameter of the request names an object that does not exist. */
export function referenceMissing(what: string, id: string, param: string): RequestError {
  return invalidRequest(`No such ${what}: '${id}'`, param, "resource_missing");
}

/** Declines that have an error code of their own; the others are `card_declined`. */
const OWN_CODES: Readonly<Record<string, string>> = {
  expired_card: "Your card has expired.",
  incorrect_number: "Your card number is incorrect.",
  invalid_expiry_year: "Your card's expiration year is invalid.",
  incorrect_cvc: "Your card's security code is incorrect.",
  processing_error: "An error occurred while processing your card. Try again in a little bit.",
};

/** How Stripe says that an issuer declined a card. Source: docs.stripe.com/declines/codes. */
export function declineOf(declineCode: string): {
  code: string;
  decline_code: string;
  message: string;
} {
  const own = new Map(Object.entries(OWN_CODES)).get(declineCode);
  const insufficient = declineCode === "insufficient_funds";
  const generic = insufficient ? "Your card has insufficient funds." : "Your card was declined.";
  return {
    code: own === undefined ? "card_declined" : declineCode,
    decline_code: declineCode,
    message: own ?? generic,
  };
}

/** 402 `card_error`: the issuer declined the card. */
export function cardDeclined(
  declineCode: string,
  about: Pick<RequestErrorDetails, "payment_intent" | "payment_method" | "setup_intent"> = {},
): RequestError {
  const { message, ...codes } = declineOf(declineCode);
  return new RequestError(message, { status: 402, type: "card_error", ...codes, ...about });
}
