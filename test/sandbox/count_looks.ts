import type { Table } from "../../sandbox/state/table.ts";

/** Tells of every object of a table that somebody looks at. */
export function countLooks<V>(table: Table<V>, count: (by: number) => void): void {
  const { get, values } = table;
  table.get = (id) => {
    count(1);
    return get.call(table, id);
  };
  table.values = () => {
    count(table.size);
    return values.call(table);
  };
}
