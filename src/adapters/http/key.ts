import { isKey, KEY_PATTERN, KEY_RULE } from "../../domain/text.ts";
import { HttpError } from "./http_error.ts";

/** A name that a caller gives to what it asks for (P46). */
export const KEY_SCHEMA = { type: "string", pattern: KEY_PATTERN, description: KEY_RULE } as const;

/**
 * The key in the path of a request.
 *
 * @throws {HttpError} 400 when it can be none
 */
export function keyIn({ key = "" }: Readonly<Record<string, string>>): string {
  if (!isKey(key)) {
    const message = `key must be ${KEY_RULE}`;
    throw new HttpError(400, {
      code: "invalid_path",
      message: `The path is not valid: ${message}`,
      details: [{ field: "key", message }],
    });
  }
  return key;
}
