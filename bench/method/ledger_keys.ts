/** The key that seals the benches' ledgers, as in production. */
export const LEDGER_KEYS = [`bench:${"0123456789abcdef".repeat(4)}`];
