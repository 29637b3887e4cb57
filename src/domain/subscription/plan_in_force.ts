import { type Catalog, findPlan } from "../catalog/catalog.ts";
import type { BillingAccount } from "./billing_account.ts";
import type { Entitlement } from "./entitlement.ts";

/**
 * The plan whose limits hold now, and why: what the tenant is entitled to; before the first look
 * at a tenant of an older release what that one knew.
 */
export function planInForce(
  { standing, subscription }: Pick<BillingAccount, "standing" | "subscription">,
  { plan, reason }: Pick<Entitlement, "plan" | "reason">,
  catalog: Catalog,
): Pick<Entitlement, "plan" | "reason"> {
  const isKnown = standing !== null || subscription === null;
  const isGood = ["active", "trialing", "past_due"].includes(subscription?.status ?? "");
  const known = isKnown || !isGood ? undefined : findPlan(catalog, subscription?.planSlug ?? "");
  return known === undefined ? { plan, reason } : { plan: known, reason: "in_good_standing" };
}
