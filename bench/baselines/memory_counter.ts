/** The least that a limited count in memory takes: a map, a comparison and an addition. */
export class MemoryCounter {
  readonly #used = new Map<string, number>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether so many more fit. */
  tryConsume(tenantId: string, count: number): boolean {
    const used = (this.#used.get(tenantId) ?? 0) + count;
    if (used > this.#limit) {
      return false;
    }
    this.#used.set(tenantId, used);
    return true;
  }
}
