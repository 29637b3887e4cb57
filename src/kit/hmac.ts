import { createHmac, createSecretKey } from "node:crypto";

/** Makes what computes HMAC-SHA-256 of texts with a secret, hexadecimal. */
export function hmacSha256(secret: string): (text: string) => string {
  const key = createSecretKey(secret, "utf8");
  return (text) => createHmac("sha256", key).update(text).digest("hex");
}
