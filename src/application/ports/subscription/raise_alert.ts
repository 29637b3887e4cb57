import type { BillingAlert } from "../../../domain/subscription/billing_alert.ts";

/** Alerts an operator, at least once. Must neither fail nor block. */
export type RaiseAlert = (alert: BillingAlert) => void;
