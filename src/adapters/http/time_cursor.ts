import { HttpError } from "./http_error.ts";

/** A place in a list by time, newest first. */
export interface TimeCursor {
  readonly at: Date;
  /** Tells entries of one instant apart. */
  readonly id: string;
}

/** The opaque text for a place in a list. */
export function cursorText({ at, id }: TimeCursor): string {
  return Buffer.from(JSON.stringify([at.getTime(), id])).toString("base64url");
}

/**
 * The place that a query's `cursor` stands for; `undefined` where it has none.
 *
 * @throws {HttpError} 400 if it is not one of our cursors
 */
export function cursorOf(text: string | undefined): TimeCursor | undefined {
  if (text === undefined) {
    return undefined;
  }
  const cursor = parse(text);
  if (cursor === undefined) {
    const message = "cursor must be the nextCursor of the page before: begin without one";
    throw new HttpError(400, {
      code: "invalid_query",
      message: `The query is not valid: ${message}`,
      details: [{ field: "cursor", message }],
    });
  }
  return cursor;
}

function parse(text: string): TimeCursor | undefined {
  try {
    const [ms, id, ...more]: unknown[] = JSON.parse(Buffer.from(text, "base64url").toString());
    const at = new Date(typeof ms === "number" ? ms : Number.NaN);
    const sound = !Number.isNaN(at.getTime()) && typeof id === "string" && id.isWellFormed();
    return sound && more.length === 0 ? { at, id } : undefined;
  } catch {
    return undefined;
  }
}
