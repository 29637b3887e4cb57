import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { DatabaseClock } from "../../../src/application/installation/database_clock.ts";
import { otherClockContract } from "../../contracts/other_clock_contract.ts";

otherClockContract("DatabaseClock", async () => {
  const store = openSqliteStore(":memory:");
  const closed = openSqliteStore(":memory:");
  await closed.close();
  const begun = new Date();
  return {
    clock: new DatabaseClock(store),
    unreachable: new DatabaseClock(closed),
    shows: () => [begun, new Date()],
    close: () => store.close(),
  };
});
