import { type EmailUsage, MAX_BATCH_EMAILS, quotaAllows } from "../../domain/quota/email_quota.ts";
import { isEnded } from "../../domain/subscription/billing_account.ts";
import { requireKey } from "../../domain/text.ts";
import { inTime } from "../in_time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Announce } from "../ports/notifications/announce.ts";
import { andThen, type OrPromise } from "../ports/or_promise.ts";
import { PortError } from "../ports/port_error.ts";
import type { EmailUsageStore } from "../ports/quota/email_usage_store.ts";
import { TenantEndedError } from "../ports/tenant_ended_error.ts";
import type {
  ConsumeEmailQuotaCommand,
  ConsumeEmailQuotaOutcome,
  CountedEmails,
  StoreFailurePolicy,
} from "./consume_email_quota_outcome.ts";
import { countedOutcome, hasPassedPercent, keyedOutcome } from "./counted_outcome.ts";
import type { EmailQuotaCounters, EmailQuotaCounts } from "./email_quota_counters.ts";
import { exceededOutcome } from "./exceeded_outcome.ts";
import type { QuotaSource, RefreshedQuota } from "./refresh_email_quota.ts";
import type { UncountedEmails } from "./uncounted_emails.ts";

const MAX_ATTEMPTS = 20;

/** The settings of `ConsumeEmailQuota`. */
export interface ConsumeEmailQuotaSettings {
  readonly graceDays: number;
  readonly quotaWhenStoreFails: StoreFailurePolicy;
}

/** What `ConsumeEmailQuota` needs. */
export interface ConsumeEmailQuotaDependencies {
  readonly usage: EmailUsageStore;
  readonly currentEmailQuota: QuotaSource;
  readonly uncounted: UncountedEmails;
  readonly counters: EmailQuotaCounters;
  readonly clock: Clock;
  readonly announce?: Announce;
}

/**
 * Counts e-mails before they are sent (P31). While the last decision holds that is one call to the
 * store, or two for a send with a key. Whatever does not fit is looked at again with the
 * account and the catalogue of this moment, so that nobody is refused by an old plan.
 */
export class ConsumeEmailQuota {
  readonly #dependencies: ConsumeEmailQuotaDependencies;
  readonly #settings: ConsumeEmailQuotaSettings;

  constructor(dependencies: ConsumeEmailQuotaDependencies, settings: ConsumeEmailQuotaSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
  }

  /**
   * Counts a send or returns why it was not counted.
   *
   * @throws {TypeError} for a key that can be none (P46)
   * @throws {RangeError} when `count` is not a whole number from 1 to 100,000
   * @throws {PortError} when the store fails and the policy is `closed`
   */
  async execute(command: ConsumeEmailQuotaCommand): Promise<ConsumeEmailQuotaOutcome> {
    const held = this.tryConsume(command);
    if (held !== undefined) {
      return held;
    }
    const { tenantId, key } = command;
    requireKey(tenantId, "tenant's id");
    if (key !== undefined) {
      requireKey(key);
    }
    const { uncounted } = this.#dependencies;
    const counted: { outcome?: ConsumeEmailQuotaOutcome } = {};
    try {
      const first = this.#countOnce(command);
      if (first !== undefined && !(first instanceof Promise) && !uncounted.has(tenantId)) {
        return this.#told(first, command);
      }
      const work = async () => {
        const outcome = this.#told(await this.#consume(command, first), command);
        counted.outcome = outcome;
        await uncounted.settle(tenantId);
        return outcome;
      };
      return await inTime(work(), { action: `count e-mails of "${tenantId}"` });
    } catch (error) {
      return counted.outcome ?? this.#whenStoreFails(command, error);
    }
  }

  /**
   * Counts a send at once from e-mails that this process has leased; `undefined` where `execute` has
   * to decide, which tries this first. Without leases, and with a key, it always has to.
   *
   * @throws {RangeError} when `count` is not a whole number from 1 to 100,000
   */
  tryConsume(command: ConsumeEmailQuotaCommand): CountedEmails | undefined {
    const { tenantId, count, key } = command;
    requireCount(count);
    const { usage, uncounted, clock } = this.#dependencies;
    if (key !== undefined || usage.consumeHeld === undefined || uncounted.has(tenantId)) {
      return undefined;
    }
    const now = clock();
    const record = usage.consumeHeld(tenantId, { count, now });
    if (record === undefined) {
      return undefined;
    }
    return this.#told(countedOutcome(record, { now, repeated: false }), command);
  }

  /** Counts an outcome, and announces it where a percent more may be news. */
  #told<T extends ConsumeEmailQuotaOutcome>(outcome: T, command: ConsumeEmailQuotaCommand): T {
    const { counters, announce } = this.#dependencies;
    const { tenantId, count } = command;
    counters.record(outcome, count);
    if (outcome.type === "counted" && hasPassedPercent(outcome, count)) {
      announce?.({ tenantId });
    }
    return outcome;
  }

  /** Lets the send through or refuses it, as the setting says (P34). */
  #whenStoreFails(command: ConsumeEmailQuotaCommand, error: unknown): ConsumeEmailQuotaOutcome {
    const { counters, uncounted } = this.#dependencies;
    const { count } = command;
    const policy = command.whenStoreFails ?? this.#settings.quotaWhenStoreFails;
    const mayPass = error instanceof PortError && !(error instanceof TenantEndedError);
    if (!mayPass || policy === "closed") {
      counters.add("failedClosed", mayPass ? count : 0);
      throw error;
    }
    counters.add("failedOpen", count);
    uncounted.keep(command);
    return { type: "uncounted", error };
  }

  /** Numbers of e-mails counted, refused and let through since the process started (P34). */
  counts(): EmailQuotaCounts {
    return this.#dependencies.counters.read();
  }

  /**
   * Counts what was let through, if the store can be reached (P34). Call it when the process ends.
   */
  settle(): Promise<void> {
    return this.#dependencies.uncounted.settle();
  }

  /** @param first what counting has answered so far */
  async #consume(
    command: ConsumeEmailQuotaCommand,
    first: OrPromise<ConsumeEmailQuotaOutcome | undefined>,
  ): Promise<ConsumeEmailQuotaOutcome> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const counted = await (attempt === 1 ? first : this.#countOnce(command));
      if (counted !== undefined) {
        return counted;
      }
      const { tenantId, count } = command;
      const refreshed = await this.#dependencies.currentEmailQuota.execute({ tenantId });
      if (isEnded(refreshed.account, this.#dependencies.clock())) {
        throw new TenantEndedError(tenantId);
      }
      if (!quotaAllows(refreshed.usage, count)) {
        // The key may have been counted by another call in the meantime.
        const late = command.key === undefined ? undefined : await this.#countOnce(command);
        return late ?? (await this.#exceeded(refreshed));
      }
    }
    throw new PortError(`Cannot count e-mails of "${command.tenantId}": too many at once`, {
      transient: true,
    });
  }

  /** `undefined` when the store counted nothing. */
  #countOnce({
    tenantId,
    count,
    key,
  }: ConsumeEmailQuotaCommand): OrPromise<ConsumeEmailQuotaOutcome | undefined> {
    const { usage, clock } = this.#dependencies;
    const now = clock();
    return key === undefined
      ? andThen(
          usage.consume(tenantId, { count, now }),
          (record) => record && countedOutcome(record, { now, repeated: false }),
        )
      : andThen(usage.consumeOnce(tenantId, { key, count, now }), (keyed) =>
          keyedOutcome(keyed, now),
        );
  }

  async #exceeded(refreshed: RefreshedQuota): Promise<ConsumeEmailQuotaOutcome> {
    const now = this.#dependencies.clock();
    if (refreshed.usage.refusedAt === null) {
      await this.#noteRefusal(refreshed.usage, now);
    }
    return exceededOutcome(refreshed, { now, graceDays: this.#settings.graceDays });
  }

  /** The first refusal of a month is news. It stays a refusal if it cannot be noted. */
  async #noteRefusal({ tenantId, period }: EmailUsage, at: Date): Promise<void> {
    const { usage, announce } = this.#dependencies;
    try {
      await usage.noteRefusal(tenantId, { periodStart: period.start, at });
      announce?.({ tenantId });
    } catch (error) {
      if (!(error instanceof PortError)) {
        throw error;
      }
      // The month's next refusal notes it.
    }
  }
}

function requireCount(count: number): void {
  if (!Number.isSafeInteger(count) || count < 1 || count > MAX_BATCH_EMAILS) {
    throw new RangeError(
      `Cannot count ${count} e-mails: it takes a whole number from 1 to ${MAX_BATCH_EMAILS}`,
    );
  }
}
