import type { FieldChange, PlainValue } from "../../domain/catalog/field_change.ts";
import type { LedgerEntry } from "../../domain/tokens/token_ledger.ts";

/** In what a tenant can differ from the payment provider (P37). */
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
  /** Path of the field in the account, or key of the ledger entry that is missing. */
  readonly field: string;
  /** `null` where there is nothing. Instants are ISO 8601 in UTC. */
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
 * What was wrong with an account, from the changes that put it right, in their order. A field that
 * was changed several times counts once; what the provider does not decide is left out.
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
 * What a ledger lacked, from the entries that put it right. The free plan's months are nothing that
 * the provider knows of.
 */
export function ledgerDrift(tenantId: string, entries: readonly LedgerEntry[]): readonly Drift[] {
  return entries.flatMap(({ kind, source, key, amount, expired }) =>
    kind === "pack" || kind === "reversal" || (kind === "grant" && source !== null)
      ? [{ tenantId, kind, field: key, ours: null, theirs: amount + expired }]
      : [],
  );
}
