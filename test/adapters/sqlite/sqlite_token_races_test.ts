import { join } from "node:path";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { describeTokenRaces } from "../../application/tokens/token_races.ts";
import { temporaryFolder } from "./temporary_folder.ts";

describeTokenRaces("SQLite with two connections", async () => {
  const folder = temporaryFolder();
  const path = join(folder.path, "billing.db");
  const store = openSqliteStore(path);
  const another = openSqliteStore(path);
  const close = async () => {
    await store.close();
    await another.close();
    folder.remove();
  };
  return { store, another, unreachable: store, close };
});
