import { type EmailUsage, emailCeiling } from "../../domain/quota/email_quota.ts";
import { inTurn } from "../in_turn.ts";
import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { EmailLeaseStore } from "../ports/quota/email_lease_store.ts";
import type { EmailUsageStore } from "../ports/quota/email_usage_store.ts";
import { Recent } from "../recent.ts";
import { HeldLease, type LeaseSettings } from "./held_lease.ts";

/** A block is at most a twentieth of what remains. */
const BLOCK_SHARE = 20;
/** The most tenants whose latest usage is remembered. */
const MAX_SEEN_TENANTS = 10_000;

/** What counting from leases needs. */
export interface LeasePorts {
  readonly usage: EmailUsageStore;
  readonly leases: EmailLeaseStore;
  readonly clock: Clock;
}

/** Keeps the blocks that this process has reserved, one per tenant: begins, sweeps and ends them. */
export class HeldLeases {
  readonly #ports: LeasePorts;
  readonly #settings: LeaseSettings;
  readonly #held = new Map<string, HeldLease>();
  /**
   * The store's latest results for tenants without a lease, which determine the size of a first
   * block.
   */
  readonly #seen = new Recent<string, EmailUsage>(MAX_SEEN_TENANTS);
  /** Whatever begins or ends a tenant's lease has to wait for its turn. */
  readonly inTurn = inTurn();

  constructor(ports: LeasePorts, settings: LeaseSettings) {
    this.#ports = ports;
    this.#settings = settings;
  }

  /** The lease that is held for a tenant. */
  of(tenantId: string): HeldLease | undefined {
    return this.#held.get(tenantId);
  }

  /** Takes note of what the store has said of a tenant without a lease. */
  see(tenantId: string, usage: EmailUsage | undefined): void {
    if (usage === undefined) {
      this.#seen.delete(tenantId);
    } else {
      this.#seen.set(tenantId, usage);
    }
  }

  /**
   * Reserves a block from which a send can be handed out at once; returns `undefined` where it is
   * not worth it, or the store has no room.
   *
   * @throws {PortError}
   */
  async begin(
    tenantId: string,
    { count, now }: { count: number; now: Date },
  ): Promise<HeldLease | undefined> {
    const seen = this.#seen.get(tenantId);
    const size = seen === undefined ? 0 : blockSize(seen, this.#settings);
    if (size < count * 2) {
      return undefined;
    }
    const block = { tenantId, size, first: count, now, settings: this.#settings };
    const held = await HeldLease.reserve(this.#ports.leases, block);
    if (held !== undefined) {
      this.#held.set(tenantId, held);
    }
    return held;
  }

  /** Gives back what is left of a lease. @throws {PortError} */
  async end(held: HeldLease): Promise<void> {
    if (this.#held.get(held.tenantId) === held) {
      this.#held.delete(held.tenantId);
      this.see(held.tenantId, held.usage);
    }
    await held.end(this.#ports.clock());
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
        await this.inTurn(held.tenantId, async () => {
          if (held.isIdleAt(now) || !(await held.keepAlive(now)) || (await this.#isStale(held))) {
            await this.end(held);
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
        await this.inTurn(held.tenantId, () => this.end(held));
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
