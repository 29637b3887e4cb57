import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { NOW } from "../../samples/dates.ts";
import { fullEvent } from "../../samples/events.ts";
import { sampleEntry } from "../../samples/ledger.ts";

/** What a child process does with a store that others have open, too. */
export const TASKS = {
  /** Creates 40 databases, each in the same millisecond as its siblings. */
  async open(path: string, _name: string): Promise<unknown> {
    for (let index = 0; index < 40; index += 1) {
      while (Date.now() % 20 !== 0);
      const { close } = openSqliteStore(`${path}.${index}`, { busyTimeoutMs: 15_000 });
      await close();
    }
    return undefined;
  },

  /** Appends 100 entries with keys of its own, deciding anew whenever it lost the race. */
  async append(path: string, name: string): Promise<unknown> {
    const { ledger, close } = openSqliteStore(path, { busyTimeoutMs: 15_000 });
    let races = 0;
    for (let count = 0; count < 100; ) {
      const seq = ((await ledger.last("clacme0001"))?.seq ?? 0) + 1;
      const answer = await ledger.append(sampleEntry(seq, { key: `${name}:${count}` }));
      if (answer === "appended") {
        count += 1;
      } else {
        races += 1;
      }
    }
    await close();
    return { races };
  },

  /** Claims the events `evt_0` to `evt_199`; answers the ones it got. */
  async claim(path: string, name: string): Promise<unknown> {
    const { inbox, close } = openSqliteStore(path, { busyTimeoutMs: 15_000 });
    const claimed: string[] = [];
    for (let index = 0; index < 200; index += 1) {
      const id = `evt_${index}`;
      await inbox.receive(fullEvent(id), NOW);
      if (await inbox.claim(id, { token: name, now: NOW, until: new Date(+NOW + 1_000) })) {
        claimed.push(id);
      }
    }
    await close();
    return claimed;
  },

  /** Receives an event, and is killed at the moment it is answered. */
  async receiveAndDie(path: string, name: string): Promise<unknown> {
    const { inbox } = openSqliteStore(path);
    await inbox.receive(fullEvent(name), NOW);
    process.kill(process.pid, "SIGKILL");
    return undefined;
  },
};

/** Name of a task that a child process can do. */
export type TaskName = keyof typeof TASKS;

const [task, path, name] = process.argv.slice(2);
if (import.meta.main && path !== undefined && name !== undefined) {
  const answer = await TASKS[task as TaskName](path, name);
  process.stdout.write(JSON.stringify(answer ?? null));
}
