import type { FieldChange } from "../catalog/field_change.ts";

/** Who or what changed an account (P38). */
export type ChangeCause =
  /** An event of the payment provider. */
  | { readonly type: "event"; readonly eventId: string; readonly eventType: string }
  /** A user's request; `userId` is the token's subject. */
  | { readonly type: "request"; readonly userId: string }
  /** A comparison with the payment provider that nobody asked for. */
  | { readonly type: "reconciliation" }
  /** An operator's command. */
  | { readonly type: "operator"; readonly name: string }
  /** The service that embeds billing, or background work. */
  | { readonly type: "service" };

/** The last change of an account, stored with it until the next one (P38). */
export interface AccountChange {
  /** The account's revision after the change. */
  readonly revision: number;
  readonly at: Date;
  readonly cause: ChangeCause;
  /** The changed fields, at least one, sorted by name. */
  readonly fields: readonly FieldChange[];
}

/** An entry of the audit trail. */
export interface AuditEntry extends AccountChange {
  readonly tenantId: string;
}
