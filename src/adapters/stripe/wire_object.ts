import { PortError } from "../../application/ports/port_error.ts";

/** The last second that a `Date` can hold. */
const MAX_DATE_SECONDS = 8_640_000_000_000;

/**
 * A JSON object from Stripe, read field by field. A missing or mistyped field throws a permanent
 * `PortError` that names it. Methods ending in `OrNull` return `null` for a missing field, `null`
 * and an empty string.
 */
export class WireObject {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #owner: string;
  readonly #path: string;

  /**
   * @param owner the surrounding object, for messages: `invoice "in_..."`
   * @param path the path of this object within the owner, ending in a dot; empty for the owner
   * itself
   */
  constructor(value: unknown, owner: string, path = "") {
    this.#owner = owner;
    this.#path = path;
    if (!isObject(value)) {
      throw this.#unreadable(path.slice(0, -1) || "it", "is not an object");
    }
    this.#fields = value;
  }

  /** A string that is not empty. */
  text(name: string): string {
    return this.textOrNull(name) ?? this.#missing(name);
  }

  textOrNull(name: string): string | null {
    const value = this.#fields[name] ?? "";
    if (typeof value !== "string") {
      throw this.#unreadable(this.#path + name, "is not a text");
    }
    return value === "" ? null : value;
  }

  /** The id in a field that holds either an id or the expanded object. */
  id(name: string): string {
    return this.idOrNull(name) ?? this.#missing(name);
  }

  idOrNull(name: string): string | null {
    const value = this.#fields[name];
    return typeof value === "object" && value !== null
      ? new WireObject(value, this.#owner, `${this.#path}${name}.`).text("id")
      : this.textOrNull(name);
  }

  /** A whole number. */
  integer(name: string): number {
    return this.integerOrNull(name) ?? this.#missing(name);
  }

  integerOrNull(name: string): number | null {
    const value = this.#fields[name] ?? null;
    if (value !== null && !Number.isSafeInteger(value)) {
      throw this.#unreadable(this.#path + name, "is not a whole number");
    }
    return typeof value === "number" ? value : null;
  }

  /** A number that need not be whole, such as a percentage. */
  numberOrNull(name: string): number | null {
    const value = this.#fields[name] ?? null;
    if (value !== null && !Number.isFinite(value)) {
      throw this.#unreadable(this.#path + name, "is not a number");
    }
    return typeof value === "number" ? value : null;
  }

  /** Whether a field is exactly `true`. */
  flag(name: string): boolean {
    return this.#fields[name] === true;
  }

  /** A date, from Unix seconds. Zero is unreadable: nothing in billing dates from 1970 (P11). */
  date(name: string): Date {
    return this.dateOrNull(name) ?? this.#missing(name);
  }

  dateOrNull(name: string): Date | null {
    const seconds = this.integerOrNull(name);
    if (seconds === null) {
      return null;
    }
    if (seconds <= 0 || seconds > MAX_DATE_SECONDS) {
      throw this.#unreadable(this.#path + name, "is not a time");
    }
    return new Date(seconds * 1000);
  }

  /** A nested object. */
  child(name: string): WireObject {
    return this.childOrNull(name) ?? this.#missing(name);
  }

  /** A nested object; `null` if there is none or only its id. */
  childOrNull(name: string): WireObject | null {
    const value = this.#fields[name] ?? null;
    return value === null || typeof value === "string"
      ? null
      : new WireObject(value, this.#owner, `${this.#path}${name}.`);
  }

  /** The objects of an array. */
  objects(name: string): WireObject[] {
    const value = this.#fields[name];
    if (!Array.isArray(value)) {
      throw this.#unreadable(this.#path + name, "is not an array");
    }
    return value.map(
      (item, index) => new WireObject(item, this.#owner, `${this.#path}${name}[${index}].`),
    );
  }

  /** The objects of an array; an empty array if the field is no array. */
  objectsOrNone(name: string): WireObject[] {
    return Array.isArray(this.#fields[name]) ? this.objects(name) : [];
  }

  /** The expanded objects of an array; leaves out those that are only ids. */
  expanded(name: string): WireObject[] {
    const value = this.#fields[name];
    return Array.isArray(value)
      ? value.flatMap((item, index) =>
          typeof item === "string"
            ? []
            : new WireObject(item, this.#owner, `${this.#path}${name}[${index}].`),
        )
      : [];
  }

  /** The strings of an array; leaves out anything else. */
  texts(name: string): string[] {
    const value = this.#fields[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  }

  /** The same object under another name in messages. */
  named(owner: string): WireObject {
    return new WireObject(this.#fields, owner);
  }

  /** The object as JSON. */
  json(): string {
    return JSON.stringify(this.#fields);
  }

  /** Creates an error about the object as a whole. */
  contradiction(state: string): PortError {
    return new PortError(`Cannot read ${this.#owner}: ${state}`, { transient: false });
  }

  #missing(name: string): never {
    throw this.#unreadable(this.#path + name, "is missing");
  }

  #unreadable(field: string, state: string): PortError {
    return this.contradiction(`${field} ${state}`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
