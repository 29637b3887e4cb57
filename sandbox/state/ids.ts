import { randomFillSync } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Random bytes in stock: one call for many is far cheaper than many calls. */
const stock = new Uint8Array(4096);
let used = stock.length;

/** Leaves the bytes in stock alone, so that what comes next follows from a source of its own. */
export function drawAfresh(): void {
  used = stock.length;
}

function randomByte(): number {
  if (used === stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  return stock[used++] ?? 0;
}

/** Every character is as likely as any other: bytes that would favour some are left out. */
function randomText(length: number, alphabet = ALPHABET): string {
  const usable = 256 - (256 % alphabet.length);
  const codes: number[] = [];
  while (codes.length < length) {
    const byte = randomByte();
    if (byte < usable) {
      codes.push(alphabet.charCodeAt(byte % alphabet.length));
    }
  }
  return String.fromCharCode(...codes);
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
