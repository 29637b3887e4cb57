import { randomInt } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function randomText(length: number, alphabet = ALPHABET): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/** A new id such as `in_1Q...`: the prefix of Stripe's object and 24 unguessable characters. */
export function newId(prefix: string): string {
  return `${prefix}_${randomText(24)}`;
}

/** A new id of 14 characters, which customers and products have. */
export function newShortId(prefix: string): string {
  return `${prefix}_${randomText(14)}`;
}

/** A new id of 58 characters for Checkout Sessions, whose id alone opens the page. */
export function newSessionId(): string {
  return `cs_test_${randomText(58)}`;
}

/** A new signing secret for a webhook endpoint, which shows that it is none of Stripe's. */
export function newWebhookSecret(): string {
  return `whsec_sandbox${randomText(32)}`;
}

/** The prefix that stands before a customer's invoice numbers. */
export function newInvoicePrefix(): string {
  return randomText(8, "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ");
}
