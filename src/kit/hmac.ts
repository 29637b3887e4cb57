import { createHmac, createSecretKey, hash } from "node:crypto";

/** Makes what computes HMAC-SHA-256 of texts with a secret, hexadecimal. */
export function hmacSha256(secret: string): (text: string) => string {
  const key = createSecretKey(secret, "utf8");
  return (text) => createHmac("sha256", key).update(text).digest("hex");
}

/** SHA-256 of a text, hexadecimal. */
export function sha256(text: string): string {
  return hash("sha256", text, "hex");
}
