import type { AttentionItem } from "../attention/attention_item.ts";

/** Something that an operator should know at once. */
export type BillingAlert = DuplicateAlert | AttentionAlert;

/** A tenant has paid for a second subscription (P18). */
export interface DuplicateAlert {
  readonly type: "duplicate_subscription";
  readonly tenantId: string;
  /** The subscription that counts. */
  readonly keptId: string;
  readonly duplicateId: string;
  /** `reported`: somebody has to decide. */
  readonly action: "ended" | "reported";
  /** What was given back, in minor units. */
  readonly refunded: number;
}

/** An item has come onto the list of what somebody has to look at (P41). */
export interface AttentionAlert {
  readonly type: "attention";
  /** `null` where it concerns no tenant. */
  readonly tenantId: string | null;
  readonly item: AttentionItem;
}
