import { createHash } from "node:crypto";

const SENDABLE = /^[\x20-\x7e]{1,255}$/;

/**
 * An idempotency key as Stripe takes it: printable ASCII of at most 255 characters, because it is
 * sent in a header. Another one, such as one with a tenant's id in it, is replaced by its SHA-256.
 */
export function sendableKey(key: string): string {
  return SENDABLE.test(key) ? key : createHash("sha256").update(key).digest("hex");
}
