/** What a service that can be killed is told. */
export interface Orders {
  readonly store:
    | { readonly kind: "sqlite"; readonly path: string }
    | { readonly kind: "mongodb"; readonly url: string };
  readonly stripeUrl: string;
  readonly webhookSecret: string;
  readonly port: number;
  /** How far its clock is ahead. Milliseconds. */
  readonly offsetMs: number;
  /** After how many calls of its store it says so. */
  readonly calls: number;
}

/** What seals the ledgers of all processes. */
export const LEDGER_KEYS: readonly string[] = [`2026:${"c".repeat(32)}`];
