import { createHmac } from "node:crypto";

/** Makes what computes HMAC-SHA-256 of texts with a secret, hexadecimal. */
export function hmacSha256(secret: string): (text: string) => string {
  return (text) => createHmac("sha256", secret).update(text).digest("hex");
}
