/** A case that needs a person, above all money that gives nothing (P41). */
export interface AttentionItem {
  /** Identifies the fact: the same fact found again is the same item. See `attentionId`. */
  readonly id: string;
  /** One of `AttentionKind`; a database may hold kinds that only a newer release knows. */
  readonly kind: string;
  /** `null` when it concerns no tenant. */
  readonly tenantId: string | null;
  /** What it is about, usually the id of an object at the payment provider. */
  readonly subject: string;
  readonly since: Date;
  /** Describes the case in one sentence. */
  readonly message: string;
  /** Tells the operator what to do. */
  readonly action: string;
}

/**
 * The state of an item.
 *
 * - `open`: it waits for a person.
 * - `resolved`: an operator has dealt with it. Even if the cause is still there, it is not raised
 *   again.
 * - `gone`: its cause is gone. If the cause returns, the item is raised again.
 */
export type AttentionState = "open" | "resolved" | "gone";

export const ATTENTION_STATES: readonly AttentionState[] = ["open", "resolved", "gone"];

/** A change between open and no longer open. */
export interface AttentionTurn {
  readonly type: "raised" | "resolved";
  readonly at: Date;
}

/** The most untold turns kept with an item; then the oldest are forgotten. */
export const KEPT_TURNS = 100;

/** An item as stored. */
export interface AttentionRecord extends AttentionItem {
  readonly state: AttentionState;
  /** When it stopped being open; `null` while it is. */
  readonly resolvedAt: Date | null;
  /**
   * The operator who dealt with it; `null` while it is open or when its cause went away by itself.
   */
  readonly resolvedBy: string | null;
  /** The account's revision at the look that last found it, or found it gone. */
  readonly revision: number;
  /** How often it has turned; an item of an earlier release counts from then on. */
  readonly turns: number;
  /** The last of its turns, of which nobody was told yet, oldest first. */
  readonly untold: readonly AttentionTurn[];
}

/** The item of a record. */
export function itemOf(record: AttentionRecord): AttentionItem {
  const { id, kind, tenantId, subject, since, message, action } = record;
  return { id, kind, tenantId, subject, since, message, action };
}

const NO_TENANT = "-";

/** Builds an item's id. Neither kinds nor tenant ids contain a colon. */
export function attentionId({
  kind,
  tenantId,
  subject,
}: Pick<AttentionItem, "kind" | "tenantId" | "subject">): string {
  return `${kind}:${tenantId ?? NO_TENANT}:${subject}`;
}

/** Reads the tenant from an item's id; `undefined` if the text is not an item's id. */
export function tenantOfAttention(id: string): string | null | undefined {
  const tenantId = /^[a-z_]+:([^:]+):./su.exec(id)?.[1];
  return tenantId === NO_TENANT ? null : tenantId;
}
