/** Collects schemas that have a title, so that a document says each of them once. */
export class NamedSchemas {
  readonly #all: Record<string, unknown> = {};

  /** Every schema that was referred to, by title. */
  get all(): Readonly<Record<string, unknown>> {
    return this.#all;
  }

  /**
   * A schema in plain JSON, with references to those with a title, itself among them.
   *
   * @throws {TypeError} when two different schemas have one title
   */
  referTo(schema: unknown): unknown {
    if (Array.isArray(schema)) {
      return schema.map((part) => this.referTo(part));
    }
    if (typeof schema !== "object" || schema === null) {
      return schema;
    }
    const plain = Object.fromEntries(
      Object.entries(schema).map(([name, part]) => [name, this.referTo(part)]),
    );
    const { title } = plain;
    if (typeof title !== "string") {
      return plain;
    }
    const known = this.#all[title];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(plain)) {
      throw new TypeError(`Cannot describe the API: two schemas have the title "${title}"`);
    }
    this.#all[title] = plain;
    return { $ref: `#/components/schemas/${title}` };
  }
}
