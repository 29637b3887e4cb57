/** A secret key that seals ledger entries. */
export interface LedgerKey {
  /** Its name, which entries carry. */
  readonly id: string;
  /** HMAC-SHA-256 of a text, hexadecimal. */
  readonly sign: (text: string) => string;
}

/** The keys of an installation. */
export interface LedgerKeys {
  /** Seals new entries; `null` where there are no keys and hashes need none. */
  readonly sealing: LedgerKey | null;
  /** All keys that entries may have been sealed with, by id. */
  readonly byId: ReadonlyMap<string, LedgerKey>;
  /** Hashes entries that no key seals. */
  readonly digest: Digest;
}

/** SHA-256 of a text, hexadecimal. */
export type Digest = (text: string) => string | Promise<string>;

/** Without keys, entries are chained by plain hashes. */
export const NO_LEDGER_KEYS: LedgerKeys = { sealing: null, byId: new Map(), digest: sha256 };

const FORM = /^([\w.-]{1,32}):(\P{Cc}{32,})$/u;

/** Tells whether a text is `id:secret` with a secret of at least 32 characters. */
export function isLedgerKey(text: string): boolean {
  return FORM.test(text);
}

/**
 * Reads keys from texts like `2026:secret`. The first one seals, all of them verify.
 *
 * @param hmac computes HMAC-SHA-256 of texts with a secret, hexadecimal
 * @param digest default: the one of the Web's standards, which answers from another thread
 * @throws {TypeError} when a text is not `id:secret`, or two have one id; it shows no secret
 */
export function ledgerKeys(
  texts: readonly string[],
  hmac: (secret: string) => LedgerKey["sign"],
  digest: Digest = sha256,
): LedgerKeys {
  const keys = texts.map((text, index) => {
    const [, id, secret] = FORM.exec(text) ?? [];
    if (id === undefined || secret === undefined) {
      throw new TypeError(`Cannot use ledger key ${index + 1}: it is not id:secret`);
    }
    return { id, sign: hmac(secret) };
  });
  const byId = new Map(keys.map((key) => [key.id, key]));
  if (byId.size < keys.length) {
    throw new TypeError("Cannot use the ledger keys: two have the same id");
  }
  return { sealing: keys[0] ?? null, byId, digest };
}

/** SHA-256 of a text, hexadecimal. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
