import type { BillingPorts } from "../ports/billing_ports.ts";
import type { QuotaUseCases } from "../quota/use_cases.ts";
import type { TokenUseCases } from "../tokens/use_cases.ts";
import { EndDuplicates } from "./end_duplicates.ts";
import { ReadSubscription } from "./read_subscription.ts";
import { SyncSubscription } from "./sync_subscription.ts";
import { SynchronizeTenant, type SynchronizeTenantDependencies } from "./synchronize_tenant.ts";

/** The ports, and the use cases of other rooms, that subscriptions need. */
export type SubscriptionDependencies = Pick<
  BillingPorts,
  "accounts" | "catalog" | "payments" | "raiseAlert" | "noteChange" | "clock"
> &
  Pick<TokenUseCases, "syncTokenPacks" | "grantMonthlyTokens"> &
  Pick<QuotaUseCases, "readUsage"> &
  Pick<SynchronizeTenantDependencies, "refreshEmailQuota">;

/** What keeps tenants' subscriptions true, and shows them. */
export function subscriptionUseCases(
  dependencies: SubscriptionDependencies,
  settings: { graceDays: number; refundDuplicates: boolean },
) {
  const endDuplicates = new EndDuplicates(dependencies, settings);
  const syncSubscription = new SyncSubscription({ ...dependencies, endDuplicates });
  return {
    syncSubscription,
    synchronizeTenant: new SynchronizeTenant({ ...dependencies, syncSubscription }),
    readSubscription: new ReadSubscription(dependencies, settings),
  };
}

/** The use cases of subscriptions. */
export type SubscriptionUseCases = ReturnType<typeof subscriptionUseCases>;
