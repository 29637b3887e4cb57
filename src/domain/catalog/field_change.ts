/** A single value; instants are ISO 8601 in UTC. */
export type PlainValue = string | number | boolean | null;

/** The change of one field. */
export interface FieldChange {
  /** The path to the field, as in `subscription.status` or `settled.period.end`. */
  readonly field: string;
  /** `null` if it had no value before. */
  readonly before: PlainValue;
  /** `null` if it has no value now. */
  readonly after: PlainValue;
}

/** Lists the fields in which two objects differ, sorted by name. */
export function fieldChanges(before: object, after: object): readonly FieldChange[] {
  const [old, fresh] = [new Map(leaves(before, "")), new Map(leaves(after, ""))];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .toSorted()
    .map((field) => ({
      field,
      before: old.get(field) ?? null,
      after: fresh.get(field) ?? null,
    }))
    .filter((change) => change.before !== change.after);
}

function* leaves(value: unknown, path: string): Generator<readonly [string, PlainValue]> {
  if (value instanceof Date) {
    yield [path, value.toISOString()];
  } else if (typeof value === "object" && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      yield* leaves(part, path === "" ? name : `${path}.${name}`);
    }
  } else if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    yield [path, value];
  }
}
