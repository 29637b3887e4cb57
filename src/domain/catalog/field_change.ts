/** A value without parts; instants are ISO 8601 in UTC. */
export type PlainValue = string | number | boolean | null;

/** What becomes of one field. */
export interface FieldChange {
  /** The way to it, as in `subscription.status` or `settled.period.end`. */
  readonly field: string;
  /** `null` where there was none. */
  readonly before: PlainValue;
  /** `null` where there is none any more. */
  readonly after: PlainValue;
}

/** The fields in which two objects differ, in the order of their names. */
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
