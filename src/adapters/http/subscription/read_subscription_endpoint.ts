import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import type { SubscriptionView } from "../../../application/subscription/read_subscription.ts";
import { END_REASONS } from "../../../domain/subscription/customer_snapshot.ts";
import { ENTITLEMENT_REASONS } from "../../../domain/subscription/entitlement.ts";
import { SUBSCRIPTION_STATUSES } from "../../../domain/subscription/subscription.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { quotaBody } from "../quota/quota_reply.ts";
import { LIMITS, QUOTA } from "../quota/quota_schemas.ts";
import {
  AMOUNT,
  CURRENCY,
  closed,
  DATE_TIME,
  INTERVAL,
  nullable,
  oneOf,
  PAYMENT_METHOD,
  type Shown,
} from "../schema.ts";
import { mayPay } from "../tenant_context.ts";
import { CURRENT_BALANCE } from "../tokens/read_tokens_endpoint.ts";

const TO_PAY = closed({
  amount: AMOUNT,
  currency: CURRENCY,
  dueAt: nullable(DATE_TIME),
  invoiceUrl: nullable(Type.String()),
  invoiceAmount: { ...AMOUNT, description: "What the invoice at `invoiceUrl` asks for" },
});

const SUBSCRIPTION = closed(
  {
    planSlug: nullable(Type.String()),
    effectivePlanSlug: Type.String({ description: "The plan whose limits hold now" }),
    reason: oneOf(ENTITLEMENT_REASONS),
    status: oneOf(SUBSCRIPTION_STATUSES),
    ended: nullable(
      closed({
        planSlug: nullable(Type.String()),
        at: DATE_TIME,
        reason: nullable(oneOf(END_REASONS)),
      }),
    ),
    tenantEnd: Type.Union([closed({ at: DATE_TIME, isOver: Type.Boolean() }), Type.Null()], {
      description: "When an operator ends the tenant or has: nothing is sold to it any more",
    }),
    resumable: Type.Boolean(),
    interval: nullable(INTERVAL),
    currentPeriodStart: DATE_TIME,
    currentPeriodEnd: DATE_TIME,
    cancelAt: nullable(DATE_TIME),
    trialEnd: nullable(DATE_TIME),
    graceEndsAt: nullable(DATE_TIME),
    scheduledChange: nullable(
      closed({
        planSlug: nullable(Type.String()),
        interval: nullable(INTERVAL),
        effectiveAt: DATE_TIME,
      }),
    ),
    owed: nullable(TO_PAY),
    dueLater: Type.Union([TO_PAY, Type.Null()], {
      description: "What is invoiced by e-mail and not due yet",
    }),
    processing: Type.Union([closed({ amount: AMOUNT, currency: CURRENCY }), Type.Null()], {
      description:
        "Payments on their way, as bank debits are for days: not owed, not to be paid again, and " +
        "owed again if they fail",
    }),
    paymentMethod: Type.Union([PAYMENT_METHOD, Type.Null()], {
      description: "As Stripe was last asked or told it: `GET /billing/details` asks now",
    }),
    nextInvoice: nullable(closed({ amount: AMOUNT, currency: CURRENCY, at: DATE_TIME })),
    limits: closed(LIMITS),
    usage: closed({ emails: QUOTA }),
    tokens: CURRENT_BALANCE,
    upgrade: nullable(
      closed({
        planSlug: Type.String(),
        reasons: Type.Array(oneOf(["emails_over_80_percent", "tokens_over_80_percent"])),
      }),
    ),
    nextPlanSlug: nullable(Type.String()),
    mayPay: Type.Boolean({ description: "Whether the user may spend the tenant's money" }),
  },
  { title: "Subscription" },
);

/**
 * `GET /subscription`: the tenant's plan, its limits, its usage and its tokens, and whether the
 * user may change any of it.
 */
export function readSubscriptionEndpoint({ readSubscription }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/subscription",
    access: "member",
    summary: "The tenant's plan, its limits, its usage and its tokens",
    answer: SUBSCRIPTION,
    async handle({ tenantId, role }) {
      const view = await readSubscription.execute({ tenantId });
      return { status: 200, body: { ...subscriptionBody(view), mayPay: mayPay(role) } };
    },
  });
}

function subscriptionBody(view: SubscriptionView): Omit<Shown<typeof SUBSCRIPTION>, "mayPay"> {
  const { tokens } = view;
  return {
    planSlug: view.planSlug,
    effectivePlanSlug: view.effectivePlanSlug,
    reason: view.reason,
    status: view.status,
    ended: view.ended && { ...view.ended, at: view.ended.at.toISOString() },
    tenantEnd: view.tenantEnd && { ...view.tenantEnd, at: view.tenantEnd.at.toISOString() },
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
    processing: view.processing,
    owed: view.owed && toPayBody(view.owed),
    dueLater: view.dueLater && toPayBody(view.dueLater),
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

function toPayBody(toPay: NonNullable<SubscriptionView["owed"]>): Shown<typeof TO_PAY> {
  return { ...toPay, dueAt: toPay.dueAt?.toISOString() ?? null };
}
