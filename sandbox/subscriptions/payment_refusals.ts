import { invalidRequest, RequestError } from "../engine/request_error.ts";

/** 400: a payment is due now, and there is nothing to pay it with. */
export function missingPaymentMethod(): RequestError {
  return invalidRequest(
    "This customer has no attached payment source or default payment method. Please consider " +
      "adding a default payment method. For more information, visit " +
      "https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.",
    undefined,
    "resource_missing",
  );
}

/** 402: the card was declined, and the request asked not to go on then. */
export function declined(): RequestError {
  return new RequestError("Your card was declined.", {
    status: 402,
    type: "card_error",
    code: "card_declined",
    decline_code: "generic_decline",
  });
}
