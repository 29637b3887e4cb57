/** A statement whose parameters are bound by their place. */
export interface ByPlace {
  readonly sql: string;
  /** The name of the parameter in each place. */
  readonly names: readonly string[];
}

const TEXT_OR_NAME = /'[^']*'|:(\w+)/g;

/**
 * Replaces the named parameters of a statement, such as `:tenantId`, by places: SQLite looks each
 * name up among all of them, again with each call, which takes a third of a long statement's time.
 */
export function byPlace(sql: string): ByPlace {
  const names: string[] = [];
  const placed = sql.replace(TEXT_OR_NAME, (found, name?: string) => {
    if (name === undefined) {
      return found;
    }
    names.push(name);
    return "?";
  });
  return { sql: placed, names };
}
