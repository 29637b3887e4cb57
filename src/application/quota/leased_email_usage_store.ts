import type { DecideEmailMonths, EmailMonths } from "../../domain/quota/email_months.ts";
import type { EmailUsage } from "../../domain/quota/email_quota.ts";
import { monthCountedIn, useIn } from "../../domain/quota/usage_months.ts";
import type { EmailUsageStore, HeldQuota, KeyedCount } from "../ports/quota/email_usage_store.ts";
import type { TenantPage } from "../ports/subscription/account_store.ts";
import type { HeldLease, LeaseSettings } from "./held_lease.ts";
import { HeldLeases, type LeasePorts } from "./held_leases.ts";

/**
 * Counts sends without a key from blocks that this process has reserved, most of them without a
 * call to the store. A held block counts as used, so all processes together never oversell. Blocks
 * shrink towards the ceiling; at the end, each send is counted individually.
 *
 * Results exclude what this process holds from `used`, but include what others hold.
 */
export class LeasedEmailUsageStore implements EmailUsageStore {
  readonly #usage: EmailUsageStore;
  readonly #leases: HeldLeases;

  constructor(ports: LeasePorts, settings: LeaseSettings) {
    this.#usage = ports.usage;
    this.#leases = new HeldLeases(ports, settings);
  }

  /** {@inheritDoc} */
  async consume(
    tenantId: string,
    send: { count: number; now: Date },
  ): Promise<EmailUsage | undefined> {
    return (
      this.#leases.of(tenantId)?.handOut(send) ??
      (await this.#leases.inTurn(tenantId, () => this.#consumeSlowly(tenantId, send)))
    );
  }

  /** {@inheritDoc} */
  consumeHeld(tenantId: string, send: { count: number; now: Date }): HeldQuota | undefined {
    return this.#leases.of(tenantId)?.handOutQuota(send);
  }

  async #consumeSlowly(
    tenantId: string,
    send: { count: number; now: Date },
  ): Promise<EmailUsage | undefined> {
    const held = this.#leases.of(tenantId);
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
      await this.#leases.end(held);
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
    const held = await this.#leases.begin(tenantId, send);
    return held?.handOut(send);
  }

  async #consumeExactly(
    tenantId: string,
    send: { count: number; now: Date },
  ): Promise<EmailUsage | undefined> {
    const usage = await this.#usage.consume(tenantId, send);
    this.#leases.see(tenantId, usage);
    return usage;
  }

  /** {@inheritDoc} */
  async find(tenantId: string): Promise<EmailUsage | undefined> {
    const usage = await this.#usage.find(tenantId);
    return usage && this.#withoutHeld(usage);
  }

  /** {@inheritDoc} */
  async findMonths(tenantId: string): Promise<EmailMonths | undefined> {
    const months = await this.#usage.findMonths(tenantId);
    const held = this.#leases.of(tenantId);
    if (months === undefined || held === undefined) {
      return months;
    }
    const { month, period } = held.usage;
    const name = monthCountedIn(months.usage, { month: month || null, start: period.start });
    return { ...months, usage: useIn(months.usage, name, -held.rest) };
  }

  #withoutHeld(usage: EmailUsage): EmailUsage {
    const held = this.#leases.of(usage.tenantId);
    return held === undefined || !held.isOf(usage)
      ? usage
      : { ...usage, used: Math.max(usage.used - held.rest, 0) };
  }

  /** {@inheritDoc} */
  async consumeOnce(
    tenantId: string,
    send: { key: string; count: number; now: Date },
  ): Promise<KeyedCount> {
    const keyed = await this.#usage.consumeOnce(tenantId, send);
    const held = this.#leases.of(tenantId);
    if (held === undefined) {
      return keyed;
    }
    if (keyed.type === "not_counted") {
      await this.#leases.inTurn(tenantId, () => this.#leases.end(held));
      return await this.#usage.consumeOnce(tenantId, send);
    }
    return "usage" in keyed ? { ...keyed, usage: this.#withoutHeld(keyed.usage) } : keyed;
  }

  /** {@inheritDoc} */
  async giveBack(tenantId: string, send: { count: number; periodStart: Date }): Promise<void> {
    const kept = this.#leases.of(tenantId)?.takeBack(send) ?? false;
    if (!kept) {
      await this.#usage.giveBack(tenantId, send);
    }
  }

  /** {@inheritDoc} */
  release(tenantId: string, key: string, now: Date) {
    return this.#usage.release(tenantId, key, now);
  }

  /** {@inheritDoc} */
  noteRefusal(tenantId: string, refusal: { periodStart: Date; at: Date }): Promise<void> {
    return this.#usage.noteRefusal(tenantId, refusal);
  }

  /** {@inheritDoc} */
  tenants(page: TenantPage): Promise<readonly string[]> {
    return this.#usage.tenants(page);
  }

  /** {@inheritDoc} */
  add(tenantId: string, count: number): Promise<void> {
    return this.#usage.add(tenantId, count);
  }

  /** {@inheritDoc} */
  async refresh(tenantId: string, decide: DecideEmailMonths, now?: Date): Promise<EmailUsage> {
    const usage = await this.#usage.refresh(tenantId, decide, now);
    const held = this.#leases.of(tenantId);
    if (held === undefined) {
      this.#leases.see(tenantId, usage);
      return usage;
    }
    if (held.isOf(usage)) {
      held.renew(usage);
      return this.#withoutHeld(usage);
    }
    await this.#leases.end(held);
    return (await this.#usage.find(tenantId)) ?? usage;
  }

  /**
   * Gives back leases that nobody needs, and extends the others; see `HeldLeases`.
   *
   * @throws {PortError} when the store is down
   */
  sweep(): Promise<void> {
    return this.#leases.sweep();
  }

  /** Gives back all leases; those that the store does not accept now are reclaimed later. */
  close(): Promise<void> {
    return this.#leases.close();
  }
}
