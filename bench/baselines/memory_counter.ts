/** What a tenant has used, and until when that counts. */
interface Counter {
  used: number;
  readonly resetsAt: number;
}

/** What is left after a count. */
export interface Remaining {
  readonly used: number;
  readonly limit: number;
}

const MONTH_MS = 31 * 86_400_000;

/**
 * The least that a limited count in memory takes: a map of tenants, a month that ends, a comparison,
 * an addition, and an answer. Synchronous, and lost when the process ends.
 */
export class MemoryCounter {
  readonly #counters = new Map<string, Counter>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts, where so many more fit; answers what is used then. */
  tryConsume(tenantId: string, count: number): Remaining | undefined {
    const now = Date.now();
    let counter = this.#counters.get(tenantId);
    if (counter === undefined || now >= counter.resetsAt) {
      counter = { used: 0, resetsAt: now + MONTH_MS };
      this.#counters.set(tenantId, counter);
    }
    if (counter.used + count > this.#limit) {
      return undefined;
    }
    counter.used += count;
    return { used: counter.used, limit: this.#limit };
  }
}
