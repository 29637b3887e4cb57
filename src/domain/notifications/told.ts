import type { ToldQuota } from "./quota_notifications.ts";

/** How far a tenant has been notified, by source. */
export interface Told {
  /** The account's revision; `null` before the first notification. */
  readonly revision: number | null;
  /** The number of the last notified ledger entry. */
  readonly seq: number | null;
  /** When the last notified top-up was stopped; absent before the first. */
  readonly topUpStoppedAt?: string | undefined;
  /** The last notified end of a plan by the clock; absent before the first. */
  readonly lapse?: string;
  readonly quota: ToldQuota | null;
  /** How many turns of attention items were notified. */
  readonly turns: number;
}

/** The state of a tenant that has had no notifications. */
export const NOTHING_TOLD: Told = { revision: null, seq: null, quota: null, turns: 0 };
