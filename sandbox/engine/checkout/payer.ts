import type { Buyer, CheckoutDetails } from "../../state/checkout_details.ts";
import type { WireCheckoutSession, WireCustomer } from "../../state/wire.ts";
import { createCustomer } from "../customers.ts";
import { addTaxId } from "../invoicing/tax_ids.ts";
import { invalidRequest } from "../request_error.ts";
import { emitChange, type Transaction } from "../transaction.ts";

/**
 * The customer who buys: the session's, with what `customer_update` lets Checkout save, or a new
 * one; undefined for a guest, whom a one-time payment without an invoice leaves one. Source:
 * stripe-node, `Checkout.SessionCreateParams` (`customer`, `customer_creation`, `customer_update`).
 * @throws {RequestError} where the session's customer was deleted
 */
export function payerOf(
  tx: Transaction,
  session: WireCheckoutSession,
  { details, buyer }: { details: CheckoutDetails; buyer: Buyer },
): WireCustomer | undefined {
  const { address, taxId } = buyer;
  const email = session.customer_email ?? buyer.email;
  if (session.customer === null) {
    if (!needsCustomer(session, details)) {
      return undefined;
    }
    const created = createCustomer(tx, { email, name: buyer.name, ...(address && { address }) });
    saveTaxId(tx, created, taxId);
    return created;
  }
  const customer = tx.state.customers.get(session.customer);
  if (customer === undefined) {
    throw invalidRequest("The customer of this Checkout Session was deleted.", "customer");
  }
  emitChange(tx, "customer.updated", customer, (changed) => {
    changed.email ??= buyer.email;
    if (details.customerUpdate.address && address !== null) {
      changed.address = address;
    }
    if (details.customerUpdate.name && buyer.name !== null) {
      changed.name = buyer.name;
    }
  });
  saveTaxId(tx, customer, taxId);
  return customer;
}

function needsCustomer(session: WireCheckoutSession, details: CheckoutDetails): boolean {
  return (
    session.mode === "subscription" ||
    details.invoice !== null ||
    session.customer_creation === "always"
  );
}

function saveTaxId(tx: Transaction, customer: WireCustomer, taxId: Buyer["taxId"]): void {
  const known = tx.state.taxIds.of(customer.id).some(({ value }) => value === taxId?.value);
  if (taxId !== null && !known) {
    addTaxId(tx, customer, taxId);
  }
}
