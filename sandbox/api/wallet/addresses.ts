import type { Stripe } from "stripe";
import type { Wire, WirePaymentIntent } from "../../state/wire.ts";
import { clearable, given, hash, required, text } from "../params.ts";

const line = clearable(text);

/** A postal address. */
export const address = hash({
  city: line,
  country: line,
  line1: line,
  line2: line,
  postal_code: line,
  state: line,
});

/** Where goods go. */
export const shipping = hash({ address: required(address), name: required(text), phone: line });

/** Where the goods of a payment go. */
export const paymentShipping = hash({
  address: required(address),
  carrier: text,
  name: required(text),
  phone: text,
  tracking_number: text,
});

/** Where the goods of a payment go, as Stripe shows it; null where nothing was said. */
export function shippingOf(
  sent: ReturnType<typeof paymentShipping>,
): NonNullable<WirePaymentIntent["shipping"]> | null {
  return sent === undefined ? null : { ...given(sent), address: completeAddress(sent.address) };
}

type Sent = NonNullable<ReturnType<typeof address>>;

/** An address as Stripe shows it, with every line. */
export function completeAddress(sent: Sent): Wire<Stripe.Address> {
  const blank = {
    city: null,
    country: null,
    line1: null,
    line2: null,
    postal_code: null,
    state: null,
  };
  return { ...blank, ...given(sent) };
}
