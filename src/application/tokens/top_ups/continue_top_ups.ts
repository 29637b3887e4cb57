import { findPack } from "../../../domain/catalog/catalog.ts";
import { type PaperworkSettings, paperworkOf } from "../../../domain/catalog/paperwork.ts";
import { isEnded } from "../../../domain/subscription/billing_account.ts";
import { packKey } from "../../../domain/tokens/token_ledger_packs.ts";
import {
  creditTopUp,
  isStillWanted,
  type OpenTopUp,
  stopTopUp,
  type TopUp,
  withdrawTopUp,
} from "../../../domain/tokens/top_up.ts";
import type { CatalogStore } from "../../ports/catalog/catalog_store.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Announce } from "../../ports/notifications/announce.ts";
import { PortError } from "../../ports/port_error.ts";
import type { AccountStore } from "../../ports/subscription/account_store.ts";
import type { TokenLedgerStore } from "../../ports/tokens/token_ledger_store.ts";
import type { TokenPackPayments } from "../../ports/tokens/token_pack_payments.ts";
import type { TopUpStore } from "../../ports/tokens/top_up_store.ts";
import type { SyncTokenPacks } from "../sync_token_packs.ts";
import type { BeginTopUp } from "./begin_top_up.ts";

/** How long others leave a purchase to the process that continues it; then they continue it. */
const LEASE_MS = 60_000;
/** Pause before the next look at a payment that takes days, such as a bank debit. */
const PENDING_MS = 600_000;

/** The dependencies of `ContinueTopUps`. */
export interface ContinueTopUpsPorts {
  readonly topUps: TopUpStore;
  readonly accounts: Pick<AccountStore, "find">;
  readonly ledger: Pick<TokenLedgerStore, "find">;
  readonly catalog: Pick<CatalogStore, "read">;
  readonly packPayments: TokenPackPayments;
  readonly syncTokenPacks: SyncTokenPacks;
  readonly beginTopUp: BeginTopUp;
  readonly announce: Announce;
  readonly clock: Clock;
}

/** What was continued. */
export interface ContinuedTopUps {
  readonly continued: number;
  /** Why some were not; they are continued later. */
  readonly failures: readonly unknown[];
}

/**
 * Brings purchases that were begun to an end: charges the stored card, credits what is paid, stops
 * after a decline. Every step looks first at what is there, so it may be interrupted anywhere and
 * repeated by anybody. What the tenant does not want any more is not charged; what it wants instead
 * is begun.
 */
export class ContinueTopUps {
  readonly #ports: ContinueTopUpsPorts;
  readonly #settings: PaperworkSettings;

  constructor(ports: ContinueTopUpsPorts, settings: PaperworkSettings) {
    this.#ports = ports;
    this.#settings = settings;
  }

  /**
   * Continues at most `limit` purchases that are due; none once `signal` aborts.
   *
   * @throws {PortError}
   */
  async execute({
    limit,
    signal,
  }: {
    limit: number;
    signal?: AbortSignal;
  }): Promise<ContinuedTopUps> {
    const { topUps, clock } = this.#ports;
    const failures: unknown[] = [];
    let continued = 0;
    for (const topUp of await topUps.due({ now: clock(), limit })) {
      if (signal?.aborted) {
        break;
      }
      try {
        continued += (await this.#claimAndContinue(topUp)) ? 1 : 0;
      } catch (error) {
        failures.push(error);
      }
    }
    return { continued, failures };
  }

  async #claimAndContinue(topUp: TopUp): Promise<boolean> {
    const { topUps, clock } = this.#ports;
    const claimed = { ...topUp, dueAt: new Date(+clock() + LEASE_MS) };
    if (topUp.open === null || !(await topUps.save(claimed))) {
      return false;
    }
    await this.#continue({ ...claimed, version: claimed.version + 1 }, topUp.open);
    return true;
  }

  async #continue(topUp: TopUp, open: OpenTopUp): Promise<void> {
    const { topUps, packPayments, accounts, announce, beginTopUp, clock } = this.#ports;
    const { tenantId } = topUp;
    const { seq, packSlug } = open;
    const stop = (reason: string) => stopTopUp(topUp, { seq, packSlug, reason, now: clock() });
    const account = await accounts.find(tenantId);
    const hasEnded = account !== undefined && isEnded(account, clock());
    const customerId = account?.customerId ?? null;
    if (customerId === null) {
      await topUps.save(stop("no_customer"));
      return announce({ tenantId });
    }
    const catalog = await this.#ports.catalog.read();
    const pack = catalog && findPack(catalog, packSlug);
    const outcome = await packPayments.topUp({
      ...open,
      tenantId,
      customerId,
      automaticTax: paperworkOf(pack ?? {}, this.#settings).automaticTax,
      mayCharge: isStillWanted(topUp, pack) && !hasEnded,
    });
    switch (outcome.type) {
      case "paid":
        if (hasEnded) {
          await topUps.save(withdrawTopUp(topUp));
          return;
        }
        await this.#credit(topUp, outcome.invoiceId);
        await beginTopUp.execute({ tenantId });
        return;
      case "pending":
        await topUps.save({ ...topUp, dueAt: new Date(+clock() + PENDING_MS) });
        return;
      case "withdrawn":
        await topUps.save(withdrawTopUp(topUp));
        await beginTopUp.execute({ tenantId });
        return;
      case "refused":
        await topUps.save(stop(outcome.reason));
        return announce({ tenantId });
      default:
        outcome satisfies never;
    }
  }

  /** Credits what was paid, and counts it. */
  async #credit(topUp: TopUp, invoiceId: string): Promise<void> {
    const { syncTokenPacks, topUps, ledger } = this.#ports;
    const { tenantId } = topUp;
    await syncTokenPacks.execute({ tenantId });
    const entry = await ledger.find(tenantId, packKey(invoiceId));
    if (entry === undefined) {
      throw new PortError(`Cannot credit the top-up of "${tenantId}": its invoice is not listed`, {
        transient: true,
      });
    }
    await topUps.save(creditTopUp(topUp, entry));
  }
}
