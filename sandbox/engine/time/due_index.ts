import type { State } from "../../state/state.ts";
import type { Transaction } from "../transaction.ts";
import { type DueSource, dueSources } from "./due.ts";
import type { DueMoment } from "./due_moment.ts";
import { Heap } from "./heap.ts";

/**
 * How many events one change may have before the next begins. All that is due at one instant may be
 * more than memory holds unpacked.
 */
const MOST_EVENTS = 1000;

/** When an object is due; `rank` is its table's place, `sequence` its own in order of creation. */
interface Entry {
  at: number;
  clock: string | null;
  rank: number;
  sequence: number;
  id: string;
}

/**
 * What is due next, without a look at everything: it follows what the tables of the state say has
 * changed, in logarithmic time per change. That something falls due earlier, or at all, is seen when
 * its object is set in its table or an event about it is emitted.
 */
export class DueIndex {
  readonly #sources: DueSource[];
  readonly #entries: Map<string, Entry>[];
  readonly #heaps = new Map<string | null, Heap<Entry>>();
  #sequence = 0;

  constructor(state: State) {
    this.#sources = dueSources(state);
    this.#entries = this.#sources.map(() => new Map());
  }

  /**
   * The earliest instant in Unix seconds at which something falls due; undefined for never.
   *
   * @param clock the test clock whose customers are meant; null for all that have none
   */
  nextAt(clock: string | null = null): number | undefined {
    this.#follow();
    return this.#first(clock)?.at;
  }

  /**
   * Lets what is due at `tx.now` happen, in the order in which it was created, up to some thousand
   * events: what is left is still due. Whether something is due is looked at when its turn comes:
   * what came before may have called it off.
   *
   * @param clock as for {@linkcode nextAt}
   */
  run(tx: Transaction, clock: string | null = null): void {
    this.#follow();
    let entry = this.#first(clock);
    while (entry !== undefined && entry.at <= tx.now && tx.events.length < MOST_EVENTS) {
      this.#momentOf(entry)?.happen(tx);
      this.#sources[entry.rank]?.table.touch(entry.id);
      this.#follow();
      entry = this.#first(clock);
    }
  }

  /** Takes in what has changed since the last look. */
  #follow(): void {
    for (const [rank, { table }] of this.#sources.entries()) {
      for (const id of table.takeTouched()) {
        this.#place(rank, id);
      }
    }
  }

  #place(rank: number, id: string): void {
    const entries = this.#entries[rank];
    const present = entries?.get(id);
    const moment = this.#sources[rank]?.momentOf(id);
    if (moment?.at === present?.at || entries === undefined) {
      return;
    }
    if (moment === undefined) {
      entries.delete(id);
      return;
    }
    const sequence = present?.sequence ?? ++this.#sequence;
    const entry = { at: moment.at, clock: moment.clock ?? null, rank, sequence, id };
    entries.set(id, entry);
    this.#heapOf(entry.clock).push(entry);
  }

  /** The first entry that still stands; those that were replaced, called off or put off go. */
  #first(clock: string | null): Entry | undefined {
    const heap = this.#heapOf(clock);
    let first = heap.first();
    while (first !== undefined && this.#momentOf(first)?.at !== first.at) {
      heap.pop();
      this.#replace(first);
      first = heap.first();
    }
    return first;
  }

  /** Enters an object anew whose entry was called off or put off. */
  #replace(entry: Entry): void {
    if (this.#entries[entry.rank]?.get(entry.id) === entry) {
      this.#place(entry.rank, entry.id);
    }
  }

  #heapOf(clock: string | null): Heap<Entry> {
    const heap = this.#heaps.get(clock) ?? new Heap<Entry>(isEarlier);
    this.#heaps.set(clock, heap);
    return heap;
  }

  /** What an entry stands for; undefined where another has taken its place. */
  #momentOf(entry: Entry): DueMoment | undefined {
    return this.#entries[entry.rank]?.get(entry.id) === entry
      ? this.#sources[entry.rank]?.momentOf(entry.id)
      : undefined;
  }
}

function isEarlier(a: Entry, b: Entry): boolean {
  return a.at - b.at < 0 || (a.at === b.at && (a.rank - b.rank || a.sequence - b.sequence) < 0);
}
