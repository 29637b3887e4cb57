import type { ExpireReservations } from "../../application/tokens/expire_reservations.ts";
import type { SweepMonthlyTokens } from "../../application/tokens/sweep_monthly_tokens.ts";
import { repeat, type Worker } from "../../kit/repeat.ts";

/** Options of the token worker. */
export interface TokenWorkerOptions {
  readonly expireReservations: ExpireReservations;
  readonly sweepMonthlyTokens: SweepMonthlyTokens;
  /** Pause between two looks for reservations that have expired. Milliseconds. */
  readonly expiryIntervalMs: number;
  /** Pause between two sweeps over all tenants. Milliseconds. */
  readonly sweepIntervalMs: number;
  /** Most reservations, and most tenants, of one step. */
  readonly batchSize: number;
  /** Called for every tenant and step that failed; it is tried again. */
  onError(error: unknown): void;
}

/**
 * Releases reservations that have expired (P28), and grants the tokens of months that have begun
 * (P26). Every replica may do so.
 */
export function startTokenWorker(options: TokenWorkerOptions): Worker {
  const { expireReservations, sweepMonthlyTokens, batchSize: limit, onError } = options;
  let after: string | undefined;
  const expiry = repeat({
    work: async (signal) => (await expireReservations.execute({ limit, signal })) === limit,
    intervalMs: options.expiryIntervalMs,
    onError,
  });
  const sweep = repeat({
    work: async (signal) => {
      const { next, failures } = await sweepMonthlyTokens.execute({ after, limit, signal });
      failures.forEach(onError);
      after = next;
      return next !== undefined;
    },
    intervalMs: options.sweepIntervalMs,
    onError,
  });
  return {
    stop: async () => {
      await Promise.all([expiry.stop(), sweep.stop()]);
    },
  };
}
