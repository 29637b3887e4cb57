import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { EventLog } from "./event_log.ts";
import { emptyState, type State } from "./state.ts";
import type { WireEvent } from "./wire.ts";

const FORMAT = 1;

/**
 * Keeps a {@linkcode State} in a JSON file. A write replaces the whole file by a rename, so that
 * a crash leaves the old or the new state and never half of one.
 */
export class StateFile {
  readonly #path: string;
  #writing: Promise<void> | undefined;
  #queued: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * The saved state, or an empty one where the file does not exist yet.
   * @throws {Error} where the file is not a state of this format
   */
  async load(): Promise<State> {
    let text: string;
    try {
      text = await readFile(this.#path, "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") {
        return emptyState();
      }
      throw error;
    }
    return parseState(text, this.#path);
  }

  /**
   * Resolves when the state of this moment is in the file. Calls that arrive during a write share
   * the next one.
   */
  save(state: State): Promise<void> {
    if (this.#writing === undefined) {
      this.#writing = this.#write(state).finally(() => {
        this.#writing = undefined;
      });
      return this.#writing;
    }
    this.#queued ??= this.#writing
      .catch(() => undefined)
      .then(() => {
        this.#queued = undefined;
        return this.save(state);
      });
    return this.#queued;
  }

  async #write(state: State): Promise<void> {
    const text = stringifyState(state);
    const temporary = `${this.#path}.tmp`;
    await mkdir(dirname(this.#path), { recursive: true });
    const file = await open(temporary, "w", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#path);
  }
}

function stringifyState(state: State): string {
  const tables = Object.entries(state).map(([name, table]) => [
    name,
    table instanceof EventLog ? pairsOf(table) : table instanceof Map ? [...table] : table,
  ]);
  return JSON.stringify({ format: FORMAT, ...Object.fromEntries(tables) });
}

/** Events as every other table is written. */
function pairsOf(events: EventLog): [string, WireEvent][] {
  return [...events.values()].map((event) => [event.id, event]);
}

function parseState(text: string, path: string): State {
  const saved: unknown = JSON.parse(text);
  if (typeof saved !== "object" || saved === null || !("format" in saved)) {
    throw new Error(`Cannot load the sandbox's state: ${path} is not a state file`);
  }
  if (saved.format !== FORMAT) {
    throw new Error(`Cannot load the sandbox's state: ${path} has format ${saved.format}`);
  }
  const tables: Record<string, unknown> = { ...saved };
  const state = emptyState();
  for (const [name, table] of Object.entries(state)) {
    const rows = tables[name];
    if (table instanceof EventLog) {
      for (const [, event] of Array.isArray(rows) ? rows : []) {
        table.add(event);
      }
    } else if (!(table instanceof Map)) {
      Object.assign(table, rows);
    } else if (Array.isArray(rows)) {
      for (const [key, value] of rows) {
        table.set(key, value);
      }
    }
  }
  return state;
}
