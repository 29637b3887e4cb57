import type { Billing } from "../../../src/application/billing.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type { EmailUsageStore } from "../../../src/application/ports/quota/email_usage_store.ts";
import type { ConsumeEmailQuotaCommand } from "../../../src/application/quota/consume_email_quota.ts";
import type { BillingAccount } from "../../../src/domain/subscription/billing_account.ts";
import type { Period } from "../../../src/domain/subscription/billing_period.ts";
import {
  monthsFrom,
  sampleAccountSubscription,
  TENANT,
} from "../../domain/subscription/sample_subscription.ts";

/** How the samples lease. */
export const LEASE_SETTINGS = {
  quotaLeaseEmails: 1_000,
  quotaLeaseSeconds: 30,
  quotaLeaseIdleSeconds: 5,
};

/** The paid period of the samples. */
export const MARCH = monthsFrom("2026-03-10");

/** What a store that is down throws. */
export const DOWN = new PortError("Cannot count e-mails: no connection", { transient: true });

/** The fields of an account that has paid a plan for a period. */
export function paidFor(planSlug: string, period: Period = MARCH): Partial<BillingAccount> {
  return {
    subscription: sampleAccountSubscription({ planSlug, period }),
    paidPeriod: { ...period, invoiceId: "in_one", charges: [{ planSlug, period }] },
  };
}

/** Counts e-mails of the samples' tenant. */
export function consume(billing: Billing, command: Partial<ConsumeEmailQuotaCommand> = {}) {
  return billing.consumeEmailQuota.execute({ tenantId: TENANT, count: 1, ...command });
}

/** A usage store that fails while it is told to. */
export function unreliable(usage: EmailUsageStore): EmailUsageStore & { down: boolean } {
  const guarded = <A extends unknown[], T>(call: (...parameters: A) => Promise<T>) => {
    return (...parameters: A): Promise<T> =>
      store.down ? Promise.reject(DOWN) : call.apply(usage, parameters);
  };
  const store = {
    down: false,
    find: guarded(usage.find),
    consume: guarded(usage.consume),
    consumeOnce: guarded(usage.consumeOnce),
    giveBack: guarded(usage.giveBack),
    release: guarded(usage.release),
    add: guarded(usage.add),
    refresh: guarded(usage.refresh),
  };
  return store;
}
