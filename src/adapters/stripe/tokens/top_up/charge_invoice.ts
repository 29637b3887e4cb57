import type { Stripe } from "stripe";
import { CHARGED_PARTS, chargedTo, readCustomer } from "../../subscription/charged_method.ts";
import type { WireObject } from "../../wire_object.ts";
import { unlessMoved } from "./moving_invoice.ts";

/** Charges an open invoice to a stored card. @throws {PortError} */
export async function pay(stripe: Stripe, id: string, method: string | null): Promise<WireObject> {
  return await unlessMoved(stripe, { id, from: "open", action: `charge invoice "${id}"` }, () =>
    stripe.invoices.pay(id, {
      off_session: true,
      ...(method !== null && { payment_method: method }),
    }),
  );
}

/** The id of what plans are charged to; `null` if none is stored. @throws {PortError} */
export async function storedMethod(stripe: Stripe, customerId: string): Promise<string | null> {
  const customer = await readCustomer(stripe, customerId, CHARGED_PARTS);
  return (await chargedTo(stripe, customer))?.idOrNull("default_payment_method") ?? null;
}
