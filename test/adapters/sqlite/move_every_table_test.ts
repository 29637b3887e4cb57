import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { MoveStore } from "../../../src/application/installation/move_store.ts";
import { fillStore } from "../../application/installation/movable_content.ts";
import { temporaryFolder } from "../../rig/temporary_folder.ts";

/** Tables that a move leaves out, and why. */
const NOT_MOVED: Readonly<Record<string, string>> = {
  email_sends: "keys and blocks of e-mails are short-lived: what they counted stays counted",
  request_counts: "counts of requests live for a minute",
};

/** Tables that follow from others, and how. */
const DERIVED: Readonly<Record<string, string>> = {
  event_counts: "triggers count the events as they are restored",
  email_sends_walk: "the walk that forgets sends begins anew, where there are none",
};

/** What of a row moves as it is; `CompareStores` compares the months of e-mails by their meaning. */
function asMoved(table: string, row: Readonly<Record<string, unknown>>) {
  if (table === "email_usage") {
    return { tenantId: row.tenant_id };
  }
  if (table === "top_ups") {
    return { ...row, version: 1 };
  }
  if (table === "events" && row.state === "processing") {
    return { ...row, state: "received", due_at: row.received_at, lease_token: null };
  }
  return row;
}

function rowsByTable(path: string): ReadonlyMap<string, readonly Record<string, unknown>[]> {
  const database = new DatabaseSync(path, { readOnly: true });
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const rows = new Map(
    tables.map(({ name }) => [String(name), database.prepare(`SELECT * FROM ${name}`).all()]),
  );
  database.close();
  return rows;
}

describe("MoveStore over SQLite", () => {
  it("moves every row of every table as it is, or names the table", async () => {
    const folder = temporaryFolder();
    const [source, target] = [join(folder.path, "from.db"), join(folder.path, "to.db")];
    const [from, to] = [openSqliteStore(source), openSqliteStore(target)];
    await fillStore(from);
    await new MoveStore({ from, to }).execute({ onProgress: () => undefined });
    const [before, after] = [rowsByTable(source), rowsByTable(target)];
    expect(before.size).to.be.greaterThan(10);
    for (const [table, rows] of [...before].filter(([name]) => !(name in DERIVED))) {
      expect(rows, `${table} has content to move`).to.not.be.empty;
      const expected = table in NOT_MOVED ? [] : rows.map((row) => asMoved(table, row));
      const moved = (after.get(table) ?? []).map((row) => parsed(asMoved(table, row)));
      expect(moved, table).to.include.deep.members(expected.map(parsed));
      // Ledgers without a head get theirs.
      const made = table === "ledger_heads" ? 3 : 0;
      expect(moved, table).to.have.length(expected.length + made);
    }
    await Promise.all([from.close(), to.close()]);
    folder.remove();
  });
});

/** A row with its JSON as values, in which the order of fields is no difference. */
function parsed(row: Readonly<Record<string, unknown>>): object {
  const isJson = (value: unknown) => typeof value === "string" && /^[[{]/u.test(value);
  const fields = Object.entries(row).map(([name, value]) => [
    name,
    isJson(value) ? JSON.parse(String(value)) : value,
  ]);
  return Object.fromEntries(fields);
}
