/**
 * Lets works on one tenant's ledger wait for each other within this process; each begins when the
 * one before has ended, whether or not it failed. Nobody waits for ever: a work that is too late is
 * given up, is told so by `isLate`, and its caller gets a `PortError`; so does whoever comes while
 * too many wait.
 */
export type LedgerTurns = <T>(
  tenantId: string,
  work: (turn: { readonly isLate: boolean }) => Promise<T>,
) => Promise<T>;
