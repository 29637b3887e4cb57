/**
 * Copies a value for storing, without anything that the database would silently change.
 *
 * @throws {TypeError} for an invalid date, which would become 1970 (P11), and for a number that is
 *   not finite
 */
export function storedValue<T>(value: T): T {
  return copy(value) as T;
}

/**
 * Returns a string for use in a query.
 *
 * @throws {TypeError} for anything else: an object would act as a condition and match other
 *   documents
 */
export function exactText(value: string): string {
  if (typeof value !== "string") {
    throw new TypeError("Cannot search: the value to search for is not a text");
  }
  return value;
}

function copy(value: unknown): unknown {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) {
      throw new TypeError("Cannot store an instant: it is an invalid date");
    }
    return value;
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new TypeError("Cannot store a number: it is not finite");
  }
  if (Array.isArray(value)) {
    return value.map(copy);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copy(part)]));
  }
  return value;
}
