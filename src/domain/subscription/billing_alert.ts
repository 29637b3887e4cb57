import type { AttentionItem } from "../attention/attention_item.ts";

/** Something an operator should hear about at once. */
export type BillingAlert = DuplicateAlert | AttentionAlert;

/** A tenant paid for a second subscription (P18). */
export interface DuplicateAlert {
  readonly type: "duplicate_subscription";
  readonly tenantId: string;
  /** The subscription that counts. */
  readonly keptId: string;
  readonly duplicateId: string;
  /** `reported`: an operator has to decide. */
  readonly action: "ended" | "reported";
  /** The amount refunded, in minor units. */
  readonly refunded: number;
}

/** A new item on the attention list (P41). */
export interface AttentionAlert {
  readonly type: "attention";
  /** `null` if it concerns no tenant. */
  readonly tenantId: string | null;
  readonly item: AttentionItem;
}
