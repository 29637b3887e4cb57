/**
 * Lets works on one tenant's ledger wait for each other within this process; each begins when the
 * one before has ended, whether or not it failed.
 */
export type LedgerTurns = <T>(tenantId: string, work: () => Promise<T>) => Promise<T>;
