import { createHash } from "node:crypto";

const SENDABLE = /^[\x20-\x7e]{1,255}$/;

/**
 * Returns a key that can stand in an HTTP header: printable ASCII of at most 255 characters.
 * Replaces any other key, such as one that contains a tenant's id in another script, by its
 * SHA-256.
 */
export function sendableKey(key: string): string {
  return SENDABLE.test(key) ? key : createHash("sha256").update(key).digest("hex");
}
