/** A deep copy of plain data, several times as fast as `structuredClone`. */
export function copyOf<T>(value: T): T {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(copyOf) as T;
  }
  const copy: Record<string, unknown> = {};
  for (const key in value) {
    copy[key] = copyOf(value[key]);
  }
  return copy as T;
}
