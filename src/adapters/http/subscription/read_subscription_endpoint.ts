import type { Billing } from "../../../application/billing.ts";
import type { SubscriptionView } from "../../../application/subscription/read_subscription.ts";
import type { Endpoint } from "../endpoint.ts";
import { quotaBody } from "../quota/quota_reply.ts";
import { mayPay } from "../tenant_context.ts";

/**
 * `GET /subscription`: the tenant's plan, its limits, its usage and its tokens, and whether the
 * user may change any of it.
 */
export function readSubscriptionEndpoint({ readSubscription }: Billing): Endpoint {
  return {
    method: "get",
    path: "/subscription",
    access: "member",
    async handle({ tenantId, role }) {
      const view = await readSubscription.execute({ tenantId });
      return { status: 200, body: { ...subscriptionBody(view), mayPay: mayPay(role) } };
    },
  };
}

function subscriptionBody(view: SubscriptionView) {
  const { tokens } = view;
  return {
    planSlug: view.planSlug,
    effectivePlanSlug: view.effectivePlanSlug,
    reason: view.reason,
    status: view.status,
    resumable: view.resumable,
    interval: view.interval,
    currentPeriodStart: view.currentPeriod.start.toISOString(),
    currentPeriodEnd: view.currentPeriod.end.toISOString(),
    cancelAt: view.cancelAt?.toISOString() ?? null,
    trialEnd: view.trialEnd?.toISOString() ?? null,
    graceEndsAt: view.graceEndsAt?.toISOString() ?? null,
    scheduledChange: view.scheduledChange && {
      ...view.scheduledChange,
      effectiveAt: view.scheduledChange.effectiveAt.toISOString(),
    },
    owed: view.owed && { ...view.owed, dueAt: view.owed.dueAt?.toISOString() ?? null },
    paymentMethod: view.paymentMethod,
    nextInvoice: view.nextInvoice && {
      ...view.nextInvoice,
      at: view.nextInvoice.at.toISOString(),
    },
    limits: view.limits,
    usage: { emails: quotaBody(view.usage.emails) },
    tokens: {
      monthly: tokens.monthly,
      packs: tokens.packs,
      debt: tokens.debt,
      reserved: tokens.reserved,
      available: tokens.available,
      monthlyExpiresAt: tokens.monthlyExpiresAt.toISOString(),
    },
    upgrade: view.upgrade,
    nextPlanSlug: view.nextPlanSlug,
  };
}
