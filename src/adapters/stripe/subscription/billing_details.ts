import type { Stripe } from "stripe";
import {
  type BillingDetails,
  type PostalAddress,
  TAX_ID_STATUSES,
  type TaxId,
} from "../../../application/ports/subscription/billing_details.ts";
import type { WireObject } from "../wire_object.ts";
import { CHARGED_METHOD_PARTS, chargedTo, readCustomer } from "./charged_method.ts";
import { mapPaymentMethod } from "./map_payment_method.ts";

/**
 * Reads what a customer says of itself, and what it is charged to; `undefined` if it was deleted.
 *
 * @throws {PortError}
 */
export async function billingDetails(
  stripe: Stripe,
  customerId: string,
): Promise<BillingDetails | undefined> {
  const customer = await readCustomer(stripe, customerId, [...CHARGED_METHOD_PARTS, "tax_ids"]);
  if (customer.flag("deleted")) {
    return undefined;
  }
  const holder = await chargedTo(stripe, customer);
  return {
    name: customer.textOrNull("name"),
    email: customer.textOrNull("email"),
    address: mapAddress(customer.childOrNull("address")),
    // A customer has five at most: Stripe's list of them is whole.
    taxIds: customer.child("tax_ids").objects("data").map(mapTaxId),
    paymentMethod: mapPaymentMethod(holder?.childOrNull("default_payment_method") ?? null),
  };
}

/** Maps an address of a customer or an invoice. */
export function mapAddress(address: WireObject | null): PostalAddress | null {
  return (
    address && {
      line1: address.textOrNull("line1"),
      line2: address.textOrNull("line2"),
      postalCode: address.textOrNull("postal_code"),
      city: address.textOrNull("city"),
      state: address.textOrNull("state"),
      country: address.textOrNull("country"),
    }
  );
}

function mapTaxId(wire: WireObject): TaxId {
  const status = wire.childOrNull("verification")?.textOrNull("status");
  return {
    type: wire.text("type"),
    value: wire.text("value"),
    status: TAX_ID_STATUSES.find((known) => known === status) ?? null,
  };
}
