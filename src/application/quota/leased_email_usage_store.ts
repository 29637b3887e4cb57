import type { DecideEmailMonths, EmailMonths } from "../../domain/quota/email_months.ts";
import { type EmailUsage, emailCeiling } from "../../domain/quota/email_quota.ts";
import { monthCountedIn, useIn } from "../../domain/quota/usage_months.ts";
import { inTurn } from "../in_turn.ts";
import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { EmailLeaseStore } from "../ports/quota/email_lease_store.ts";
import type { EmailUsageStore, HeldQuota, KeyedCount } from "../ports/quota/email_usage_store.ts";
import type { TenantPage } from "../ports/subscription/account_store.ts";
import { Recent } from "../recent.ts";
import { HeldLease, type LeaseSettings } from "./held_lease.ts";

/** A block is at most a twentieth of what remains. */
const BLOCK_SHARE = 20;
/** The most tenants whose latest usage is remembered. */
const MAX_SEEN_TENANTS = 10_000;

/** Dependencies of `LeasedEmailUsageStore`. */
export interface LeasedEmailUsagePorts {
  readonly usage: EmailUsageStore;
  readonly leases: EmailLeaseStore;
  readonly clock: Clock;
}

/**
 * Counts sends without a key from blocks that this process has reserved, most of them without a
 * call to the store. A held block counts as used, so all processes together never oversell. Blocks
 * shrink towards the ceiling; at the end, each send is counted individually.
 *
 * Results exclude what this process holds from `used`, but include what others hold.
 */
export class LeasedEmailUsageStore implements EmailUsageStore {
  readonly #ports: LeasedEmailUsagePorts;
  readonly #settings: LeaseSettings;
  readonly #held = new Map<string, HeldLease>();
  /**
   * The store's latest results for tenants without a lease, which determine the size of a first
   * block.
   */
  readonly #seen = new Recent<string, EmailUsage>(MAX_SEEN_TENANTS);
  readonly #inTurn = inTurn();

  constructor(ports: LeasedEmailUsagePorts, settings: LeaseSettings) {
    this.#ports = ports;
    this.#settings = settings;
  }

  /** {@inheritDoc} */
  async consume(
    tenantId: string,
    send: { count: number; now: Date },
  ): Promise<EmailUsage | undefined> {
    return (
      this.#held.get(tenantId)?.handOut(send) ??
      (await this.#inTurn(tenantId, () => this.#consumeSlowly(tenantId, send)))
    );
  }

  /** {@inheritDoc} */
  consumeHeld(tenantId: string, send: { count: number; now: Date }): HeldQuota | undefined {
    return this.#held.get(tenantId)?.handOutQuota(send);
  }

  async #consumeSlowly(
    tenantId: string,
    send: { count: number; now: Date },
  ): Promise<EmailUsage | undefined> {
    const held = this.#held.get(tenantId);
    if (held !== undefined) {
      if (!held.isValidAt(send.now)) {
        return undefined;
      }
      if (held.rest >= send.count) {
        const handed = held.handOut(send) ?? (await this.#extendAndHandOut(held, send));
        if (handed !== undefined) {
          return handed;
        }
      }
      await this.#end(held);
    }
    return (await this.#lease(tenantId, send)) ?? (await this.#consumeExactly(tenantId, send));
  }

  async #extendAndHandOut(
    held: HeldLease,
    send: { count: number; now: Date },
  ): Promise<EmailUsage | undefined> {
    const extended = await held.promise(send.count, send.now);
    return extended ? held.handOut(send) : undefined;
  }

  async #lease(
    tenantId: string,
    send: { count: number; now: Date },
  ): Promise<EmailUsage | undefined> {
    const seen = this.#seen.get(tenantId);
    const size = seen === undefined ? 0 : blockSize(seen, this.#settings);
    if (size < send.count * 2) {
      return undefined;
    }
    const { leases } = this.#ports;
    const held = await HeldLease.reserve(leases, {
      tenantId,
      size,
      first: send.count,
      now: send.now,
      settings: this.#settings,
    });
    if (held === undefined) {
      return undefined;
    }
    this.#held.set(tenantId, held);
    return held.handOut(send);
  }

  async #consumeExactly(
    tenantId: string,
    send: { count: number; now: Date },
  ): Promise<EmailUsage | undefined> {
    const usage = await this.#ports.usage.consume(tenantId, send);
    this.#see(tenantId, usage);
    return usage;
  }

  #see(tenantId: string, usage: EmailUsage | undefined): void {
    if (usage === undefined) {
      this.#seen.delete(tenantId);
    } else {
      this.#seen.set(tenantId, usage);
    }
  }

  async #end(held: HeldLease): Promise<void> {
    if (this.#held.get(held.tenantId) === held) {
      this.#held.delete(held.tenantId);
      this.#see(held.tenantId, held.usage);
    }
    await held.end(this.#ports.clock());
  }

  /** {@inheritDoc} */
  async find(tenantId: string): Promise<EmailUsage | undefined> {
    const usage = await this.#ports.usage.find(tenantId);
    return usage && this.#withoutHeld(usage);
  }

  /** {@inheritDoc} */
  async findMonths(tenantId: string): Promise<EmailMonths | undefined> {
    const months = await this.#ports.usage.findMonths(tenantId);
    const held = this.#held.get(tenantId);
    if (months === undefined || held === undefined) {
      return months;
    }
    const { month, period } = held.usage;
    const name = monthCountedIn(months.usage, { month: month || null, start: period.start });
    return { ...months, usage: useIn(months.usage, name, -held.rest) };
  }

  #withoutHeld(usage: EmailUsage): EmailUsage {
    const held = this.#held.get(usage.tenantId);
    return held === undefined || !held.isOf(usage)
      ? usage
      : { ...usage, used: Math.max(usage.used - held.rest, 0) };
  }

  /** {@inheritDoc} */
  async consumeOnce(
    tenantId: string,
    send: { key: string; count: number; now: Date },
  ): Promise<KeyedCount> {
    const keyed = await this.#ports.usage.consumeOnce(tenantId, send);
    const held = this.#held.get(tenantId);
    if (held === undefined) {
      return keyed;
    }
    if (keyed.type === "not_counted") {
      await this.#inTurn(tenantId, () => this.#end(held));
      return await this.#ports.usage.consumeOnce(tenantId, send);
    }
    return "usage" in keyed ? { ...keyed, usage: this.#withoutHeld(keyed.usage) } : keyed;
  }

  /** {@inheritDoc} */
  async giveBack(tenantId: string, send: { count: number; periodStart: Date }): Promise<void> {
    const kept = this.#held.get(tenantId)?.takeBack(send) ?? false;
    if (!kept) {
      await this.#ports.usage.giveBack(tenantId, send);
    }
  }

  /** {@inheritDoc} */
  release(tenantId: string, key: string, now: Date) {
    return this.#ports.usage.release(tenantId, key, now);
  }

  /** {@inheritDoc} */
  noteRefusal(tenantId: string, refusal: { periodStart: Date; at: Date }): Promise<void> {
    return this.#ports.usage.noteRefusal(tenantId, refusal);
  }

  /** {@inheritDoc} */
  tenants(page: TenantPage): Promise<readonly string[]> {
    return this.#ports.usage.tenants(page);
  }

  /** {@inheritDoc} */
  add(tenantId: string, count: number): Promise<void> {
    return this.#ports.usage.add(tenantId, count);
  }

  /** {@inheritDoc} */
  async refresh(tenantId: string, decide: DecideEmailMonths, now?: Date): Promise<EmailUsage> {
    const usage = await this.#ports.usage.refresh(tenantId, decide, now);
    const held = this.#held.get(tenantId);
    if (held === undefined) {
      this.#see(tenantId, usage);
      return usage;
    }
    if (held.isOf(usage)) {
      held.renew(usage);
      return this.#withoutHeld(usage);
    }
    await this.#end(held);
    return (await this.#ports.usage.find(tenantId)) ?? usage;
  }

  /**
   * Gives back leases that were idle for a while or whose plan has changed, and extends the others. A
   * tenant whose records cannot be read keeps no other waiting.
   *
   * @throws {PortError} when the store is down
   */
  async sweep(): Promise<void> {
    const now = this.#ports.clock();
    for (const held of [...this.#held.values()]) {
      try {
        await this.#inTurn(held.tenantId, async () => {
          if (held.isIdleAt(now) || !(await held.keepAlive(now)) || (await this.#isStale(held))) {
            await this.#end(held);
          }
        });
      } catch (error) {
        if (!(error instanceof PortError) || error.transient) {
          throw error;
        }
      }
    }
  }

  /** Whether another process has put another plan or period in force. */
  async #isStale(held: HeldLease): Promise<boolean> {
    const usage = await this.#ports.usage.find(held.tenantId);
    return usage !== undefined && !held.isOf(usage);
  }

  /** Gives back all leases; those that the store does not accept now are reclaimed later. */
  async close(): Promise<void> {
    for (const held of [...this.#held.values()]) {
      try {
        await this.#inTurn(held.tenantId, () => this.#end(held));
      } catch (error) {
        if (!(error instanceof PortError)) {
          throw error;
        }
      }
    }
  }
}

/**
 * A fraction of what remains, so that many processes get a share and the ceiling is met exactly.
 */
function blockSize({ limit, used }: EmailUsage, { quotaLeaseEmails }: LeaseSettings): number {
  const ceiling = emailCeiling(limit) ?? Infinity;
  return Math.max(Math.floor(Math.min(quotaLeaseEmails, (ceiling - used) / BLOCK_SHARE)), 0);
}
