import type { FieldChange, PlainValue } from "../../domain/catalog/field_change.ts";
import type { LedgerEntry } from "../../domain/tokens/token_ledger.ts";

/** The ways in which a tenant can differ from the payment provider (P37). */
export const DRIFT_KINDS = [
  "customer",
  "subscription",
  "status",
  "plan",
  "period",
  "cancellation",
  "dunning",
  "paid_period",
  "grant",
  "pack",
  "reversal",
  "duplicate",
] as const;

/** One of {@link DRIFT_KINDS}. */
export type DriftKind = (typeof DRIFT_KINDS)[number];

/** A difference between our data and the payment provider's. */
export interface Drift {
  readonly tenantId: string;
  readonly kind: DriftKind;
  /** Path of the field in the account, or key of the missing ledger entry. */
  readonly field: string;
  /** `null` if there is none. Dates are ISO 8601 in UTC. */
  readonly ours: PlainValue;
  readonly theirs: PlainValue;
}

const KINDS_OF_FIELDS: readonly (readonly [RegExp, DriftKind])[] = [
  [/^customerId$/, "customer"],
  [/^subscription\.id$/, "subscription"],
  [/^subscription\.status$/, "status"],
  [/^subscription\.(planSlug|interval|scheduledChange\..+)$/, "plan"],
  [/^subscription\.(period\.|trialEnd$)/, "period"],
  [/^subscription\.(cancelAt|endedAt)$/, "cancellation"],
  [/^owed\./, "dunning"],
  [/^settled\./, "paid_period"],
];

/**
 * Derives what was wrong with an account from the changes that corrected it, in their order. Counts
 * a field once, however often it changed; leaves out what the provider does not decide.
 */
export function accountDrift(tenantId: string, changes: readonly FieldChange[]): readonly Drift[] {
  const byField = new Map<string, FieldChange>();
  for (const change of changes) {
    const before = byField.get(change.field)?.before ?? change.before;
    byField.set(change.field, { ...change, before });
  }
  return [...byField.values()]
    .filter(({ before, after }) => before !== after)
    .flatMap(({ field, before: ours, after: theirs }) => {
      const kind = KINDS_OF_FIELDS.find(([pattern]) => pattern.test(field))?.[1];
      return kind === undefined ? [] : [{ tenantId, kind, field, ours, theirs }];
    });
}

/**
 * Derives what a ledger lacked from the entries that corrected it. Leaves out the free plan's
 * months, which the provider does not know.
 */
export function ledgerDrift(tenantId: string, entries: readonly LedgerEntry[]): readonly Drift[] {
  return entries.flatMap(({ kind, source, key, amount, expired }) =>
    kind === "pack" || kind === "reversal" || (kind === "grant" && source !== null)
      ? [{ tenantId, kind, field: key, ours: null, theirs: amount + expired }]
      : [],
  );
}
