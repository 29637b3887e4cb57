import { findTestCard, TEST_CARDS, type TestCard } from "../engine/cards.ts";
import type { EnteredCard } from "../state/checkout_details.ts";

/** What somebody typed into the card fields, shown again after a mistake. */
export interface CardFields {
  email: string;
  card: string;
  expiry: string;
  cvc: string;
  name: string;
}

/** What is wrong with a field, as its reader is told. */
export interface FieldProblem {
  field: keyof CardFields;
  text: string;
}

/** A card that may be used, or what is wrong with what was typed. */
export type CardEntry =
  | { card: EnteredCard; testCard: TestCard }
  | { problems: readonly FieldProblem[] };

/** What is said of a card that the bank declined. */
export const CARD_DECLINED: FieldProblem = {
  field: "card",
  text: "Your card was declined. Try another card.",
};

/** What is said after a failed authentication. */
export const CHALLENGE_FAILED: FieldProblem = {
  field: "card",
  text: "The bank could not confirm that it is you. Try again or use another card.",
};

/**
 * Empty card fields with a future expiry date.
 *
 * @param wanted a test card's number; any other value stands for the card that succeeds
 */
export function blankCard(nowMs: number, email: string | null, wanted?: unknown): CardFields {
  const year = String(new Date(nowMs).getUTCFullYear() + 3).slice(2);
  const card = findTestCard(String(wanted ?? "")) ?? TEST_CARDS[0];
  return {
    email: email ?? "",
    card: grouped(card?.number ?? ""),
    expiry: `12 / ${year}`,
    cvc: "123",
    name: "",
  };
}

/** The fields of a form that was posted. */
export function postedCard(body: unknown): CardFields {
  const values = new Map<string, unknown>(Object.entries(body ?? {}));
  const field = (name: string) => String(values.get(name) ?? "").trim();
  return {
    email: field("email"),
    card: field("card"),
    expiry: field("expiry"),
    cvc: field("cvc"),
    name: field("name"),
  };
}

/** Reads the card fields; `email` is what is known already. */
export function readCard(fields: CardFields, nowMs: number, email: string | null): CardEntry {
  const testCard = findTestCard(fields.card);
  const expiry = readExpiry(fields.expiry, nowMs);
  const address = email ?? fields.email;
  const problems: FieldProblem[] = [];
  if (email === null && !/^[^\s@]+@[^\s@]+$/.test(address)) {
    const text = "Write an e-mail address such as name@example.com.";
    problems.push({ field: "email", text });
  }
  if (testCard === undefined) {
    problems.push({ field: "card", text: "This is not a test card. Use one of those above." });
  }
  if (expiry === undefined) {
    const text = "The expiry date is wrong or in the past. Write it as MM / YY.";
    problems.push({ field: "expiry", text });
  }
  if (!/^\d{3,4}$/.test(fields.cvc)) {
    problems.push({ field: "cvc", text: "The security code has three or four digits." });
  }
  if (testCard === undefined || expiry === undefined || problems.length > 0) {
    return { problems };
  }
  const name = fields.name === "" ? null : fields.name;
  return { testCard, card: { number: testCard.number, ...expiry, email: address, name } };
}

/** A card number in groups of four digits. */
export function grouped(number: string): string {
  return number.replaceAll(/(\d{4})(?=\d)/g, "$1 ");
}

function readExpiry(
  text: string,
  nowMs: number,
): { expMonth: number; expYear: number } | undefined {
  const match = /^(\d{1,2})\s*\/?\s*(?:20)?(\d{2})$/.exec(text);
  const expMonth = Number(match?.[1]);
  const expYear = 2000 + Number(match?.[2]);
  const valid = expMonth >= 1 && expMonth <= 12 && Date.UTC(expYear, expMonth, 1) > nowMs;
  return valid ? { expMonth, expYear } : undefined;
}
