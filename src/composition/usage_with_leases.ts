import type { BillingStore } from "../application/ports/billing_store.ts";
import type { Clock } from "../application/ports/clock.ts";
import type { LeaseSettings } from "../application/quota/held_lease.ts";
import { LeasedEmailUsageStore } from "../application/quota/leased_email_usage_store.ts";
import { startLeaseSweeper } from "../application/quota/start_lease_sweeper.ts";

/** Counting from blocks that this process reserves, and the end of it: they are given back. */
export function usageWithLeases(
  { emailUsage, emailLeases: leases }: Pick<BillingStore, "emailUsage" | "emailLeases">,
  clock: Clock,
  settings: LeaseSettings,
) {
  const usage = new LeasedEmailUsageStore({ usage: emailUsage, leases, clock }, settings);
  const stop = startLeaseSweeper(usage, (1_000 * settings.quotaLeaseIdleSeconds) / 2);
  const close = async () => {
    await stop();
    await usage.close();
  };
  return { usage, close };
}
