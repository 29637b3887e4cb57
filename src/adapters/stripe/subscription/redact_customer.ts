import type { Stripe } from "stripe";
import type { Redaction } from "../../../domain/subscription/billing_account.ts";
import { callStripe } from "../call_stripe.ts";
import { listAll, readAll } from "../list_all.ts";

const LARGEST_PAGE = 100;

/** What tells who a customer is, as Stripe takes it off. Source: Stripe API, "Update a customer". */
const NOBODY: Stripe.CustomerUpdateParams = {
  name: "",
  business_name: "",
  individual_name: "",
  email: "",
  phone: "",
  description: "",
  address: "",
  shipping: "",
  invoice_settings: { custom_fields: "", footer: "" },
};

/**
 * Removes a customer, or only its personal data.
 *
 * @throws {PortError}
 */
export async function redactCustomer(
  stripe: Stripe,
  customerId: string,
  how: Redaction,
): Promise<void> {
  if (how === "empty") {
    return await emptyCustomer(stripe, customerId);
  }
  const action = `delete customer "${customerId}"`;
  await callStripe({ action, object: "customer", id: customerId }, () =>
    stripe.customers.del(customerId),
  );
}

/**
 * Takes personal data off a customer: what it says of itself, its tax ids, and its payment methods,
 * which carry names and addresses. The customer stays, with the tenant's id and its invoices. Safe
 * to repeat.
 */
async function emptyCustomer(stripe: Stripe, customerId: string): Promise<void> {
  await callStripe(
    { action: `empty customer "${customerId}"`, object: "customer", id: customerId },
    () => stripe.customers.update(customerId, NOBODY),
  );
  for (const taxId of await idsOf(customerId, "tax_id", (cursor) =>
    stripe.customers.listTaxIds(customerId, { limit: LARGEST_PAGE, ...cursor }),
  )) {
    const action = `remove tax id "${taxId}"`;
    await callStripe({ action, object: "tax_id", id: taxId }, () =>
      stripe.customers.deleteTaxId(customerId, taxId),
    );
  }
  for (const method of await idsOf(customerId, "payment_method", (cursor) =>
    stripe.customers.listPaymentMethods(customerId, { limit: LARGEST_PAGE, ...cursor }),
  )) {
    const action = `detach payment method "${method}"`;
    await callStripe({ action, object: "payment_method", id: method }, () =>
      stripe.paymentMethods.detach(method),
    );
  }
}

/** All of them before any is removed: a page begins after one that is still there. */
async function idsOf(
  customerId: string,
  object: "tax_id" | "payment_method",
  requestPage: Parameters<typeof listAll>[1],
): Promise<readonly string[]> {
  const action = `list each ${object} of customer "${customerId}"`;
  return (await readAll(listAll({ action, object }, requestPage))).map((wire) => wire.text("id"));
}
