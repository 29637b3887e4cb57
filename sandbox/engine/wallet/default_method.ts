import type { State } from "../../state/state.ts";

/** What names a payment method of its own, or leaves it to its customer. */
export interface Payer {
  customer: string | null;
  default_payment_method: string | null;
  default_source?: string | null;
}

/**
 * What pays for a subscription: its own payment method or source, else its customer's; null where
 * there is none. Source: stripe-node, `Subscription.default_payment_method`.
 */
export function defaultMethodOf({ customers }: Pick<State, "customers">, payer: Payer) {
  const customer = customers.get(payer.customer ?? "");
  return (
    payer.default_payment_method ??
    payer.default_source ??
    customer?.invoice_settings.default_payment_method ??
    customer?.default_source ??
    null
  );
}
