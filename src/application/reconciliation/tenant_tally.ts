import type { Drift, DriftKind } from "./drift.ts";
import type { ReconciliationTarget } from "./reconciliation_targets.ts";

/** The result for one tenant. */
export interface TenantResult {
  readonly tenantId: string;
  readonly drift: readonly Drift[];
  /** Why the tenant is not fully corrected; `null` if it is. */
  readonly failure: string | null;
}

/** The results of many tenants. */
export interface TenantCounts {
  readonly tenants: number;
  /** How many of them needed a look: of the others, the provider's lists say what we know. */
  readonly looked: number;
  /** How many of them differed. */
  readonly drifted: number;
  /** How often each kind of difference was found; leaves out kinds that were not. */
  readonly drift: Readonly<Partial<Record<DriftKind, number>>>;
  /** How many tenants could not be corrected. */
  readonly failed: number;
}

/** Counts results as they come. */
export class TenantTally {
  failuresInARow = 0;
  readonly #onTenant: (result: TenantResult) => void;
  readonly #drift = new Map<DriftKind, number>();
  #tenants = 0;
  #looked = 0;
  #drifted = 0;
  #failed = 0;

  constructor(onTenant: (result: TenantResult) => void) {
    this.#onTenant = onTenant;
  }

  add(result: TenantResult, { confirmed }: ReconciliationTarget): void {
    const { drift, failure } = result;
    this.#tenants += 1;
    this.#looked += confirmed === undefined ? 1 : 0;
    this.#drifted += drift.length > 0 ? 1 : 0;
    this.#failed += failure === null ? 0 : 1;
    this.failuresInARow = failure === null ? 0 : this.failuresInARow + 1;
    for (const { kind } of drift) {
      this.#drift.set(kind, (this.#drift.get(kind) ?? 0) + 1);
    }
    this.#onTenant(result);
  }

  counts(): TenantCounts {
    return {
      tenants: this.#tenants,
      looked: this.#looked,
      drifted: this.#drifted,
      drift: Object.fromEntries(this.#drift),
      failed: this.#failed,
    };
  }
}
