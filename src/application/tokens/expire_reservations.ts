import { reserveKey } from "../../domain/tokens/token_ledger_spending.ts";
import type { ReservationReminder } from "../ports/tokens/token_reservation_store.ts";
import { type SettlingDependencies, settleOnce } from "./settle_reservation.ts";

/**
 * How long a reminder is kept whose reservation is not in the ledger: far longer than a call that
 * was to put it there can take.
 */
const ORPHAN_MS = 600_000;
const DEFAULT_LIMIT = 100;

/** Releases reservations that nobody has ended in time (P28). Any number of processes may do so. */
export class ExpireReservations {
  readonly #dependencies: SettlingDependencies;

  constructor(dependencies: SettlingDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Answers how many it released; at most `limit` are looked at, those of one tenant where it is
   * given, and none after `signal` is aborted.
   *
   * @throws {PortError}
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
    const ofTenant = tenantId === undefined ? {} : { tenantId };
    let released = 0;
    for (const reminder of await reservations.due({ now, limit, ...ofTenant })) {
      if (signal?.aborted) {
        break;
      }
      released += (await this.#expire(reminder, now)) ? 1 : 0;
    }
    return released;
  }

  async #expire({ tenantId, key, expiresAt }: ReservationReminder, now: Date): Promise<boolean> {
    const { ledger, reservations } = this.#dependencies;
    const reserved = await ledger.find(tenantId, reserveKey(key));
    if (reserved?.hold && reserved.hold.expiresAt > now) {
      await reservations.keep({ tenantId, key, expiresAt: reserved.hold.expiresAt });
      return false;
    }
    if (reserved === undefined) {
      if (expiresAt.getTime() + ORPHAN_MS <= now.getTime()) {
        await reservations.drop(tenantId, key);
      }
      return false;
    }
    const outcome = await settleOnce(this.#dependencies, {
      tenantId,
      key,
      used: 0,
      reason: "expired",
    });
    return outcome.type === "settled" && outcome.entry.at >= now;
  }
}
