import { createHmac } from "node:crypto";

/**
 * Returns the header that signs a body: `t=<seconds>,v1=<HMAC-SHA-256 of "t.body">`, with a `v1`
 * for each secret.
 */
export function webhookSignature(body: string, secrets: readonly string[], now: Date): string {
  const seconds = Math.floor(+now / 1_000);
  const signatures = secrets.map((secret) => `v1=${signed(`${seconds}.${body}`, secret)}`);
  return [`t=${seconds}`, ...signatures].join(",");
}

function signed(text: string, secret: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}
