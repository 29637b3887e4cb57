import { Recent } from "../../application/recent.ts";
import type { UsageMonths } from "../../domain/quota/usage_months.ts";
import type { AccountChange } from "../../domain/subscription/account_change.ts";
import type { Period } from "../../domain/subscription/billing_period.ts";
import type { MonthlyGrant, TokenHold } from "../../domain/tokens/token_ledger.ts";

/** A value as stored in JSON: dates are integer milliseconds since 1970 in UTC. */
export type Stored<T> = T extends Date
  ? number
  : T extends readonly (infer Element)[]
    ? readonly Stored<Element>[]
    : T extends object
      ? { readonly [Key in keyof T]: Stored<T[Key]> }
      : T;

/**
 * Encodes a date as milliseconds since 1970 in UTC.
 *
 * @throws {TypeError} for an invalid date, which must never be stored (P11)
 */
export function encodeInstant(instant: Date): number {
  const ms = instant.getTime();
  if (Number.isNaN(ms)) {
    throw new TypeError("Cannot store an instant: it is an invalid date");
  }
  return ms;
}

/** Encodes a value as JSON; `null` stays `null`. What was decoded lately is its text again. */
export function encodeJson<T extends object>(value: T | null): string | null {
  return value === null ? null : (texts.get(value) ?? JSON.stringify(stored(value)));
}

/** Texts that each function has decoded lately, and what they say. */
const decoded = new Map<unknown, Recent<string, object>>();
const texts = new WeakMap<object, string>();
const MOST_DECODED = 250;
/** Longer texts are not kept. Characters. */
const LONGEST_DECODED = 8_192;

/**
 * Decodes the text from `encodeJson`; `decode` turns its numbers back into dates. The same text is
 * decoded once: what one tenant's rows say is read again and again, and nobody changes it.
 *
 * @param decode a function that is made once
 */
export function readJson<T extends object>(text: string, decode: (value: Stored<T>) => T): T {
  const lately = decoded.get(decode) ?? new Recent<string, object>(MOST_DECODED);
  const known = lately.get(text);
  if (known !== undefined) {
    return known as T;
  }
  const value = decode(JSON.parse(text));
  if (text.length <= LONGEST_DECODED) {
    lately.set(text, value);
    texts.set(value, text);
    decoded.set(decode, lately);
  }
  return value;
}

/** Does what `readJson` does; `null` stays `null`. */
export function decodeJson<T extends object>(
  text: string | null,
  decode: (value: Stored<T>) => T,
): T | null {
  return text === null ? null : readJson(text, decode);
}

/** Decodes {@link AccountChange}. */
export function decodeChange(value: Stored<AccountChange>): AccountChange {
  return { ...value, at: new Date(value.at) };
}

/** Decodes {@link MonthlyGrant}. */
export function decodeGrant(value: Stored<MonthlyGrant>): MonthlyGrant {
  return { ...value, expiresAt: instantOf(value.expiresAt) };
}

/** Decodes {@link UsageMonths}. */
export function decodeMonths(value: Stored<UsageMonths>): UsageMonths {
  return {
    ...value,
    months: value.months.map((month) => ({
      ...month,
      start: instantOf(month.start),
      end: instantOf(month.end),
    })),
    since: instantOf(value.since),
  };
}

/** Decodes {@link TokenHold}. */
export function decodeHold(value: Stored<TokenHold>): TokenHold {
  return { ...value, expiresAt: instantOf(value.expiresAt) };
}

/**
 * Decodes a stored date.
 *
 * @throws {TypeError} for anything else
 */
export function instantOf(ms: number): Date {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) {
    throw new TypeError(`Cannot decode ${JSON.stringify(ms)}: it is no instant`);
  }
  return date;
}

/** Decodes a stored date that may be `null`. */
export function decodeInstant(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

/** Decodes {@link Period}. */
export function decodePeriod(value: Stored<Period>): Period {
  return { start: new Date(value.start), end: new Date(value.end) };
}

function stored(value: unknown): unknown {
  if (value instanceof Date) {
    return encodeInstant(value);
  }
  if (Array.isArray(value)) {
    return value.map(stored);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, stored(part)]));
  }
  return value;
}
