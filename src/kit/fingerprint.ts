import { createHash } from "node:crypto";

/** Stands for a text of any length: 22 characters, the same for the same text. */
export function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}
