import type { ToldAttention } from "./attention_notifications.ts";
import type { ToldQuota } from "./quota_notifications.ts";

/** How far a tenant's news have been told, by source. */
export interface Told {
  /** The account's revision; `null` before anything was told. */
  readonly revision: number | null;
  /** The number of the last entry of the ledger that was told. */
  readonly seq: number | null;
  readonly quota: ToldQuota | null;
  readonly attention: ToldAttention;
}

/** Of whom nothing has been told. */
export const NOTHING_TOLD: Told = { revision: null, seq: null, quota: null, attention: {} };
