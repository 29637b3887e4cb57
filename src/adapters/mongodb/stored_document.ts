/**
 * A document from the database, whoever wrote it. Every method checks a field as it reads it and
 * throws a `TypeError` that names the place of a bad one.
 */
export class StoredDocument {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #place: string;

  /** @param place the document's name in errors, as in `billing_accounts "clacme0001"` */
  constructor(value: unknown, place: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new TypeError(`Cannot decode ${place}: it is not an object`);
    }
    this.#fields = value as Readonly<Record<string, unknown>>;
    this.#place = place;
  }

  /** A string. */
  text(name: string): string {
    const value = this.#field(name);
    return typeof value === "string" ? value : this.#fail(name, "a text");
  }

  /** A string, or `null` if absent. */
  textOrNull(name: string): string | null {
    return this.#isMissing(name) ? null : this.text(name);
  }

  /** An array of strings. */
  texts(name: string): string[] {
    const value = this.#field(name);
    const list: unknown[] = Array.isArray(value) ? value : this.#fail(name, "a list");
    return list.map((text) => (typeof text === "string" ? text : this.#fail(name, "texts")));
  }

  /** An array of strings, or `null` if absent. */
  textsOrNull(name: string): string[] | null {
    return this.#isMissing(name) ? null : this.texts(name);
  }

  /** One of the given strings. */
  oneOf<T extends string>(name: string, values: readonly T[]): T {
    const value = this.#field(name);
    const found = values.find((candidate) => candidate === value);
    return found ?? this.#fail(name, `one of ${values.join(", ")}`);
  }

  /** One of the given strings, or `null` if absent. */
  oneOfOrNull<T extends string>(name: string, values: readonly T[]): T | null {
    return this.#isMissing(name) ? null : this.oneOf(name, values);
  }

  /** A safe integer. */
  integer(name: string): number {
    const value = this.#field(name);
    return Number.isSafeInteger(value) ? (value as number) : this.#fail(name, "a whole number");
  }

  /** A safe integer, or `null` if absent. */
  integerOrNull(name: string): number | null {
    return this.#isMissing(name) ? null : this.integer(name);
  }

  /** A boolean. */
  flag(name: string): boolean {
    const value = this.#field(name);
    return typeof value === "boolean" ? value : this.#fail(name, "true or false");
  }

  /** A boolean, or `null` if absent. */
  flagOrNull(name: string): boolean | null {
    return this.#isMissing(name) ? null : this.flag(name);
  }

  /** A boolean; false if absent. */
  flagOrFalse(name: string): boolean {
    return this.#isMissing(name) ? false : this.flag(name);
  }

  /** A valid date. */
  instant(name: string): Date {
    const value = this.#field(name);
    return value instanceof Date && !Number.isNaN(value.getTime())
      ? value
      : this.#fail(name, "a date");
  }

  /** A valid date, or `null` if absent. */
  instantOrNull(name: string): Date | null {
    return this.#isMissing(name) ? null : this.instant(name);
  }

  /** A string, number or boolean, or `null` if absent. */
  plainOrNull(name: string): string | number | boolean | null {
    const value = this.#field(name) ?? null;
    const plain = typeof value === "string" || typeof value === "number";
    return plain || typeof value === "boolean" || value === null
      ? value
      : this.#fail(name, "a value without parts");
  }

  /** An embedded document, decoded. */
  part<T>(name: string, decode: (part: StoredDocument) => T): T {
    return decode(new StoredDocument(this.#field(name), `"${name}" of ${this.#place}`));
  }

  /** An embedded document, decoded, or `null` if absent. */
  partOrNull<T>(name: string, decode: (part: StoredDocument) => T): T | null {
    return this.#isMissing(name) ? null : this.part(name, decode);
  }

  /** An array of embedded documents, each decoded. */
  parts<T>(name: string, decode: (part: StoredDocument) => T): T[] {
    const value = this.#field(name);
    const list: unknown[] = Array.isArray(value) ? value : this.#fail(name, "a list");
    return list.map((part, index) =>
      decode(new StoredDocument(part, `"${name}" ${index} of ${this.#place}`)),
    );
  }

  /**
   * An array of embedded documents, each decoded; empty if absent, because earlier releases did not
   * store it.
   */
  partsOrNone<T>(name: string, decode: (part: StoredDocument) => T): T[] {
    return this.#isMissing(name) ? [] : this.parts(name, decode);
  }

  #field(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  #isMissing(name: string): boolean {
    return (this.#field(name) ?? null) === null;
  }

  #fail(name: string, expected: string): never {
    throw new TypeError(`Cannot decode ${this.#place}: "${name}" is not ${expected}`);
  }
}
