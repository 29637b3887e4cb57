/**
 * The pieces of code that the page shows without their surroundings, which are here.
 * @module
 */
import type { EmbeddedBilling, ListenTo } from "@mailingcore/billing";
import type { Quota, QuotaSettings } from "@mailingcore/billing/quota";

/** Counts e-mails without Express. */
export async function withoutExpress(billing: Quota, tenantId: string, messageId: string) {
  const outcome = await billing.consumeEmailQuota.execute({ tenantId, count: 250, key: messageId });
  return outcome;
}

type Welcome = (tenantId: string, options: { once: string }) => Promise<void>;

/** Is told of changes. */
export function toldOfChanges(
  billing: Pick<EmbeddedBilling, "startWorkers"> & { on: ListenTo },
  logger: Parameters<EmbeddedBilling["startWorkers"]>[0]["logger"],
  welcome: Welcome,
): void {
  billing.on("subscription.activated", async ({ id, tenantId }) => {
    if (tenantId !== null) {
      await welcome(tenantId, { once: id });
    }
  });
  billing.startWorkers({ logger });
}

/** Counts with leases. */
export function withLeases(settings: QuotaSettings): { settings: QuotaSettings } {
  return {
    settings: { ...settings, quotaLeases: true, quotaLeaseEmails: 1_000, quotaLeaseIdleSeconds: 5 },
  };
}
