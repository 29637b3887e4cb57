/** A secret key that seals ledger entries. */
export interface LedgerKey {
  /** Its name, which entries carry. */
  readonly id: string;
  /** HMAC-SHA-256 of a text, hexadecimal. */
  readonly sign: (text: string) => Promise<string>;
}

/** The keys of an installation. */
export interface LedgerKeys {
  /** Seals new entries; `null` where there are no keys and hashes need none. */
  readonly sealing: LedgerKey | null;
  /** All keys that entries may have been sealed with, by id. */
  readonly byId: ReadonlyMap<string, LedgerKey>;
}

/** Without keys, entries are chained by plain hashes. */
export const NO_LEDGER_KEYS: LedgerKeys = { sealing: null, byId: new Map() };

const FORM = /^([\w.-]{1,32}):(\P{Cc}{32,})$/u;

/** Tells whether a text is `id:secret` with a secret of at least 32 characters. */
export function isLedgerKey(text: string): boolean {
  return FORM.test(text);
}

/**
 * Reads keys from texts like `2026:secret`. The first one seals, all of them verify.
 *
 * @throws {TypeError} when a text is not `id:secret`, or two have one id; it shows no secret
 */
export function ledgerKeys(texts: readonly string[]): LedgerKeys {
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
  return { sealing: keys[0] ?? null, byId };
}

/** SHA-256 of a text, hexadecimal. */
export async function sha256(text: string): Promise<string> {
  return hexadecimal(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

function hmac(secret: string): LedgerKey["sign"] {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const bytes = new TextEncoder().encode(secret);
  let imported: ReturnType<typeof crypto.subtle.importKey> | undefined;
  return async (text) => {
    imported ??= crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
    const key = await imported;
    return hexadecimal(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)));
  };
}

function hexadecimal(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
