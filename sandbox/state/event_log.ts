import { Buffer } from "node:buffer";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { WireEvent } from "./wire.ts";

/** How many events are packed together: neighbours are much alike, so that each takes 100 bytes. */
const BLOCK_SIZE = 128;

const DAY_SECONDS = 86_400;

interface Block {
  packed: Buffer;
  /** Of the ids in it. */
  hashes: Int32Array;
  /** When its latest event happened, or was still needed; Unix seconds of the sandbox's clock. */
  until: number;
  /** Whether it was needed when it was old enough to be forgotten. */
  postponed?: boolean;
}

/**
 * Every event in the order in which it happened. The latest are held as they are, older ones
 * packed; an event must not change any more once it was added.
 */
export class EventLog {
  readonly #blocks = new Map<number, Block>();
  /** The numbers of the blocks that may hold an event, by a hash of its id. */
  readonly #places = new Map<number, number | number[]>();
  #open: WireEvent[] = [];
  #number = 0;
  #size = 0;
  #unpacked: { number: number; events: WireEvent[] } | undefined;

  /** How many events there are. */
  get size(): number {
    return this.#size;
  }

  /** How much the packed events take. */
  get packedBytes(): number {
    let bytes = 0;
    for (const { packed } of this.#blocks.values()) {
      bytes += packed.length;
    }
    return bytes;
  }

  /**
   * Adds the event that happened last.
   * @param at when, in Unix seconds of the sandbox's own clock; test clocks have others
   */
  add(event: WireEvent, at = event.created): void {
    this.#open.push(event);
    this.#place(event.id, this.#number);
    this.#size++;
    if (this.#open.length === BLOCK_SIZE) {
      const packed = zstdCompressSync(Buffer.from(JSON.stringify(this.#open)));
      const hashes = Int32Array.from(this.#open, ({ id }) => hashOf(id));
      this.#blocks.set(this.#number, { packed, hashes, until: at });
      this.#open = [];
      this.#number++;
    }
  }

  /** The event with this id, if it is known. */
  get(id: string): WireEvent | undefined {
    for (const number of [this.#places.get(hashOf(id)) ?? []].flat()) {
      const found = this.#eventsOf(number).find((event) => event.id === id);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  /** All events, oldest first. */
  *values(): Generator<WireEvent> {
    for (const number of this.#blocks.keys()) {
      yield* this.#eventsOf(number);
    }
    yield* this.#open;
  }

  /** All events, newest first, unpacked as far as they are asked for. */
  *newestFirst(): Generator<WireEvent> {
    yield* this.#open.toReversed();
    for (const number of [...this.#blocks.keys()].reverse()) {
      yield* this.#eventsOf(number).toReversed();
    }
  }

  /**
   * Forgets events that happened before `time` in Unix seconds, a whole block at once; one with an
   * event that is needed is kept, and looked at again a day later.
   *
   * @param needed the ids of such events, asked for where there is anything to forget
   * @returns whether there was anything to forget
   */
  forgetBefore(time: number, needed: () => Iterable<string> = () => []): boolean {
    let any = false;
    let kept: Set<number> | undefined;
    for (const [number, block] of this.#blocks) {
      if (block.until >= time && block.postponed !== true) {
        break;
      }
      if (block.until >= time) {
        continue;
      }
      kept ??= new Set(Array.from(needed(), hashOf));
      const { hashes } = block;
      if (hashes.some((hash) => kept?.has(hash))) {
        Object.assign(block, { until: time + DAY_SECONDS, postponed: true });
        continue;
      }
      for (const hash of hashes) {
        this.#displace(hash, number);
      }
      this.#blocks.delete(number);
      this.#size -= hashes.length;
      any = true;
    }
    return any;
  }

  /** Forgets everything. */
  clear(): void {
    this.#blocks.clear();
    this.#places.clear();
    this.#open = [];
    this.#size = 0;
    this.#unpacked = undefined;
  }

  #eventsOf(number: number): WireEvent[] {
    const block = this.#blocks.get(number);
    if (block === undefined) {
      return this.#open;
    }
    if (this.#unpacked?.number !== number) {
      const events = JSON.parse(zstdDecompressSync(block.packed).toString()) as WireEvent[];
      this.#unpacked = { number, events };
    }
    return this.#unpacked.events;
  }

  #place(id: string, number: number): void {
    const hash = hashOf(id);
    const known = this.#places.get(hash);
    this.#places.set(hash, known === undefined ? number : [known, number].flat());
  }

  #displace(hash: number, number: number): void {
    const others = [this.#places.get(hash) ?? []].flat().filter((other) => other !== number);
    const [only] = others;
    if (only === undefined) {
      this.#places.delete(hash);
    } else {
      this.#places.set(hash, others.length === 1 ? only : others);
    }
  }
}

/** A small whole number, which a map holds without an object of its own (FNV-1a). */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  return hash & 0x3fffffff;
}
