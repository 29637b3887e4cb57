import { newId } from "../../state/ids.ts";
import type { WireCustomer, WireTaxId } from "../../state/wire.ts";
import { invalidRequest } from "../request_error.ts";
import { emit, type Transaction } from "../transaction.ts";

/** What a VAT number looks like in each country of the Union (docs.stripe.com/billing/customer/tax-ids). */
const EU_VAT: Readonly<Record<string, RegExp>> = {
  AT: /^U\d{8}$/,
  BE: /^[01]\d{9}$/,
  BG: /^\d{9,10}$/,
  CY: /^\d{8}[A-Z]$/,
  CZ: /^\d{8,10}$/,
  DE: /^\d{9}$/,
  DK: /^\d{8}$/,
  EE: /^\d{9}$/,
  EL: /^\d{9}$/,
  ES: /^[A-Z0-9]\d{7}[A-Z0-9]$/,
  FI: /^\d{8}$/,
  FR: /^[A-Z0-9]{2}\d{9}$/,
  HR: /^\d{11}$/,
  HU: /^\d{8}$/,
  IE: /^\d[A-Z0-9+*]\d{5}[A-Z]{1,2}$/,
  IT: /^\d{11}$/,
  LT: /^(\d{9}|\d{12})$/,
  LU: /^\d{8}$/,
  LV: /^\d{11}$/,
  MT: /^\d{8}$/,
  NL: /^\d{9}B\d{2}$/,
  PL: /^\d{10}$/,
  PT: /^\d{9}$/,
  RO: /^\d{2,10}$/,
  SE: /^\d{12}$/,
  SI: /^\d{8}$/,
  SK: /^\d{10}$/,
  XI: /^\d{9}(\d{3})?$/,
};

const OTHERS: Readonly<Record<string, RegExp>> = {
  ch_vat: /^CHE-?\d{3}\.?\d{3}\.?\d{3} ?(MWST|TVA|IVA)$/,
  gb_vat: /^GB(\d{9}|\d{12})$/,
  no_vat: /^\d{9}MVA$/,
  us_ein: /^\d{2}-?\d{7}$/,
};

/** The most that a customer can have. */
const MOST = 5;

/**
 * Gives a customer a tax id; emits `customer.tax_id.created`. It stays unverified: nobody is asked.
 * @throws {RequestError} `tax_id_invalid` where its type cannot look like this
 */
export function addTaxId(
  tx: Transaction,
  customer: WireCustomer,
  { type, value }: { type: string; value: string },
): WireTaxId {
  const trimmed = value.replaceAll(/\s/g, "").toUpperCase();
  const shape = type === "eu_vat" ? undefined : new Map(Object.entries(OTHERS)).get(type);
  if (type === "eu_vat" ? !isEuVat(trimmed) : shape?.test(trimmed) === false) {
    throw invalidRequest(`Invalid value for ${type}.`, "value", "tax_id_invalid");
  }
  if (tx.state.taxIds.of(customer.id).length >= MOST) {
    throw invalidRequest(`A customer can have at most ${MOST} tax IDs.`, "customer");
  }
  const country = type === "eu_vat" ? trimmed.slice(0, 2).replace("EL", "GR") : type.slice(0, 2);
  const taxId: WireTaxId = {
    id: newId("txi"),
    object: "tax_id",
    country: country.toUpperCase(),
    created: tx.now,
    customer: customer.id,
    customer_account: null,
    livemode: false,
    owner: { customer: customer.id, customer_account: null, type: "customer" },
    type,
    value: trimmed,
    verification: { status: "pending", verified_address: null, verified_name: null },
  };
  tx.state.taxIds.set(taxId.id, taxId);
  emit(tx, "customer.tax_id.created", taxId);
  return taxId;
}

/** Takes a tax id away; emits `customer.tax_id.deleted`. */
export function removeTaxId(tx: Transaction, taxId: WireTaxId): void {
  tx.state.taxIds.delete(taxId.id);
  emit(tx, "customer.tax_id.deleted", taxId);
}

function isEuVat(value: string): boolean {
  return EU_VAT[value.slice(0, 2)]?.test(value.slice(2)) ?? false;
}
