import type { BillingAccount } from "./billing_account.ts";

/** Who or what made an account change (P38). */
export type ChangeCause =
  /** An event of the payment provider. */
  | { readonly type: "event"; readonly eventId: string; readonly eventType: string }
  /** A request of a user, by the subject of the token. */
  | { readonly type: "request"; readonly userId: string }
  /** A comparison with the payment provider that was not asked for by anybody. */
  | { readonly type: "reconciliation" }
  /** A command of the operator. */
  | { readonly type: "operator"; readonly name: string }
  /** The service that embeds billing, or background work. */
  | { readonly type: "service" };

/** A value without parts; instants are ISO 8601 in UTC. */
export type PlainValue = string | number | boolean | null;

/** What became of one field of an account. */
export interface FieldChange {
  /** The way to it, as in `subscription.status` or `paidPeriod.charges.0.planSlug`. */
  readonly field: string;
  /** `null` where there was none. */
  readonly before: PlainValue;
  /** `null` where there is none any more. */
  readonly after: PlainValue;
}

/** What the last change of an account was: kept with the account until the next one (P38). */
export interface AccountChange {
  /** The revision that the account has by it. */
  readonly revision: number;
  readonly at: Date;
  readonly cause: ChangeCause;
  /** Only what changed, at least one field, in the order of their names. */
  readonly fields: readonly FieldChange[];
}

/** An entry of the audit trail. */
export interface AuditEntry extends AccountChange {
  readonly tenantId: string;
}

/** The fields that differ between two states of an account; its revision does not count. */
export function changedFields(
  before: BillingAccount,
  after: BillingAccount,
): readonly FieldChange[] {
  const [old, fresh] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .toSorted()
    .map((field) => ({
      field,
      before: old.get(field) ?? null,
      after: fresh.get(field) ?? null,
    }))
    .filter((change) => change.before !== change.after);
}

function leavesOf(account: BillingAccount): ReadonlyMap<string, PlainValue> {
  const { customerId, subscription, paidPeriod, checkout } = account;
  return new Map(leaves({ customerId, subscription, paidPeriod, checkout }, ""));
}

function* leaves(value: unknown, path: string): Generator<readonly [string, PlainValue]> {
  if (value instanceof Date) {
    yield [path, value.toISOString()];
  } else if (typeof value === "object" && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      yield* leaves(part, path === "" ? name : `${path}.${name}`);
    }
  } else if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    yield [path, value];
  }
}
