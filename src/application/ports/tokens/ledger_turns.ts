import type { OrPromise } from "../or_promise.ts";

/**
 * Runs work on one tenant's ledger in turns within this process: each begins when the one before
 * has ended, successfully or not. Nobody waits forever: work that takes too long is abandoned and
 * learns so from `isLate`; its caller, and anybody who arrives while too many wait, gets a
 * `PortError`. Where nobody waits and the work is done at once, its answer is there at once.
 */
export type LedgerTurns = <T>(
  tenantId: string,
  work: (turn: { readonly isLate: boolean }) => OrPromise<T>,
) => OrPromise<T>;
