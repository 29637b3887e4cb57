/** A case that somebody has to look at, above all money that gives nothing (P41). */
export interface AttentionItem {
  /** What the case is about: the same fact found again is the same item. See `attentionId`. */
  readonly id: string;
  /** One of `AttentionKind`; a database may have kinds that only a newer release knows. */
  readonly kind: string;
  /** `null` where it concerns no tenant. */
  readonly tenantId: string | null;
  /** What it is about, mostly the id of an object at the payment provider. */
  readonly subject: string;
  /** Since when it has been so. */
  readonly since: Date;
  /** What is the case, in a sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly action: string;
}

/**
 * What has become of an item.
 *
 * - `open`: somebody has to look at it.
 * - `resolved`: an operator has dealt with it. What caused it may still be seen; it is not raised
 *   again for that.
 * - `gone`: what caused it is gone. If that comes back, the item is raised again.
 */
export type AttentionState = "open" | "resolved" | "gone";

/** Every state of an item. */
export const ATTENTION_STATES: readonly AttentionState[] = ["open", "resolved", "gone"];

/** An item as it is kept. */
export interface AttentionRecord extends AttentionItem {
  readonly state: AttentionState;
  /** When it ceased to be open; `null` while it is. */
  readonly resolvedAt: Date | null;
  /** The operator who dealt with it; `null` while it is open, or went by itself. */
  readonly resolvedBy: string | null;
  /** Revision of the tenant's account at the look that last found it, or found it gone. */
  readonly revision: number;
}

const NO_TENANT = "-";

/** The id of an item. Neither kinds nor tenants' ids contain a colon. */
export function attentionId({
  kind,
  tenantId,
  subject,
}: Pick<AttentionItem, "kind" | "tenantId" | "subject">): string {
  return `${kind}:${tenantId ?? NO_TENANT}:${subject}`;
}

/** Whom the item with an id concerns; `undefined` for a text that is no item's id. */
export function tenantOfAttention(id: string): string | null | undefined {
  const tenantId = /^[a-z_]+:([^:]+):./su.exec(id)?.[1];
  return tenantId === NO_TENANT ? null : tenantId;
}
