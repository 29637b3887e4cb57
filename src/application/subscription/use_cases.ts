import type { BillingPorts } from "../ports/billing_ports.ts";
import type { QuotaUseCases } from "../quota/use_cases.ts";
import type { TokensSource } from "../tokens/grant_monthly_tokens.ts";
import { EndTenant, type EndTenantPorts } from "./end_tenant.ts";
import { KnowsTenant, type KnowsTenantPorts } from "./knows_tenant.ts";
import { ReadSubscription } from "./read_subscription.ts";

/** The use cases that show tenants their subscriptions. */
export function subscriptionUseCases(
  dependencies: Pick<BillingPorts, "clock"> &
    Pick<QuotaUseCases, "readUsage"> &
    Omit<EndTenantPorts, "knowsTenant"> &
    KnowsTenantPorts & { readonly currentTokens: TokensSource },
) {
  const knowsTenant = new KnowsTenant(dependencies);
  return {
    readSubscription: new ReadSubscription(dependencies),
    endTenant: new EndTenant({ ...dependencies, knowsTenant }),
    knowsTenant,
  };
}
