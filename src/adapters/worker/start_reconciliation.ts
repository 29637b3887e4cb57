import type { Reconcile, ReconcileOutcome } from "../../application/reconciliation/reconcile.ts";
import type { TenantResult } from "../../application/reconciliation/tenant_tally.ts";
import { repeat, type Worker } from "../../kit/repeat.ts";

/** Options of the scheduled comparison with Stripe. */
export interface ReconciliationOptions {
  readonly reconcile: Reconcile;
  /** Pause between two runs. Milliseconds. */
  readonly intervalMs: number;
  /** Pause before the first run. Milliseconds. */
  readonly firstAfterMs: number;
  /** Called for every tenant that differed or could not be corrected. */
  onDifference(result: TenantResult): void;
  /** Called at the end of a run. */
  onDone(outcome: ReconcileOutcome): void;
  /** Called when a run failed as a whole; the next one starts after the pause. */
  onError(error: unknown): void;
}

/** Delay before the first run, so that a crash loop puts no load on Stripe. */
const SETTLED_AFTER_MS = 300_000;

/**
 * Compares all tenants with Stripe at regular intervals (P37). Every replica may do so; concurrent
 * runs are harmless. Stopping waits for the tenants in progress; of their requests, those that wait
 * for their turn at Stripe fail at once.
 */
export function startReconciliation(options: ReconciliationOptions): Worker {
  const { reconcile, onDifference, onDone, ...rest } = options;
  return repeat({
    work: async (signal) => {
      const onTenant = (result: TenantResult) => {
        if (result.drift.length > 0 || result.failure !== null) {
          onDifference(result);
        }
      };
      const outcome = await reconcile.execute({ signal, onTenant });
      onDone(outcome);
      return false;
    },
    ...rest,
  });
}

/**
 * When the first run of a process should begin, in milliseconds after its start: processes that
 * start together are spread over one interval.
 *
 * @param random a number in [0, 1)
 */
export function firstReconciliationMs(intervalMs: number, random: number): number {
  return SETTLED_AFTER_MS + Math.floor(random * intervalMs);
}
