/**
 * A document as it was found in the database, whoever wrote it. Its fields are checked when they
 * are read; every method throws `TypeError` that names the place of a field that is not as it
 * should be.
 */
export class StoredDocument {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #place: string;

  /** @param place what to call the document in errors, as in `billing_accounts "clacme0001"` */
  constructor(value: unknown, place: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new TypeError(`Cannot decode ${place}: it is not an object`);
    }
    this.#fields = value as Readonly<Record<string, unknown>>;
    this.#place = place;
  }

  /** A text. */
  text(name: string): string {
    const value = this.#field(name);
    return typeof value === "string" ? value : this.#fail(name, "a text");
  }

  /** A text, or `null` where there is none. */
  textOrNull(name: string): string | null {
    return this.#isMissing(name) ? null : this.text(name);
  }

  /** A list of texts. */
  texts(name: string): string[] {
    const value = this.#field(name);
    const list: unknown[] = Array.isArray(value) ? value : this.#fail(name, "a list");
    return list.map((text) => (typeof text === "string" ? text : this.#fail(name, "texts")));
  }

  /** A list of texts, or `null` where there is none. */
  textsOrNull(name: string): string[] | null {
    return this.#isMissing(name) ? null : this.texts(name);
  }

  /** One of some texts. */
  oneOf<T extends string>(name: string, values: readonly T[]): T {
    const value = this.#field(name);
    const found = values.find((candidate) => candidate === value);
    return found ?? this.#fail(name, `one of ${values.join(", ")}`);
  }

  /** One of some texts, or `null` where there is none. */
  oneOfOrNull<T extends string>(name: string, values: readonly T[]): T | null {
    return this.#isMissing(name) ? null : this.oneOf(name, values);
  }

  /** A whole number that is exact. */
  integer(name: string): number {
    const value = this.#field(name);
    return Number.isSafeInteger(value) ? (value as number) : this.#fail(name, "a whole number");
  }

  /** A whole number that is exact, or `null` where there is none. */
  integerOrNull(name: string): number | null {
    return this.#isMissing(name) ? null : this.integer(name);
  }

  /** True or false. */
  flag(name: string): boolean {
    const value = this.#field(name);
    return typeof value === "boolean" ? value : this.#fail(name, "true or false");
  }

  /** True or false; false where there is none. */
  flagOrFalse(name: string): boolean {
    return this.#isMissing(name) ? false : this.flag(name);
  }

  /** An instant. */
  instant(name: string): Date {
    const value = this.#field(name);
    return value instanceof Date && !Number.isNaN(value.getTime())
      ? value
      : this.#fail(name, "a date");
  }

  /** An instant, or `null` where there is none. */
  instantOrNull(name: string): Date | null {
    return this.#isMissing(name) ? null : this.instant(name);
  }

  /** A text, a number, true or false, or `null` where there is none. */
  plainOrNull(name: string): string | number | boolean | null {
    const value = this.#field(name) ?? null;
    const plain = typeof value === "string" || typeof value === "number";
    return plain || typeof value === "boolean" || value === null
      ? value
      : this.#fail(name, "a value without parts");
  }

  /** What `decode` makes of an embedded document. */
  part<T>(name: string, decode: (part: StoredDocument) => T): T {
    return decode(new StoredDocument(this.#field(name), `"${name}" of ${this.#place}`));
  }

  /** What `decode` makes of an embedded document, or `null` where there is none. */
  partOrNull<T>(name: string, decode: (part: StoredDocument) => T): T | null {
    return this.#isMissing(name) ? null : this.part(name, decode);
  }

  /** What `decode` makes of each embedded document of a list. */
  parts<T>(name: string, decode: (part: StoredDocument) => T): T[] {
    const value = this.#field(name);
    const list: unknown[] = Array.isArray(value) ? value : this.#fail(name, "a list");
    return list.map((part, index) =>
      decode(new StoredDocument(part, `"${name}" ${index} of ${this.#place}`)),
    );
  }

  /** The same, and none where there is no list: older releases did not keep it. */
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
