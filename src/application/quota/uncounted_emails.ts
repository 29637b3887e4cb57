import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { EmailUsageStore } from "../ports/quota/email_usage_store.ts";
import type { EmailQuotaCounters } from "./email_quota_counters.ts";

/** An uncounted send. */
export interface UncountedSend {
  readonly tenantId: string;
  readonly count: number;
  readonly key?: string | undefined;
}

/** The most sends to remember by key; further ones are counted without their key. */
const MAX_KEYS = 100_000;

/**
 * Keeps e-mails that were sent while the store was down, to count them later (P34). They are in
 * memory only: if the process ends before the store is back, they stay uncounted. A send with a key
 * is counted exactly once, whether or not the failed call has counted it; one without a key may
 * count twice.
 */
export class UncountedEmails {
  readonly #usage: EmailUsageStore;
  readonly #counters: EmailQuotaCounters;
  readonly #clock: Clock;
  readonly #sends = new Map<string, Map<string | undefined, number>>();
  #keys = 0;

  constructor(dependencies: {
    usage: EmailUsageStore;
    counters: EmailQuotaCounters;
    clock: Clock;
  }) {
    this.#usage = dependencies.usage;
    this.#counters = dependencies.counters;
    this.#clock = dependencies.clock;
  }

  /** How many e-mails wait to be counted. */
  get total(): number {
    return [...this.#sends.values()]
      .flatMap((sends) => [...sends.values()])
      .reduce((sum, count) => sum + count, 0);
  }

  /** Whether e-mails of a tenant wait to be counted. */
  has(tenantId: string): boolean {
    return this.#sends.has(tenantId);
  }

  /** Keeps a send for counting; keeps one with a key only once. */
  keep({ tenantId, count, key }: UncountedSend): void {
    const sends = this.#sends.get(tenantId) ?? new Map<string | undefined, number>();
    this.#sends.set(tenantId, sends);
    if (key !== undefined && sends.has(key)) {
      return;
    }
    const name = this.#keys < MAX_KEYS ? key : undefined;
    this.#keys += name === undefined ? 0 : 1;
    sends.set(name, (sends.get(name) ?? 0) + count);
  }

  /**
   * Forgets a send that did not take place; returns how many of its e-mails were not waiting here.
   */
  drop({ tenantId, count, key }: UncountedSend): number {
    const sends = this.#sends.get(tenantId);
    const waiting = sends?.get(key);
    if (sends === undefined || waiting === undefined) {
      return count;
    }
    const dropped = Math.min(waiting, count);
    if (waiting === dropped) {
      this.#remove(tenantId, key);
    } else {
      sends.set(key, waiting - dropped);
    }
    return count - dropped;
  }

  /**
   * Counts the waiting sends of one tenant, or of all; keeps those that fail again. Asks a store that
   * is down no further.
   */
  async settle(tenantId?: string): Promise<void> {
    const tenants = tenantId === undefined ? [...this.#sends.keys()] : [tenantId];
    for (const tenant of tenants) {
      // What fails is kept again: the keys are those of now, so that each is asked for once.
      for (const key of [...(this.#sends.get(tenant)?.keys() ?? [])]) {
        const failure = await this.#settleOne(tenant, key);
        if (failure?.transient) {
          return;
        }
      }
    }
  }

  async #settleOne(tenantId: string, key: string | undefined): Promise<PortError | undefined> {
    const count = this.#sends.get(tenantId)?.get(key);
    if (count === undefined) {
      return undefined;
    }
    const send = { tenantId, count, key };
    this.#remove(tenantId, key);
    try {
      const counted = await this.#count(send);
      this.#counters.add("countedLater", counted);
      return undefined;
    } catch (error) {
      this.keep(send);
      if (error instanceof PortError) {
        return error;
      }
      throw error;
    }
  }

  /** Counts sends over the ceiling too, because they have already gone out. */
  async #count({ tenantId, count, key }: UncountedSend): Promise<number> {
    if (key !== undefined) {
      const keyed = await this.#usage.consumeOnce(tenantId, { key, count, now: this.#clock() });
      if (keyed.type !== "not_counted") {
        return keyed.type === "counted" ? count : 0;
      }
    }
    await this.#usage.add(tenantId, count);
    return count;
  }

  #remove(tenantId: string, key: string | undefined): void {
    const sends = this.#sends.get(tenantId);
    if (sends?.delete(key) && key !== undefined) {
      this.#keys -= 1;
    }
    if (sends?.size === 0) {
      this.#sends.delete(tenantId);
    }
  }
}
