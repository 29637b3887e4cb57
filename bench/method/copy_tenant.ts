import { copyFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { reachDisk } from "./reach_disk.ts";

const TEMPLATE = "clbench0";

/**
 * Copies a database that knows one tenant, and in it all rows of the tenant, until there are so
 * many tenants. Seals and hashes stay the template's: ledgers made so can be spent from, but do not
 * verify.
 */
export function copyTenant(
  template: string,
  { path, tenants }: { path: string; tenants: number },
): void {
  copyFileSync(template, path);
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = wal; PRAGMA synchronous = OFF; BEGIN");
  const tables = database
    .prepare(
      `SELECT m.name AS name FROM sqlite_schema m, pragma_table_info(m.name) c
        WHERE m.type = 'table' AND c.name IN ('tenant_id', 'customer_id') GROUP BY m.name`,
    )
    .all();
  for (const { name } of tables) {
    const columns = database
      .prepare("SELECT name FROM pragma_table_info(?)")
      .all(String(name))
      .map((column) => String(column.name));
    database
      .prepare(
        `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
          INSERT INTO ${name} (${columns.join(", ")})
          SELECT ${columns.map((column) => copyOf(String(name), column)).join(", ")}
          FROM (SELECT * FROM ${name} ${columns.includes("tenant_id") ? "WHERE tenant_id = ?" : ""}),
            numbers`,
      )
      .run(tenants - 1, ...(columns.includes("tenant_id") ? [TEMPLATE] : []));
  }
  database.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
  reachDisk(path);
}

function copyOf(table: string, column: string): string {
  switch (column) {
    case "tenant_id":
      return "'clbench' || n";
    case "customer_id":
      return "'cus_' || n";
    case "id":
      return table === "events" || table === "attention_items" ? "id || '_' || n" : column;
    default:
      return column;
  }
}
