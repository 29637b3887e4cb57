import { requireKey } from "../../domain/text.ts";
import { type SettleOutcome, type SettlingDependencies, settleOnce } from "./settle_reservation.ts";

/** Releases a reservation whose tokens were not used; all of them come back (P28). */
export class ReleaseReservation {
  readonly #dependencies: SettlingDependencies;

  constructor(dependencies: SettlingDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Returns the same result when repeated, also for a reservation that has expired.
   *
   * @throws {TypeError} for an invalid key (P46)
   * @throws {PortError}
   */
  async execute({ tenantId, key }: { tenantId: string; key: string }): Promise<SettleOutcome> {
    const reservation = { tenantId, key: requireKey(key) };
    return await settleOnce(this.#dependencies, { ...reservation, used: 0, reason: null });
  }
}
