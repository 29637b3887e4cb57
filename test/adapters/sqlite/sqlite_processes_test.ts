import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { type Ending, runChild } from "../../rig/run_child.ts";
import { useTemporaryFolder } from "../../rig/temporary_folder.ts";
import { NOW } from "../../samples/dates.ts";
import { fullEvent } from "../../samples/events.ts";
import type { TaskName } from "./sqlite_child.ts";

const CHILD = new URL("sqlite_child.ts", import.meta.url);
const NAMES = ["a", "b", "c", "d"];

function run(task: TaskName, path: string, name: string): Promise<Ending> {
  return runChild(CHILD, task, path, name);
}

async function runAll(task: TaskName, path: string): Promise<unknown[]> {
  const endings = await Promise.all(NAMES.map((name) => run(task, path, name)));
  for (const { code, errors } of endings) {
    expect(code, errors).to.equal(0);
  }
  return endings.map(({ output }) => JSON.parse(output));
}

describe("processes that share a SQLite file", () => {
  const inFolder = useTemporaryFolder();

  it("create and close it at the same moment", async () => {
    const answers = await runAll("open", inFolder("billing.db"));
    expect(answers).to.deep.equal(NAMES.map(() => null));
  }).timeout(60_000);

  it("P30 create it together and append to one ledger without gaps or losses", async () => {
    const path = inFolder("billing.db");
    await runAll("append", path);
    const store = openSqliteStore(path);
    const entries = await store.ledger.list("clacme0001", { limit: 1_000 });
    await store.close();
    expect(entries.map(({ seq }) => seq)).to.deep.equal(
      Array.from({ length: 400 }, (_, index) => 400 - index),
    );
    expect(new Set(entries.map(({ key }) => key)).size).to.equal(400);
  }).timeout(60_000);

  it("P04 claim every event exactly once", async () => {
    const path = inFolder("billing.db");
    const claimed = (await runAll("claim", path)).flat();
    expect(claimed).to.have.length(200);
    expect(new Set(claimed).size).to.equal(200);
  }).timeout(60_000);

  it("P03 lose nothing that was answered when one is killed", async () => {
    const path = inFolder("billing.db");
    const ending = await run("receiveAndDie", path, "evt_1");
    expect(ending.signal, ending.errors).to.equal("SIGKILL");
    const store = openSqliteStore(path);
    expect((await store.inbox.find("evt_1"))?.event).to.deep.equal(fullEvent("evt_1"));
    const later = new Date(+NOW + 1);
    const due = await store.inbox.due({ now: later, receivedBefore: later, limit: 9 });
    expect(due).to.deep.equal(["evt_1"]);
    await store.close();
  }).timeout(60_000);
});
