import { findPack } from "../../../domain/catalog/catalog.ts";
import { fieldChanges } from "../../../domain/catalog/field_change.ts";
import {
  boughtInMonth,
  newTopUp,
  TOP_UP_MARK,
  type TopUp,
  type TopUpSettings,
  type TopUpStop,
  withSettings,
} from "../../../domain/tokens/top_up.ts";
import { requireCatalog } from "../../catalog/require_catalog.ts";
import type { NoteChange } from "../../ports/audit/note_change.ts";
import type { CatalogStore } from "../../ports/catalog/catalog_store.ts";
import type { Clock } from "../../ports/clock.ts";
import { PortError } from "../../ports/port_error.ts";
import type { AccountStore } from "../../ports/subscription/account_store.ts";
import { requireNotEnding } from "../../ports/tenant_ended_error.ts";
import type { TopUpStore } from "../../ports/tokens/top_up_store.ts";
import type { BeginTopUp } from "./begin_top_up.ts";

const MAX_ATTEMPTS = 20;

/** A tenant's automatic top-up as shown to people. */
export interface AutoTopUpView {
  readonly enabled: boolean;
  /** `null` until the tenant has chosen one. */
  readonly belowTokens: number | null;
  readonly packSlug: string | null;
  readonly maxPerMonth: number | null;
  /** Packs bought by it in this calendar month, UTC. */
  readonly boughtThisMonth: number;
  /** Why it was switched off by itself; `null` if it was not. */
  readonly stopped: TopUpStop | null;
}

/** The outcome of changing the settings. */
export type ChangeAutoTopUpOutcome =
  | { readonly type: "changed"; readonly autoTopUp: AutoTopUpView }
  | { readonly type: "unknown_pack"; readonly packSlug: string }
  | { readonly type: "pack_not_purchasable"; readonly packSlug: string; readonly reason: string }
  /** The tenant has never paid, so there can be no card to charge. */
  | { readonly type: "no_customer" };

/** Shows a tenant's automatic top-up. */
export class ReadAutoTopUp {
  readonly #topUps: TopUpStore;
  readonly #clock: Clock;

  constructor(ports: { topUps: TopUpStore; clock: Clock }) {
    this.#topUps = ports.topUps;
    this.#clock = ports.clock;
  }

  /** @throws {PortError} */
  async execute({ tenantId }: { tenantId: string }): Promise<AutoTopUpView> {
    const topUp = (await this.#topUps.find(tenantId)) ?? newTopUp(tenantId);
    return viewOf(topUp, this.#clock());
  }
}

/** Sets when token packs are bought by themselves for a tenant, and how many at most. */
export class ChangeAutoTopUp {
  readonly #topUps: TopUpStore;
  readonly #accounts: Pick<AccountStore, "find">;
  readonly #catalog: CatalogStore;
  readonly #beginTopUp: BeginTopUp;
  readonly #noteChange: NoteChange;
  readonly #clock: Clock;

  constructor(dependencies: {
    topUps: TopUpStore;
    accounts: Pick<AccountStore, "find">;
    catalog: CatalogStore;
    beginTopUp: BeginTopUp;
    noteChange: NoteChange;
    clock: Clock;
  }) {
    this.#topUps = dependencies.topUps;
    this.#accounts = dependencies.accounts;
    this.#catalog = dependencies.catalog;
    this.#beginTopUp = dependencies.beginTopUp;
    this.#noteChange = dependencies.noteChange;
    this.#clock = dependencies.clock;
  }

  /**
   * Where it is switched on and too few tokens are left already, a purchase is begun at once. What
   * had stopped it is forgotten.
   *
   * @throws {PortError}
   */
  async execute({
    tenantId,
    ...settings
  }: TopUpSettings & { tenantId: string }): Promise<ChangeAutoTopUpOutcome> {
    const { packSlug, enabled } = settings;
    const pack = findPack(await requireCatalog(this.#catalog), packSlug);
    if (pack === undefined) {
      return { type: "unknown_pack", packSlug };
    }
    if (enabled && !pack.active) {
      return { type: "pack_not_purchasable", packSlug, reason: "it is no longer offered" };
    }
    const account = await this.#accounts.find(tenantId);
    if (account !== undefined && enabled) {
      requireNotEnding(account);
    }
    if (enabled && (account?.customerId ?? null) === null) {
      return { type: "no_customer" };
    }
    const { before, after } = await this.#save(tenantId, settings);
    const fields = fieldChanges({ autoTopUp: settingsOf(before) }, { autoTopUp: settings });
    if (fields.length > 0) {
      await this.#noteChange({ tenantId, fields });
    }
    await this.#beginTopUp.execute({ tenantId });
    return { type: "changed", autoTopUp: viewOf(after, this.#clock()) };
  }

  /** The mark comes first: without it, nobody looks for the record. */
  async #save(tenantId: string, settings: TopUpSettings) {
    if ((await this.#topUps.find(TOP_UP_MARK)) === undefined) {
      await this.#topUps.save(newTopUp(TOP_UP_MARK));
    }
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const before = (await this.#topUps.find(tenantId)) ?? newTopUp(tenantId);
      const after = withSettings(before, settings);
      if (await this.#topUps.save(after)) {
        return { before, after };
      }
    }
    throw new PortError(`Cannot save the top-up of "${tenantId}": too many changes at once`, {
      transient: true,
    });
  }
}

function settingsOf({ enabled, belowTokens, packSlug, maxPerMonth }: TopUp): TopUpSettings {
  return { enabled, belowTokens, packSlug, maxPerMonth };
}

function viewOf(topUp: TopUp, now: Date): AutoTopUpView {
  const isChosen = topUp.packSlug !== "";
  return {
    enabled: topUp.enabled,
    belowTokens: isChosen ? topUp.belowTokens : null,
    packSlug: isChosen ? topUp.packSlug : null,
    maxPerMonth: isChosen ? topUp.maxPerMonth : null,
    boughtThisMonth: boughtInMonth(topUp, now),
    stopped: topUp.stopped,
  };
}
