import type { WireInvoice } from "../state/wire.ts";

/**
 * Whom an invoice names, line by line, as it was when the invoice was finalised: name, address,
 * e-mail, tax ids; the customer's id where nothing else is known.
 */
export function recipientLines(invoice: WireInvoice): string[] {
  const { customer_name: name, customer_email: email, customer_address: address } = invoice;
  const town = [address?.postal_code, address?.city].filter(Boolean).join(" ");
  const lines = [
    name,
    address?.line1,
    address?.line2,
    town,
    address?.state,
    countryName(address?.country ?? ""),
    email,
    ...(invoice.customer_tax_ids ?? []).map(taxIdText),
  ].flatMap((line) => line || []);
  return lines.length === 0 ? [String(invoice.customer)] : lines;
}

function taxIdText({ type, value }: { type: string; value: string | null }): string {
  const kind = type === "eu_vat" ? `${value?.slice(0, 2)} VAT` : type.toUpperCase();
  return `${kind.replaceAll("_", " ")} ${value}`;
}

function countryName(code: string): string {
  const names = new Intl.DisplayNames(["en"], { type: "region" });
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code;
}
