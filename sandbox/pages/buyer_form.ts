import type { RequestError } from "../engine/request_error.ts";
import type { Buyer, Place } from "../state/checkout_details.ts";
import { type Html, html } from "./html.ts";

/** The kinds of tax id that the pages take, with what one looks like. */
const TAX_ID_TYPES = [
  ["eu_vat", "EU VAT", "DE123456789"],
  ["gb_vat", "UK VAT", "GB123456789"],
  ["ch_vat", "Swiss VAT", "CHE-123.456.789 MWST"],
  ["us_ein", "US EIN", "12-3456789"],
] as const;

/** What the fields show, and which of them there are. */
export interface BuyerForm {
  address: Place | null;
  taxId: Buyer["taxId"];
  asksAddress: boolean;
  asksTaxId: boolean;
}

/** The fields of an address and a tax id. */
export function buyerInputs({ address, taxId, asksAddress, asksTaxId }: BuyerForm): Html {
  return html`${asksAddress && addressInputs(address)}${asksTaxId && taxIdInputs(taxId)}`;
}

/** What was typed; an address without a country is none. */
export function postedBuyer(body: unknown): Pick<Buyer, "address" | "taxId"> {
  const values = new Map<string, unknown>(Object.entries(body ?? {}));
  const field = (name: string) => String(values.get(name) ?? "").trim();
  const line = (name: string) => field(name) || null;
  const country = field("country").toUpperCase();
  const value = field("tax_id");
  const type = TAX_ID_TYPES.find(([known]) => known === field("tax_id_type"))?.[0] ?? "eu_vat";
  return {
    address: /^[A-Z]{2}$/.test(country)
      ? {
          city: line("city"),
          country,
          line1: line("line1"),
          line2: null,
          postal_code: line("postal_code"),
          state: line("state"),
        }
      : null,
    taxId: value === "" ? null : { type, value },
  };
}

/** What is wrong with an order or with billing details, for those who typed them. */
export function problemText(error: RequestError, { taxId }: Pick<Buyer, "taxId">): string {
  const kind = TAX_ID_TYPES.find(([type]) => type === taxId?.type);
  return error.details.code === "tax_id_invalid" && kind !== undefined
    ? `This is not a valid ${kind[1]} number. One looks like ${kind[2]}.`
    : error.message;
}

function addressInputs(address: Place | null): Html {
  const input = (name: keyof Place, label: string, autocomplete: string) =>
    html`<div><label for="${name}">${label}</label>
<input id="${name}" name="${name}" autocomplete="${autocomplete}" value="${address?.[name]}"></div>`;
  return html`<div><label for="country">Country <span class="soft">two letters</span></label>
<input id="country" name="country" autocomplete="country" maxlength="2" minlength="2" required
  pattern="[A-Za-z]{2}" value="${address?.country}"></div>
${input("line1", "Address", "address-line1")}
<div class="pair">${input("postal_code", "Postal code", "postal-code")}
${input("city", "City", "address-level2")}</div>`;
}

function taxIdInputs(taxId: Buyer["taxId"]): Html {
  return html`<div class="pair"><div><label for="tax_id_type">Kind of tax ID</label>
<select id="tax_id_type" name="tax_id_type">${TAX_ID_TYPES.map(
    ([type, label]) =>
      html`<option value="${type}"${type === taxId?.type && html` selected`}>${label}</option>`,
  )}</select></div>
<div><label for="tax_id">Tax ID <span class="soft">optional</span></label>
<input id="tax_id" name="tax_id" autocomplete="off" value="${taxId?.value}"></div></div>`;
}
