import type { FieldChange } from "../catalog/field_change.ts";

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
