import { inTime } from "../in_time.ts";
import type { RequestCountStore } from "../ports/limits/request_count_store.ts";

/** The length of a window. Windows begin with the clock's minutes, so that processes agree. */
const WINDOW_MS = 60_000;
/** How long a count may be known to one process only; two of these make a second. */
const SHARE_AFTER_MS = 400;
/** An exchange that takes longer has failed. */
const LONGEST_EXCHANGE_MS = 2_000;
/** How many keys are exchanged at once, so that an exchange holds up nothing else. */
const MOST_SHARED = 250;
/** Keys that were counted so often are exchanged before others. */
const OFTEN = 10;
/** Beyond that, the longest known are forgotten: who has so many addresses is stopped by no limit. */
const MOST_KEYS = 100_000;

/** What is known of a key in the window that runs. */
export interface RequestCount {
  /** How often it was counted, by all processes as far as this one knows. */
  readonly hits: number;
  /** When it starts again at 0. */
  readonly endsAt: Date;
  /** Whether the last exchange with the other processes succeeded. */
  readonly isShared: boolean;
}

/** What `RequestCounts` needs. */
export interface RequestCountsOptions {
  readonly store: RequestCountStore;
  /** What a key is called in the store: short, and nothing that tells who it is. */
  nameOf(key: string): string;
  /** Default: the machine's clock. Milliseconds. */
  readonly now?: (() => number) | undefined;
}

interface Count {
  own: number;
  others: number;
}

/**
 * Counts requests by key, for all processes on a database, without that any request waits for it:
 * each process counts in memory and exchanges its counts shortly after they changed. While the store
 * hangs or fails, each counts for itself.
 */
export class RequestCounts {
  readonly #store: RequestCountStore;
  readonly #nameOf: (key: string) => string;
  readonly #now: () => number;
  readonly #process = crypto.randomUUID();
  readonly #counts = new Map<string, Count>();
  readonly #unshared = new Set<string>();
  #endsAt = 0;
  #isShared = true;
  #timer: NodeJS.Timeout | undefined;
  #sharing: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor({ store, nameOf, now = Date.now }: RequestCountsOptions) {
    this.#store = store;
    this.#nameOf = nameOf;
    this.#now = now;
  }

  /** Counts once more, and says how often that makes. */
  count(key: string): RequestCount {
    const counted = this.countHere(key);
    this.#changed(key);
    return counted;
  }

  /** Counts once more, for this process alone. */
  countHere(key: string): RequestCount {
    const count = this.#countOf(key);
    count.own += 1;
    return {
      hits: count.own + count.others,
      endsAt: new Date(this.#endsAt),
      isShared: this.#isShared,
    };
  }

  /** Takes one back that this process counted. */
  uncount(key: string): void {
    const count = this.#countOf(key);
    if (count.own > 0) {
      count.own -= 1;
      this.#changed(key);
    }
  }

  /** Tells the other processes now what has changed, and learns from them; never rejects. */
  async share(): Promise<void> {
    const endsAt = this.#endsAt;
    const names = new Map(this.#dueKeys().map((key) => [this.#nameOf(key), key]));
    if (names.size === 0) {
      return;
    }
    const hits = new Map([...names].map(([name, key]) => [name, this.#counts.get(key)?.own ?? 0]));
    const counts = { by: this.#process, endsAt: new Date(endsAt), hits };
    for (const key of names.values()) {
      this.#unshared.delete(key);
    }
    try {
      const others = await inTime(this.#store.exchange(counts), {
        action: "share counts",
        ms: LONGEST_EXCHANGE_MS,
      });
      this.#isShared = true;
      this.#learn(endsAt, names, others);
    } catch {
      this.#isShared = false;
      this.#forgetNothing(endsAt, names.values());
    }
  }

  /** Shares nothing more by itself, once what is under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#sharing;
  }

  #countOf(key: string): Count {
    const endsAt = (Math.floor(this.#now() / WINDOW_MS) + 1) * WINDOW_MS;
    if (endsAt !== this.#endsAt) {
      this.#endsAt = endsAt;
      this.#counts.clear();
      this.#unshared.clear();
    }
    const known = this.#counts.get(key);
    if (known !== undefined) {
      return known;
    }
    const [oldest] = this.#counts.size >= MOST_KEYS ? this.#counts.keys() : [];
    if (oldest !== undefined) {
      this.#counts.delete(oldest);
      this.#unshared.delete(oldest);
    }
    const count = { own: 0, others: 0 };
    this.#counts.set(key, count);
    return count;
  }

  #changed(key: string): void {
    this.#unshared.add(key);
    if (this.#timer === undefined && !this.#isStopped) {
      this.#timer = setTimeout(() => {
        this.#sharing = this.#shareAndGoOn();
      }, SHARE_AFTER_MS);
      this.#timer.unref();
    }
  }

  async #shareAndGoOn(): Promise<void> {
    await this.share();
    this.#timer = undefined;
    const [next] = this.#unshared;
    if (next !== undefined) {
      this.#changed(next);
    }
  }

  /** What is exchanged next: what was counted often, then the rest. */
  #dueKeys(): readonly string[] {
    if (this.#unshared.size <= MOST_SHARED) {
      return [...this.#unshared];
    }
    const { often = [], seldom = [] } = Object.groupBy(this.#unshared, (key) =>
      (this.#counts.get(key)?.own ?? 0) >= OFTEN ? "often" : "seldom",
    );
    return [...often, ...seldom].slice(0, MOST_SHARED);
  }

  #learn(
    endsAt: number,
    names: ReadonlyMap<string, string>,
    others: ReadonlyMap<string, number>,
  ): void {
    if (endsAt !== this.#endsAt) {
      return;
    }
    for (const [name, key] of names) {
      const count = this.#counts.get(key);
      if (count !== undefined) {
        count.others = others.get(name) ?? 0;
      }
    }
  }

  #forgetNothing(endsAt: number, keys: Iterable<string>): void {
    if (endsAt === this.#endsAt) {
      for (const key of keys) {
        this.#unshared.add(key);
      }
    }
  }
}
