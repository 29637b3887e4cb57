import type { Stripe } from "stripe";
import { callStripe } from "../call_stripe.ts";
import { wholeList } from "../whole_list.ts";
import type { WireObject } from "../wire_object.ts";

const LARGEST_PAGE = 100;

/** What a customer must be read with for {@linkcode chargedTo}, which tells the method's id. */
export const CHARGED_PARTS = ["subscriptions"];
/** The same for the method itself. */
export const CHARGED_METHOD_PARTS = [
  "subscriptions.data.default_payment_method",
  "invoice_settings.default_payment_method",
];

/** Reads a customer, who may be deleted. @throws {PortError} */
export async function readCustomer(
  stripe: Stripe,
  customerId: string,
  parts: readonly string[],
): Promise<WireObject> {
  const expected = { action: `read customer "${customerId}"`, object: "customer", id: customerId };
  const { wire } = await callStripe(expected, () =>
    stripe.customers.retrieve(customerId, { expand: [...parts] }),
  );
  return wire;
}

/**
 * Returns what names, as its `default_payment_method`, the payment method that a customer's plans
 * and automatic top-ups are charged to: the newest subscription that has one of its own, else the
 * customer's settings; `null` if none is stored. One request more for a customer with so many
 * subscriptions that Stripe cuts them off.
 *
 * @throws {PortError}
 */
export async function chargedTo(stripe: Stripe, customer: WireObject): Promise<WireObject | null> {
  if (customer.flag("deleted")) {
    return null;
  }
  const id = customer.text("id");
  const subscriptions = await wholeList(
    customer.child("subscriptions"),
    { id, object: "subscription" },
    (cursor) =>
      stripe.subscriptions.list({
        customer: id,
        limit: LARGEST_PAGE,
        expand: ["data.default_payment_method"],
        ...cursor,
      }),
  );
  const settings = customer.childOrNull("invoice_settings");
  const holders = settings === null ? subscriptions : [...subscriptions, settings];
  return holders.find((one) => one.idOrNull("default_payment_method") !== null) ?? null;
}
