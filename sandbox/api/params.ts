import { invalidRequest } from "../engine/request_error.ts";
import { type FormHash, type FormValue, isHash } from "./form.ts";

/** Reads one parameter; `undefined` is a parameter that was not sent. */
export type Param<T> = (value: FormValue | undefined, name: string) => T;

/** The parameters of a hash, by name. */
export type Shape = Record<string, Param<unknown>>;

/** What a shape reads. */
export type Read<S extends Shape> = { [Name in keyof S]: ReturnType<S[Name]> };

/** The shape of a request in which only names that Stripe knows may stand. */
export type ShapeOf<StripeParams> = { [Name in keyof StripeParams]?: Param<unknown> };

/** A change of metadata: null clears all of it, an empty value removes its key. */
export type MetadataChange = Record<string, string> | null;

/** Text that is not empty, of at most 5,000 characters. */
export const text: Param<string | undefined> = upTo(5000);

/** An e-mail address. */
export const email: Param<string | undefined> = (value, name) => {
  const address = upTo(512)(value, name);
  if (address !== undefined && !/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(address)) {
    throw invalidRequest(`Invalid email address: ${address}`, name, "email_invalid");
  }
  return address;
};

/** Text that is not empty, of at most so many characters. */
export function upTo(most: number): Param<string | undefined> {
  return optional((value, name) => {
    const read = notEmpty(value, name);
    if (read.length > most) {
      throw invalidRequest(
        `Invalid string: ${read.slice(0, 10)}...${read.slice(-10)}; must be at most ${most} ` +
          "characters",
        name,
        "parameter_invalid_string_too_long",
      );
    }
    return read;
  });
}

function notEmpty(value: FormValue, name: string): string {
  if (typeof value !== "string") {
    throw invalidRequest(`Invalid string: ${name}`, name);
  }
  if (value === "") {
    throw invalidRequest(
      `You passed an empty string for '${name}'. We assume empty values are an attempt to unset ` +
        `a parameter; however '${name}' cannot be unset.`,
      name,
      "parameter_invalid_empty",
    );
  }
  return value;
}

/** A whole number. */
export const integer: Param<number | undefined> = optional((value, name) => {
  if (typeof value !== "string" || !/^-?\d{1,15}$/.test(value)) {
    throw invalidRequest(`Invalid integer: ${String(value)}`, name, "parameter_invalid_integer");
  }
  return Number(value);
});

/** `true` or `false`. */
export const flag: Param<boolean | undefined> = optional((value, name) => {
  if (value !== "true" && value !== "false") {
    throw invalidRequest(`Invalid boolean: ${String(value)}`, name);
  }
  return value === "true";
});

/** An absolute http or https address. */
export const url: Param<string | undefined> = (value, name) => {
  const address = text(value, name);
  if (address !== undefined && !/^https?:$/.test(URL.parse(address)?.protocol ?? "")) {
    throw invalidRequest("Not a valid URL", name, "url_invalid");
  }
  return address;
};

/** One of the given words. */
export function oneOf<const W extends string>(...words: W[]): Param<W | undefined> {
  return optional((value, name) => {
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) {
      throw invalidRequest(`Invalid ${name}: must be one of ${words.join(", ")}`, name);
    }
    return word;
  });
}

/** A whole number of at least `least` and at most `most`. */
export function between(least: number, most: number): Param<number | undefined> {
  return (value, name) => {
    const number = integer(value, name);
    if (number !== undefined && (number < least || number > most)) {
      throw invalidRequest(`Invalid ${name}: must be from ${least} to ${most}`, name);
    }
    return number;
  };
}

/** A value that empty text sets to null. */
export function clearable<T>(param: Param<T>): Param<T | null> {
  return (value, name) => (value === "" ? null : param(value, name));
}

/** A value that must be sent. */
export function required<T>(param: Param<T | undefined>): Param<T> {
  return (value, name) => {
    const result = param(value, name);
    if (result === undefined) {
      throw invalidRequest(`Missing required param: ${name}.`, name, "parameter_missing");
    }
    return result;
  };
}

/** A list of up to `most` values; empty text is an empty list. */
export function list<T>(element: Param<T | undefined>, most = 100): Param<T[] | undefined> {
  return optional((value, name) => {
    const elements = value === "" ? [] : value;
    if (!Array.isArray(elements)) {
      throw invalidRequest(`Invalid array: ${name}`, name);
    }
    if (elements.length > most) {
      throw invalidRequest(`Invalid ${name}: at most ${most} values`, name);
    }
    return elements.map((entry, index) => required(element)(entry, `${name}[${index}]`));
  });
}

/** A hash with exactly the parameters of `shape`. */
export function hash<S extends Shape>(shape: S): Param<Read<S> | undefined> {
  return optional((value, name) => {
    if (!isHash(value)) {
      throw invalidRequest(`Invalid hash: ${name}`, name);
    }
    return readShape(shape, value, name);
  });
}

/** Metadata: up to 50 keys of 40 characters with values of 500. */
export const metadata: Param<MetadataChange | undefined> = optional((value, name) => {
  if (value === "") {
    return null;
  }
  const pairs = Array.isArray(value) ? { ...value } : value;
  if (typeof pairs === "string" || Object.keys(pairs).length > 50) {
    throw invalidRequest(`Invalid ${name}: must be a hash of at most 50 keys`, name);
  }
  const change: Record<string, string> = Object.create(null);
  for (const [key, entry] of Object.entries(pairs)) {
    if (typeof entry !== "string" || entry.length > 500 || key.length > 40) {
      throw invalidRequest(
        `Invalid ${name}: keys have at most 40 characters, values at most 500`,
        `${name}[${key}]`,
      );
    }
    change[key] = entry;
  }
  return change;
});

/** `current` with a change applied. */
export function mergeMetadata(
  current: Record<string, string>,
  change: MetadataChange | undefined,
): Record<string, string> {
  const merged = { ...(change === null ? {} : current), ...change };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ""));
}

/** The fields that were sent. */
export function given<T extends object>(
  fields: T,
): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const sent: { [Name in keyof T]?: Exclude<T[Name], undefined> } = {};
  return Object.assign(
    sent,
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
  );
}

/**
 * Reads exactly the parameters of `shape` from a hash.
 * @throws {RequestError} `parameter_unknown`, `parameter_missing` or what a parameter says
 */
export function readShape<S extends Shape>(shape: S, values: FormHash, prefix = ""): Read<S> {
  const nameOf = (key: string) => (prefix === "" ? key : `${prefix}[${key}]`);
  const unknown = Object.keys(values).filter((key) => !Object.hasOwn(shape, key));
  if (unknown[0] !== undefined) {
    throw invalidRequest(
      `Received unknown parameter${unknown.length > 1 ? "s" : ""}: ` +
        `${unknown.map(nameOf).join(", ")}. The sandbox takes: ${Object.keys(shape).join(", ")}.`,
      nameOf(unknown[0]),
      "parameter_unknown",
    );
  }
  const entries = Object.entries(shape).map(([key, param]) => [
    key,
    param(values[key], nameOf(key)),
  ]);
  return Object.fromEntries(entries);
}

function optional<T>(read: (value: FormValue, name: string) => T): Param<T | undefined> {
  return (value, name) => (value === undefined ? undefined : read(value, name));
}
