import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { describeOddText } from "../../contracts/odd_text_contract.ts";
import { useFresh } from "../../rig/use_fresh.ts";

describe("P46 Odd texts in SQLite", () => {
  const opened = useFresh(() => {
    const store = openSqliteStore(":memory:");
    return { store, close: () => store.close() };
  });
  describeOddText(() => opened.store);
});
