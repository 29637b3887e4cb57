import type { ExpireReservations } from "../../application/tokens/expire_reservations.ts";
import type { SweepMonthlyTokens } from "../../application/tokens/sweep_monthly_tokens.ts";
import type { ContinueTopUps } from "../../application/tokens/top_ups/continue_top_ups.ts";
import type { SweepTopUps } from "../../application/tokens/top_ups/sweep_top_ups.ts";
import { repeat, type Worker } from "../../kit/repeat.ts";

/** Options of the token worker. */
export interface TokenWorkerOptions {
  readonly expireReservations: ExpireReservations;
  readonly sweepMonthlyTokens: SweepMonthlyTokens;
  readonly continueTopUps: ContinueTopUps;
  readonly sweepTopUps: SweepTopUps;
  /** Pause between two looks for reservations that have expired. Milliseconds. */
  readonly expiryIntervalMs: number;
  /** Pause between two looks for purchases of top-ups that are due. Milliseconds. */
  readonly topUpIntervalMs: number;
  /** Pause between two sweeps over all tenants. Milliseconds. */
  readonly sweepIntervalMs: number;
  /** Most reservations, and most tenants, of one step. */
  readonly batchSize: number;
  /** Called when a step failed; it is tried again after the pause. */
  onError(error: unknown): void;
}

/**
 * Releases reservations that have expired (P28), grants the tokens of months that have begun (P26),
 * and buys the packs of automatic top-ups. Every replica may do so.
 */
export function startTokenWorker(options: TokenWorkerOptions): Worker {
  const { expireReservations, sweepMonthlyTokens, batchSize: limit, onError } = options;
  const { continueTopUps, sweepTopUps } = options;
  let after: string | undefined;
  let toppedUp: string | undefined;
  const expiry = repeat({
    work: async (signal) => (await expireReservations.execute({ limit, signal })) === limit,
    intervalMs: options.expiryIntervalMs,
    onError,
  });
  const sweep = repeat({
    work: async (signal) => {
      const { next } = await sweepMonthlyTokens.execute({ after, limit, signal });
      after = next;
      return next !== undefined;
    },
    intervalMs: options.sweepIntervalMs,
    onError,
  });
  const topUps = repeat({
    work: async (signal) => {
      const { continued, failures } = await continueTopUps.execute({ limit, signal });
      failures.forEach(onError);
      return continued === limit;
    },
    intervalMs: options.topUpIntervalMs,
    onError,
  });
  const topUpSweep = repeat({
    work: async (signal) => {
      toppedUp = await sweepTopUps.execute({ after: toppedUp, limit, signal });
      return toppedUp !== undefined;
    },
    intervalMs: options.sweepIntervalMs,
    onError,
  });
  const all = [expiry, sweep, topUps, topUpSweep];
  return {
    stop: async () => {
      await Promise.all(all.map((each) => each.stop()));
    },
  };
}
