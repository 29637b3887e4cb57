import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { byPlace } from "../../../../src/adapters/sqlite/connection/by_place.ts";
import { SqliteDatabase } from "../../../../src/adapters/sqlite/sqlite_database.ts";

describe("byPlace", () => {
  it("names the parameter of each place, however often it stands there", () => {
    const { sql, names } = byPlace("SELECT :a, :b WHERE :a IS NULL OR x = :tenantId");
    expect([sql, names]).to.deep.equal([
      "SELECT ?, ? WHERE ? IS NULL OR x = ?",
      ["a", "b", "a", "tenantId"],
    ]);
  });

  it("leaves texts alone, whatever stands in them", () => {
    const sql = "SELECT strftime('%H:%M:%S', 'it''s :no', ?), ':a' || :b";
    expect(byPlace(sql)).to.deep.equal({ sql: sql.replace(":b", "?"), names: ["b"] });
  });
});

describe("SqliteStatement", () => {
  const database = new SqliteDatabase(new DatabaseSync(":memory:"), { busyTimeoutMs: 10 });
  after(() => database.close());

  it("binds by name and reads by name", () => {
    const statement = database.prepare("SELECT :b AS b, :a AS a, :b || :a AS both, NULL AS none");
    expect(statement.all({ a: "one", b: "two" })).to.deep.equal([
      { b: "two", a: "one", both: "twoone", none: null },
    ]);
  });

  it("refuses to run without a parameter, which named ones would take for NULL", () => {
    const statement = database.prepare("SELECT :a AS a, :b AS b");
    expect(() => statement.all({ a: 1 })).to.throw(TypeError);
  });

  it("reads exact integers as they are", () => {
    const statement = database.prepareExact<{ big: bigint }>("SELECT :big AS big");
    expect(statement.first({ big: 2n ** 62n })?.big).to.equal(2n ** 62n);
  });
});
