import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { drawAfresh } from "../../sandbox/state/ids.ts";
import { SeededRandom } from "../../sandbox/webhooks/random.ts";

const SHORT_MS = 1_000;

/**
 * Runs something in surroundings where nothing is left to chance, so that it turns out the same
 * every time: random numbers follow from a seed, hashes are computed on this thread, and short
 * pauses are turns of the event loop.
 */
export async function withoutChance<T>(seed: number, run: () => Promise<T>): Promise<T> {
  const random = new SeededRandom(seed);
  const restore = [
    replace(Math, "random", () => random.next()),
    // The sandbox's ids: events that are due at the same time are in the order of theirs.
    replace(crypto, "randomInt", (max: number) => Math.floor(random.next() * max)),
    replace(crypto, "randomFillSync", (bytes: Uint8Array) => {
      bytes.set(Uint8Array.from(bytes, () => Math.floor(random.next() * 256)));
      return bytes;
    }),
    replace(crypto.webcrypto.subtle, "digest", async (_, bytes: ArrayBuffer) => {
      const digest = crypto.createHash("sha256").update(new Uint8Array(bytes)).digest();
      return Uint8Array.from(digest).buffer;
    }),
    replace(globalThis, "setTimeout", pauseInTurns(globalThis.setTimeout)),
  ];
  syncBuiltinESMExports();
  drawAfresh();
  try {
    return await run();
  } finally {
    drawAfresh();
    for (const back of restore) {
      back();
    }
    syncBuiltinESMExports();
  }
}

function replace(owner: object, name: string, value: (...args: never[]) => unknown): () => void {
  const original: unknown = Reflect.get(owner, name);
  Reflect.set(owner, name, value);
  return () => Reflect.set(owner, name, original);
}

function pauseInTurns(setTimeout: typeof globalThis.setTimeout) {
  return (then: () => void, ms: number) =>
    ms < SHORT_MS ? afterTurns(Math.ceil(ms), then) : setTimeout(then, ms);
}

function afterTurns(turns: number, then: () => void): void {
  setImmediate(() => (turns <= 1 ? then() : afterTurns(turns - 1, then)));
}
