import type { ContinueTopUps } from "../../application/tokens/top_ups/continue_top_ups.ts";
import type { SweepTopUps } from "../../application/tokens/top_ups/sweep_top_ups.ts";
import { repeat, type Worker } from "../../kit/repeat.ts";

/** Options of what buys the packs of automatic top-ups. */
export interface TopUpWorkerOptions {
  readonly continueTopUps: Pick<ContinueTopUps, "execute">;
  readonly sweepTopUps: Pick<SweepTopUps, "execute">;
  /** Pause between two looks for purchases that are due. Milliseconds. */
  readonly intervalMs: number;
  /** Pause between two sweeps over all tenants. Milliseconds. */
  readonly sweepIntervalMs: number;
  /** Most purchases, and most tenants, of one step. */
  readonly batchSize: number;
  /** Called for every purchase and step that failed; it is tried again. */
  onError(error: unknown): void;
}

/** Completes purchases that were begun, and begins those that were missed. Every replica may. */
export function startTopUps(options: TopUpWorkerOptions): Worker {
  const { continueTopUps, sweepTopUps, batchSize: limit, onError } = options;
  let after: string | undefined;
  const purchases = repeat({
    work: async (signal) => {
      const { continued, failures } = await continueTopUps.execute({ limit, signal });
      failures.forEach(onError);
      return continued === limit;
    },
    intervalMs: options.intervalMs,
    onError,
  });
  const sweep = repeat({
    work: async (signal) => {
      const { next, failures } = await sweepTopUps.execute({ after, limit, signal });
      failures.forEach(onError);
      after = next;
      return next !== undefined;
    },
    intervalMs: options.sweepIntervalMs,
    onError,
  });
  return {
    stop: async () => {
      await Promise.all([purchases.stop(), sweep.stop()]);
    },
  };
}
