import { reserveKey } from "../../domain/tokens/token_ledger_spending.ts";
import type { ReservationReminder } from "../ports/tokens/token_reservation_store.ts";
import { type SettlingDependencies, settleOnce } from "./settle_reservation.ts";

/**
 * How long to postpone a check without a result: far longer than a call can take to add the
 * reservation to the ledger.
 */
const PATIENCE_MS = 600_000;
const DEFAULT_LIMIT = 100;

/**
 * Releases reservations that nobody has ended in time (P28). Any number of processes may do so.
 * Checking a reminder ends or postpones it, so none blocks the others; tenants take turns.
 */
export class ExpireReservations {
  readonly #dependencies: SettlingDependencies;
  /** The tenant whose turn was last. */
  #after = "";

  constructor(dependencies: SettlingDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Releases expired reservations and returns how many. Checks at most `limit`: those of one tenant
   * if it is given, otherwise the same number for each tenant; none once `signal` aborts. A failure
   * leaves the others as they are.
   *
   * @throws {PortError} the first failure, after all were checked
   */
  async execute({
    tenantId,
    limit = DEFAULT_LIMIT,
    signal,
  }: {
    tenantId?: string;
    limit?: number;
    signal?: AbortSignal;
  } = {}): Promise<number> {
    const { reservations, clock } = this.#dependencies;
    const now = clock();
    const tenants = tenantId === undefined ? await this.#nextTenants(now, limit) : [tenantId];
    const share = Math.max(1, Math.floor(limit / tenants.length));
    const failures: unknown[] = [];
    let released = 0;
    for (const tenant of tenants) {
      try {
        const due = await reservations.due({ now, limit: share, tenantId: tenant });
        released += await this.#expireAll(due, { now, failures, signal });
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) {
      throw failures[0];
    }
    return released;
  }

  /** Releases those of one tenant; one that fails is put off. Returns how many were released. */
  async #expireAll(
    due: readonly ReservationReminder[],
    { now, failures, signal }: { now: Date; failures: unknown[]; signal?: AbortSignal | undefined },
  ): Promise<number> {
    let released = 0;
    for (const reminder of due) {
      if (signal?.aborted) {
        break;
      }
      try {
        released += (await this.#expire(reminder, now)) ? 1 : 0;
      } catch (error) {
        failures.push(error);
        await this.#dependencies.reservations.postpone(reminder, new Date(+now + PATIENCE_MS));
      }
    }
    return released;
  }

  /** Returns the tenants after those of the last time, and starts over after the last one. */
  async #nextTenants(now: Date, limit: number): Promise<readonly string[]> {
    const { reservations } = this.#dependencies;
    let tenants = await reservations.dueTenants({ now, limit, after: this.#after });
    if (tenants.length === 0 && this.#after !== "") {
      tenants = await reservations.dueTenants({ now, limit });
    }
    this.#after = tenants.length < limit ? "" : (tenants.at(-1) ?? "");
    return tenants;
  }

  async #expire(reminder: ReservationReminder, now: Date): Promise<boolean> {
    const { tenantId, key } = reminder;
    const { ledger, reservations } = this.#dependencies;
    const reserved = await ledger.find(tenantId, reserveKey(key));
    if (reserved === undefined) {
      await this.#endOrphan(reminder, now);
      return false;
    }
    if (reserved.hold && reserved.hold.expiresAt > now) {
      const { hold, seq } = reserved;
      await reservations.keep({ tenantId, key, expiresAt: hold.expiresAt, seq });
      return false;
    }
    const settlement = { tenantId, key, used: 0, reason: "expired" };
    const outcome = await settleOnce(this.#dependencies, settlement);
    return outcome.type === "settled" && outcome.entry.at >= now;
  }

  /**
   * Drops a reminder whose reservation was never made. Reads the last entry before looking for the
   * reservation again: if it is missing then, it has no number up to that one.
   */
  async #endOrphan(reminder: ReservationReminder, now: Date): Promise<void> {
    const { tenantId, key, expiresAt, seq } = reminder;
    const { ledger, reservations } = this.#dependencies;
    const last = (await ledger.last(tenantId))?.seq ?? 0;
    if ((await ledger.find(tenantId, reserveKey(key))) !== undefined) {
      return;
    }
    const until = new Date(expiresAt.getTime() + PATIENCE_MS);
    if ((seq !== null && seq <= last) || until <= now) {
      await reservations.dropFailed(tenantId, key, Math.max(last, seq ?? 0));
    } else {
      await reservations.postpone(reminder, until);
    }
  }
}
