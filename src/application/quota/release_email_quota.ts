import { requireKey } from "../../domain/text.ts";
import type { Clock } from "../ports/clock.ts";
import type { EmailUsageStore } from "../ports/quota/email_usage_store.ts";
import type { UncountedEmails } from "./uncounted_emails.ts";

/**
 * A send that did not take place, identified by its key or, without one, by the result of counting
 * it (`periodStart` is `null` if it went uncounted).
 */
export type ReleaseEmailQuotaCommand = { readonly tenantId: string } & (
  | { readonly key: string }
  | { readonly key?: undefined; readonly count: number; readonly periodStart: Date | null }
);

/** The outcome of giving a send back. */
export type ReleaseEmailQuotaOutcome =
  | { readonly type: "released" }
  /** It was released before; that counts once. */
  | { readonly type: "already_released" }
  /** Nothing was counted under this key, or its period ended long ago. */
  | { readonly type: "unknown_key" };

/** Gives back e-mails that were counted but failed before they were queued (P31). */
export class ReleaseEmailQuota {
  readonly #usage: EmailUsageStore;
  readonly #uncounted: UncountedEmails;
  readonly #clock: Clock;

  constructor(dependencies: { usage: EmailUsageStore; uncounted: UncountedEmails; clock: Clock }) {
    this.#usage = dependencies.usage;
    this.#uncounted = dependencies.uncounted;
    this.#clock = dependencies.clock;
  }

  /**
   * Gives a send back. With a key, this is safe to repeat; without one, the caller must call it
   * once.
   *
   * @throws {TypeError} for an invalid key (P46)
   * @throws {PortError}
   */
  async execute(command: ReleaseEmailQuotaCommand): Promise<ReleaseEmailQuotaOutcome> {
    const { tenantId, key } = command;
    if (key === undefined) {
      const { count, periodStart } = command;
      const counted = periodStart === null ? this.#uncounted.drop({ tenantId, count }) : count;
      await this.#giveBack(tenantId, { count: counted, periodStart });
      return { type: "released" };
    }
    requireKey(key);
    this.#uncounted.drop({ tenantId, key, count: Number.MAX_SAFE_INTEGER });
    const outcome = await this.#usage.release(tenantId, key, this.#clock());
    return { type: outcome === "unknown" ? "unknown_key" : outcome };
  }

  async #giveBack(
    tenantId: string,
    { count, periodStart }: { count: number; periodStart: Date | null },
  ): Promise<void> {
    if (count === 0) {
      return;
    }
    const start = periodStart ?? (await this.#usage.find(tenantId))?.period.start;
    if (start !== undefined) {
      await this.#usage.giveBack(tenantId, { count, periodStart: start });
    }
  }
}
