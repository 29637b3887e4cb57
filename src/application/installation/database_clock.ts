import type { BillingStore } from "../ports/billing_store.ts";
import type { ClockReading, OtherClock } from "../ports/clock.ts";

/** The clock of a store's database. */
export class DatabaseClock implements OtherClock {
  readonly #store: Pick<BillingStore, "now">;
  #latest: ClockReading | undefined;

  constructor(store: Pick<BillingStore, "now">) {
    this.#store = store;
  }

  /** {@inheritDoc} */
  latest(): ClockReading | undefined {
    return this.#latest;
  }

  /** {@inheritDoc} */
  async ask(): Promise<void> {
    const askedMs = performance.now();
    const time = await this.#store.now();
    this.#latest = { time, resolutionMs: 1, askedMs, answeredMs: performance.now() };
  }
}
