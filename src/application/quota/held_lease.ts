import type { EmailUsage } from "../../domain/quota/email_quota.ts";
import type { EmailLeaseStore } from "../ports/quota/email_lease_store.ts";
import type { HeldQuota } from "../ports/quota/email_usage_store.ts";

/** The settings of leases. */
export interface LeaseSettings {
  /** The most e-mails in a block. */
  readonly quotaLeaseEmails: number;
  /** Seconds after which others may take back the unpromised rest of a dead process's block. */
  readonly quotaLeaseSeconds: number;
  /** Seconds without a send after which a lease is given back. */
  readonly quotaLeaseIdleSeconds: number;
}

/** A block is promised in this many parts; one part is the most that a dying process can lose. */
const PROMISE_PARTS = 5;

/** A block that this process holds for one tenant. */
export class HeldLease {
  readonly tenantId: string;
  readonly #leases: EmailLeaseStore;
  readonly #settings: LeaseSettings;
  readonly #id: string;
  readonly #size: number;
  #usage: EmailUsage;
  #validUntilMs: number;
  #promised: number;
  #until: Date;
  #handedOut = 0;
  #lastUsedMs: number;
  #over = false;

  private constructor(
    leases: EmailLeaseStore,
    lease: {
      id: string;
      usage: EmailUsage;
      size: number;
      promised: number;
      until: Date;
      now: Date;
      settings: LeaseSettings;
    },
  ) {
    this.tenantId = lease.usage.tenantId;
    this.#leases = leases;
    this.#settings = lease.settings;
    this.#id = lease.id;
    this.#size = lease.size;
    this.#usage = { ...lease.usage, used: lease.usage.used - lease.size };
    this.#validUntilMs = lease.usage.validUntil.getTime();
    this.#promised = lease.promised;
    this.#until = lease.until;
    this.#lastUsedMs = lease.now.getTime();
  }

  /**
   * Reserves a block; returns `undefined` if the store has no room for it.
   *
   * @param block `first`: how many e-mails to hand out at once
   */
  static async reserve(
    leases: EmailLeaseStore,
    block: { tenantId: string; size: number; first: number; now: Date; settings: LeaseSettings },
  ): Promise<HeldLease | undefined> {
    const { tenantId, size, first, now, settings } = block;
    const id = crypto.randomUUID();
    const promised = Math.min(size, Math.max(first, Math.ceil(size / PROMISE_PARTS)));
    const until = new Date(+now + 1_000 * settings.quotaLeaseSeconds);
    const usage = await leases.reserve(tenantId, { id, size, promised, until, now });
    return usage && new HeldLease(leases, { id, usage, size, promised, until, now, settings });
  }

  /** The tenant's use, as far as this process knows. */
  get usage(): EmailUsage {
    return { ...this.#usage, used: this.#usage.used + this.#handedOut };
  }

  /** How many e-mails are left in the block. */
  get rest(): number {
    return this.#size - this.#handedOut;
  }

  /** Hands out promised e-mails; returns `undefined` if there are too few or it is too late. */
  handOut(send: { count: number; now: Date }): EmailUsage | undefined {
    return this.#take(send) ? this.usage : undefined;
  }

  /** Hands out promised e-mails, as `handOut`; answers only what changes with each send. */
  handOutQuota(send: { count: number; now: Date }): HeldQuota | undefined {
    if (!this.#take(send)) {
      return undefined;
    }
    const { limit, used, period } = this.#usage;
    return { limit, used: used + this.#handedOut, period };
  }

  #take({ count, now }: { count: number; now: Date }): boolean {
    const nowMs = now.getTime();
    if (this.#over || nowMs >= this.#validUntilMs || this.#promised - this.#handedOut < count) {
      return false;
    }
    this.#handedOut += count;
    this.#lastUsedMs = nowMs;
    return true;
  }

  /** Ensures that `count` more e-mails are promised; false if the lease is over. */
  async promise(count: number, now: Date): Promise<boolean> {
    const wanted = this.#handedOut + Math.max(count, Math.ceil(this.#size / PROMISE_PARTS));
    return await this.#extend(Math.max(Math.min(wanted, this.#size), this.#promised), now);
  }

  /** Extends a lease that has less than half of its time left; false if it is over. */
  async keepAlive(now: Date): Promise<boolean> {
    const late = +this.#until - +now < (1_000 * this.#settings.quotaLeaseSeconds) / 2;
    return late ? await this.#extend(this.#promised, now) : !this.#over;
  }

  async #extend(promised: number, now: Date): Promise<boolean> {
    const until = new Date(+now + 1_000 * this.#settings.quotaLeaseSeconds);
    const extended =
      !this.#over && (await this.#leases.extend(this.tenantId, { id: this.#id, promised, until }));
    if (extended) {
      this.#promised = Math.max(this.#promised, promised);
      this.#until = until;
    }
    return extended && !this.#over;
  }

  /**
   * Takes back e-mails that were handed out but not sent; false if this lease did not hand them
   * out.
   */
  takeBack({ count, periodStart }: { count: number; periodStart: Date }): boolean {
    const ours = +periodStart === +this.#usage.period.start && this.#handedOut >= count;
    if (this.#over || !ours) {
      return false;
    }
    this.#handedOut -= count;
    return true;
  }

  /** Whether the decision under which it was reserved is still valid. */
  isValidAt(now: Date): boolean {
    return now.getTime() < this.#validUntilMs;
  }

  /** Whether a record has the quota under which it was reserved. */
  isOf({ month, limit }: EmailUsage): boolean {
    return month === this.#usage.month && limit === this.#usage.limit;
  }

  /** Continues under a new decision with the same quota. */
  renew(usage: EmailUsage): void {
    this.#usage = { ...usage, used: usage.used - this.#size };
    this.#validUntilMs = usage.validUntil.getTime();
  }

  /** Whether nothing has been handed out for a while. */
  isIdleAt(now: Date): boolean {
    return now.getTime() - this.#lastUsedMs >= 1_000 * this.#settings.quotaLeaseIdleSeconds;
  }

  /** Ends the lease and gives back what is left; later calls do nothing. */
  async end(now: Date): Promise<void> {
    if (this.#over) {
      return;
    }
    this.#over = true;
    await this.#leases.end(this.tenantId, { id: this.#id, unused: this.rest, now });
  }
}
