import type { Catalog } from "../../domain/catalog/catalog.ts";
import { accountEntitlement } from "../../domain/quota/month_look.ts";
import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import { UNEXPLAINED_KINDS } from "../../domain/subscription/findings/unexplained.ts";
import { isLookDue } from "../../domain/subscription/look_due.ts";
import { LOOK_KINDS } from "../../domain/subscription/look_findings.ts";
import { REVERSAL_KINDS } from "../../domain/subscription/reversal_findings.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import type { CauseScope } from "../ports/audit/cause_scope.ts";
import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { AccountRecordStore } from "../ports/subscription/account_store.ts";
import {
  type BackgroundPayments,
  EVENT_RETENTION_DAYS,
} from "../ports/subscription/payment_records.ts";
import { inParallel } from "./in_parallel.ts";
import type { NameForeign } from "./name_foreign.ts";
import { type ProviderLists, readLists } from "./read_lists.ts";
import {
  ReconcileTenant,
  type ReconcileTenantDependencies,
  type ReconcileTenantSettings,
} from "./reconcile_tenant.ts";
import {
  type ReconciliationScope,
  type ReconciliationTarget,
  reconciliationTargets,
} from "./reconciliation_targets.ts";
import type { SweepUndeliveredEvents, SweptEvents } from "./sweep_undelivered_events.ts";
import { type TenantCounts, type TenantResult, TenantTally } from "./tenant_tally.ts";

const DAY_MS = 86_400_000;
/** This many consecutive failures mean that the provider or the store is down. */
const MOST_FAILURES_IN_A_ROW = 25;
/** The kinds of items that looks raise and close. */
const JUDGED_KINDS = new Set<string>([...LOOK_KINDS, ...UNEXPLAINED_KINDS, ...REVERSAL_KINDS]);

/** What to compare; by default, all tenants. */
export interface ReconcileCommand {
  /** Only this tenant. */
  readonly tenantId?: string | undefined;
  /** Only tenants with events at the provider at this time or later. */
  readonly since?: Date | undefined;
  /** Compares without changing anything, here or at the provider. */
  readonly dryRun?: boolean;
  /** Looks at every tenant, even where the provider's lists show that nothing has changed. */
  readonly thorough?: boolean;
  /** Ends the run after the tenants in progress. */
  readonly signal?: AbortSignal;
  /** Called for every tenant that was compared or failed. */
  readonly onTenant?: (result: TenantResult) => void;
  /** Called with the number of objects read from the provider's lists, after each thousand. */
  readonly onListed?: (objects: number) => void;
}

/** The result of a run. */
export interface ReconciliationSummary extends TenantCounts {
  /** Undelivered events that were imported or, in a dry run, would be. */
  readonly events: number;
  /** Why some of what concerns no single tenant could not be done: events and payments. */
  readonly failures: readonly string[];
  /** Open attention items of all tenants (P41); `null` if they could not be counted. */
  readonly attention: number | null;
  /** False if the run was stopped, or gave up because everything failed. */
  readonly complete: boolean;
}

/** The outcome of a run. */
export type ReconcileOutcome =
  | ({ readonly type: "reconciled" } & ReconciliationSummary)
  /** The provider does not keep events that long. */
  | { readonly type: "since_too_early"; readonly earliest: Date };

/** The dependencies of a run, apart from the payment provider. */
export interface ReconcileDependencies
  extends Omit<ReconcileTenantDependencies, "payments" | "snapshots" | "packPayments"> {
  /** Returns the provider for the duration of a run, within the rate of background work. */
  readonly background: (signal: AbortSignal) => BackgroundPayments;
  /** Lists the accounts of all tenants. */
  readonly records: Pick<AccountRecordStore, "list">;
  readonly sweepUndeliveredEvents: SweepUndeliveredEvents;
  readonly nameForeign: NameForeign;
  readonly causes: CauseScope;
  readonly clock: Clock;
}

/**
 * Compares the store with the payment provider, tenant by tenant, and corrects every difference
 * (P37); then imports the events that the provider could not deliver. It can be stopped, repeated
 * and run by several processes at once, because it corrects each tenant with the use cases that
 * events run.
 */
export class Reconcile {
  readonly #dependencies: ReconcileDependencies;
  readonly #settings: ReconcileTenantSettings;

  constructor(dependencies: ReconcileDependencies, settings: ReconcileTenantSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
  }

  /** @throws {PortError} if the list of tenants cannot be read */
  async execute(command: ReconcileCommand): Promise<ReconcileOutcome> {
    const { since } = command;
    const earliest = this.#earliest();
    return since !== undefined && since < earliest
      ? { type: "since_too_early", earliest }
      : await this.#dependencies.causes.run({ type: "reconciliation" }, () => this.#run(command));
  }

  /** How far back the provider keeps events. */
  #earliest(): Date {
    return new Date(this.#dependencies.clock().getTime() - EVENT_RETENTION_DAYS * DAY_MS);
  }

  async #run(command: ReconcileCommand): Promise<ReconcileOutcome> {
    const { dryRun = false, onTenant = () => undefined } = command;
    const signal = command.signal ?? new AbortController().signal;
    const payments = this.#dependencies.background(signal);
    const { gateway, snapshots, packs } = payments;
    const tenant = new ReconcileTenant(
      { ...this.#dependencies, payments: gateway, snapshots, packPayments: packs },
      this.#settings,
    );
    const tally = new TenantTally(onTenant);
    const goesOn = () => !signal.aborted && tally.failuresInARow < MOST_FAILURES_IN_A_ROW;
    const scope = await unlessStopped(this.#scope(command, payments), signal);
    if (scope !== undefined) {
      const targets = reconciliationTargets({ ...this.#dependencies, payments }, scope);
      await inParallel(targets, goesOn, async (target) => {
        tally.add(await resultOf(tenant, { ...target, dryRun }), target);
      });
    }
    const complete = goesOn();
    const swept =
      complete && command.tenantId === undefined
        ? await this.#sweep({ ...payments, dryRun, signal })
        : { events: 0, failures: [] };
    const unnamed =
      complete && scope !== undefined && "lists" in scope && !dryRun && !signal.aborted
        ? await this.#nameForeign({ payments, ...scope.lists, signal })
        : [];
    const attention = await countOpen(this.#dependencies);
    const unfollowed = scope !== undefined && "failures" in scope ? scope.failures : [];
    const failures = [...unfollowed, ...swept.failures, ...unnamed].map(messageOf);
    const summary = { ...tally.counts(), events: swept.events, failures, attention };
    return { type: "reconciled", ...summary, complete: complete && goesOn() };
  }

  /** What cannot be listed keeps nothing else from being done. */
  async #sweep(work: Parameters<SweepUndeliveredEvents["execute"]>[0]): Promise<SweptEvents> {
    try {
      return await this.#dependencies.sweepUndeliveredEvents.execute(work);
    } catch (error) {
      return { events: 0, failures: [error] };
    }
  }

  /** Returns why some could not be named. */
  async #nameForeign(work: Parameters<NameForeign["execute"]>[0]): Promise<readonly unknown[]> {
    try {
      return await this.#dependencies.nameForeign.execute(work);
    } catch (error) {
      return [error];
    }
  }

  /** Asks the provider first: if it is unreachable, no tenant is begun. */
  async #scope(
    { tenantId, since, thorough = false, onListed = () => undefined }: ReconcileCommand,
    { records }: BackgroundPayments,
  ): Promise<ReconciliationScope> {
    if (tenantId !== undefined) {
      return { tenantId };
    }
    if (since !== undefined) {
      return { since, failures: [] };
    }
    const now = this.#dependencies.clock();
    const catalog = await requireCatalog(this.#dependencies.catalog);
    const reading = { catalog, now, reversedSince: this.#earliest(), onListed };
    const lists = await readLists({ ...this.#dependencies, records }, reading);
    const confirm = (account: BillingAccount) => this.#confirm(account, { lists, catalog });
    return { lists, confirm: thorough ? async () => false : confirm };
  }

  /** Whether an account needs no look: nothing is due or open, and the lists confirm it. */
  async #confirm(
    account: BillingAccount,
    { lists, catalog }: { lists: ProviderLists; catalog: Catalog },
  ): Promise<boolean> {
    const { attention, clock } = this.#dependencies;
    const now = clock();
    const { month } = accountEntitlement(account, catalog, { ...this.#settings, now });
    if (!lists.customers.confirm(account, now) || isLookDue(account, month, now)) {
      return false;
    }
    const known = await attention.known(account.tenantId);
    return !known.some(({ kind, state }) => state === "open" && JUDGED_KINDS.has(kind));
  }
}

/** Returns what work brings; `undefined` if it failed because it was stopped. */
async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (signal.aborted) {
      return undefined;
    }
    throw error;
  }
}

async function countOpen({
  attention,
}: Pick<ReconcileDependencies, "attention">): Promise<number | null> {
  try {
    return await attention.countOpen();
  } catch (error) {
    if (error instanceof PortError) {
      return null;
    }
    throw error;
  }
}

/** Compares a tenant; its failure does not stop the others. */
async function resultOf(
  tenant: ReconcileTenant,
  command: ReconciliationTarget & { dryRun: boolean },
): Promise<TenantResult> {
  const { tenantId, failure: reason } = command;
  try {
    if (reason !== undefined) {
      throw reason;
    }
    const { drift, undecided } = await tenant.execute(command);
    const failure = `an operator has to decide about a second live subscription: ${undecided.join()}`;
    return { tenantId, drift, failure: undecided.length === 0 ? null : failure };
  } catch (error) {
    return { tenantId, drift: [], failure: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown error";
}
