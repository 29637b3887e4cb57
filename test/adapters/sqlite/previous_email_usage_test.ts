import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { describePreviousUsage, PREVIOUS } from "../../contracts/previous_email_usage.ts";
import { describePreviousRelease } from "../../contracts/previous_release.ts";

describe("a SQLite database of version 0.1.0", () => {
  let folder: string;
  let store: ReturnType<typeof openSqliteStore>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "previous-"));
    const file = join(folder, "billing.db");
    await copyFile(new URL("billing.db", PREVIOUS), file);
    store = openSqliteStore(file);
  });
  after(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  describePreviousUsage(() => store);
  describePreviousRelease(() => store);
});
