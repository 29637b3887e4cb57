/** A refusal of the control API: `{"error": message}` with this status. */
export class ControlError extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.name = "ControlError";
    this.status = status;
  }
}

/** Reads one field of a JSON body; `undefined` is a field that is not there. */
export type Field<T> = (value: unknown, name: string) => T;

type Fields = Record<string, Field<unknown>>;

/**
 * Reads exactly these fields from a JSON body; no body is an empty one.
 * @throws {ControlError} for unknown fields and bad values
 */
export function readBody<F extends Fields>(
  fields: F,
  body: unknown,
): { [Name in keyof F]: ReturnType<F[Name]> } {
  const values = body ?? {};
  if (typeof values !== "object" || Array.isArray(values)) {
    throw new ControlError("The body must be a JSON object");
  }
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) {
    throw new ControlError(
      `Unknown field "${unknown}"; known are ${Object.keys(fields).join(", ") || "none"}`,
    );
  }
  const sent = new Map<string, unknown>(Object.entries(values));
  const read = Object.entries(fields).map(([name, field]) => [name, field(sent.get(name), name)]);
  return Object.fromEntries(read);
}

/** A number that `accepts`; `expected` says which ones do. */
export function number(
  accepts: (value: number) => boolean,
  expected: string,
): Field<number | undefined> {
  return (value, name) => {
    if (value !== undefined && (typeof value !== "number" || !accepts(value))) {
      throw new ControlError(`Bad "${name}": expected ${expected}`);
    }
    return value;
  };
}

/** `true` or `false`. */
export const flag: Field<boolean | undefined> = (value, name) => {
  if (value !== undefined && typeof value !== "boolean") {
    throw new ControlError(`Bad "${name}": expected true or false`);
  }
  return value;
};

/** Text. */
export const text: Field<string | undefined> = (value, name) => {
  if (value !== undefined && typeof value !== "string") {
    throw new ControlError(`Bad "${name}": expected text`);
  }
  return value;
};
