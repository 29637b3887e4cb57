import type { BillingAlert } from "../../../domain/subscription/billing_alert.ts";

/** Tells an operator of something, at least once. Must not fail and does not wait. */
export type RaiseAlert = (alert: BillingAlert) => void;
