import type { Stripe } from "stripe";
import { callStripe } from "../../call_stripe.ts";
import type { WireObject } from "../../wire_object.ts";
import { unlessMoved } from "./moving_invoice.ts";

const LARGEST_PAGE = 100;

/** Charges an open invoice to a stored card. @throws {PortError} */
export async function pay(stripe: Stripe, id: string, method: string | null): Promise<WireObject> {
  return await unlessMoved(stripe, { id, from: "open", action: `charge invoice "${id}"` }, () =>
    stripe.invoices.pay(id, {
      off_session: true,
      ...(method !== null && { payment_method: method }),
    }),
  );
}

/**
 * The card that plans are charged to; `null` if none is stored.
 *
 * @throws {PortError}
 */
export async function storedMethod(stripe: Stripe, customerId: string): Promise<string | null> {
  const action = `list the subscriptions of customer "${customerId}"`;
  const { wire } = await callStripe({ action, object: "list" }, () =>
    stripe.subscriptions.list({ customer: customerId, limit: LARGEST_PAGE }),
  );
  const own = wire.objects("data").map((one) => one.idOrNull("default_payment_method"));
  const found = own.find((method) => method !== null);
  if (found !== undefined) {
    return found;
  }
  const read = `read customer "${customerId}"`;
  const { wire: customer } = await callStripe(
    { action: read, object: "customer", id: customerId },
    () => stripe.customers.retrieve(customerId),
  );
  return customer.childOrNull("invoice_settings")?.idOrNull("default_payment_method") ?? null;
}
