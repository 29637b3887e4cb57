import type { PacingTime } from "../../../src/adapters/stripe/request_budget.ts";

/** Time that passes only while somebody sleeps. */
export class FakeTime implements PacingTime {
  nowMs = 1_000;
  luck = 0;

  now(): number {
    return this.nowMs;
  }

  async sleep(ms: number): Promise<void> {
    this.nowMs += ms;
  }

  random(): number {
    return this.luck;
  }
}
