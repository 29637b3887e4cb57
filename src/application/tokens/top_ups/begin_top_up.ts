import { findPack } from "../../../domain/catalog/catalog.ts";
import { beginTopUp, TOP_UP_MARK } from "../../../domain/tokens/top_up.ts";
import type { CatalogStore } from "../../ports/catalog/catalog_store.ts";
import type { Clock, IsClockTrusted } from "../../ports/clock.ts";
import type { Announce } from "../../ports/notifications/announce.ts";
import {
  type TokenLedgerStore,
  UnreadableLedgerError,
} from "../../ports/tokens/token_ledger_store.ts";
import type { TopUpStore } from "../../ports/tokens/top_up_store.ts";

/** How long to believe that no tenant has an automatic top-up. */
const NONE_FOR_MS = 2_000;

/** The dependencies of `BeginTopUp`. */
export interface BeginTopUpPorts {
  readonly topUps: TopUpStore;
  readonly ledger: Pick<TokenLedgerStore, "last">;
  readonly catalog: CatalogStore;
  readonly clock: Clock;
  /** A month that a wrong clock begins would allow more purchases. */
  readonly isClockTrusted: IsClockTrusted;
  readonly announce: Announce;
}

/**
 * Begins a purchase where a tenant's tokens have fallen below its threshold; `ContinueTopUps`
 * completes it. One conditional save decides among any number of processes, so a crossing never
 * begins two purchases, and no more begin in a month than the tenant allows. Reads the record
 * before the ledger: an entry that a purchase credited meanwhile is never taken for a crossing.
 */
export class BeginTopUp {
  readonly #ports: BeginTopUpPorts;
  #noneUntilMs = Number.NEGATIVE_INFINITY;
  #isMarked = false;

  constructor(ports: BeginTopUpPorts) {
    this.#ports = ports;
  }

  /**
   * Looks at one tenant; returns whether a purchase was begun.
   *
   * @throws {PortError}
   */
  async execute({ tenantId }: { tenantId: string }): Promise<boolean> {
    const { topUps, ledger, catalog, clock, isClockTrusted, announce } = this.#ports;
    const topUp = await topUps.find(tenantId);
    this.#isMarked ||= topUp !== undefined;
    if (topUp === undefined || !topUp.enabled || topUp.open !== null || !isClockTrusted()) {
      return false;
    }
    try {
      const last = await ledger.last(tenantId);
      const sold = await catalog.read();
      const pack = sold && findPack(sold, topUp.packSlug);
      const next = beginTopUp(topUp, last, { pack, now: clock() });
      const isSaved = next !== undefined && (await topUps.save(next));
      if (isSaved && next.stopped !== null) {
        announce({ tenantId });
      }
      return isSaved && next.open !== null;
    } catch (error) {
      if (error instanceof UnreadableLedgerError) {
        return false;
      }
      throw error;
    }
  }

  /**
   * Looks at a tenant that something has happened to. Costs nothing while no tenant has a top-up.
   *
   * @throws {PortError}
   */
  async hear({ tenantId }: { tenantId: string | null }): Promise<void> {
    if (tenantId !== null && (this.#isMarked || (await this.#isFirstSeen()))) {
      await this.execute({ tenantId });
    }
  }

  /** Looks whether there is a top-up by now, unless there was none a moment ago. */
  async #isFirstSeen(): Promise<boolean> {
    if (performance.now() < this.#noneUntilMs) {
      return false;
    }
    this.#isMarked = (await this.#ports.topUps.find(TOP_UP_MARK)) !== undefined;
    this.#noneUntilMs = performance.now() + NONE_FOR_MS;
    return this.#isMarked;
  }
}
