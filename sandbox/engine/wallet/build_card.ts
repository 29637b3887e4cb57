import type { WirePaymentMethod } from "../../state/wire.ts";
import { findTestCard } from "./test_cards.ts";

type Card = NonNullable<WirePaymentMethod["card"]>;

/** What somebody says of a card. */
export interface CardData {
  number: string;
  expMonth: number;
  expYear: number;
}

/** A card as Stripe shows it: brand, country and funding are those of the test card. */
export function buildCard({ number, expMonth, expYear }: CardData): Card {
  const known = findTestCard(number);
  const brand = known?.brand ?? "visa";
  return {
    brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
    country: known?.country ?? "US",
    display_brand: brand === "amex" ? "american_express" : brand,
    exp_month: expMonth,
    exp_year: expYear,
    fingerprint: `sandbox${number.slice(-9)}`,
    funding: known?.funding ?? "credit",
    generated_from: null,
    last4: number.slice(-4),
    networks: { available: [brand], preferred: null },
    regulated_status: "unregulated",
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}
