import type {
  CheckoutPreview,
  Plan,
  Subscription,
} from "../../src/adapters/client/create_billing_client.ts";
import { quotaStatus } from "../../src/domain/quota/email_quota.ts";

const FREE_LIMITS = limits(100, 1_000, 1, 1, 5);
const PRO_LIMITS = limits(50_000, 50_000, 10, 10, 100);

/** The plans of the default catalogue. */
export const PLANS: readonly Plan[] = [
  { slug: "free", name: "Free", rank: 0, prices: [], ...FREE_LIMITS },
  plan("starter", "Starter", 1, 900, limits(5_000, 10_000, 3, 3, 25)),
  plan("pro", "Pro", 2, 2_900, PRO_LIMITS),
  plan("business", "Business", 3, 9_900, limits(250_000, 200_000, null, 50, null)),
];

/** A tenant that pays for Pro, in the middle of its month. */
export const SUBSCRIPTION: Subscription = {
  planSlug: "pro",
  effectivePlanSlug: "pro",
  reason: "in_good_standing",
  status: "active",
  ended: null,
  tenantEnd: null,
  resumable: false,
  interval: "month",
  currentPeriodStart: "2026-11-23T10:00:00.000Z",
  currentPeriodEnd: "2026-12-23T10:00:00.000Z",
  cancelAt: null,
  trialEnd: null,
  graceEndsAt: null,
  scheduledChange: null,
  owed: null,
  dueLater: null,
  processing: null,
  paymentMethod: { brand: "visa", last4: "4242", expMonth: 12, expYear: 2034 },
  nextInvoice: { amount: 2_900, currency: "eur", at: "2026-12-23T10:00:00.000Z" },
  limits: PRO_LIMITS,
  usage: { emails: emails(50_000, 18_420) },
  tokens: {
    monthly: 18_800,
    packs: 42_500,
    debt: 0,
    reserved: 0,
    available: 61_300,
    monthlyExpiresAt: "2026-12-23T10:00:00.000Z",
  },
  upgrade: null,
  nextPlanSlug: "business",
  mayPay: true,
};

/** A tenant that has never paid. */
export const FREE_SUBSCRIPTION: Subscription = {
  ...SUBSCRIPTION,
  planSlug: "free",
  effectivePlanSlug: "free",
  reason: "not_subscribed",
  paymentMethod: null,
  nextInvoice: null,
  interval: null,
  currentPeriodStart: "2026-11-01T00:00:00.000Z",
  currentPeriodEnd: "2026-12-01T00:00:00.000Z",
  limits: FREE_LIMITS,
  nextPlanSlug: "starter",
  usage: { emails: emails(100, 12, "2026-12-01T00:00:00.000Z") },
  tokens: {
    monthly: 1_000,
    packs: 0,
    debt: 0,
    reserved: 0,
    available: 1_000,
    monthlyExpiresAt: "2026-12-01T00:00:00.000Z",
  },
};

/** What choosing Business would cost in the middle of Pro's month. */
export const PREVIEW: CheckoutPreview = {
  planSlug: "business",
  interval: "month",
  mode: "portal",
  dueNow: 3_500,
  lines: [
    { kind: "unused_time", planSlug: "pro", description: "Unused time on Pro", amount: -6_400 },
    { kind: "plan", planSlug: "business", description: "1 x Business", amount: 9_900 },
  ],
  tax: 0,
  taxIncluded: 0,
  balanceApplied: 0,
  nextPayment: 9_900,
  nextPaymentAt: "2026-12-23T10:00:00.000Z",
  currency: "eur",
  trialDays: null,
  effective: "now",
  effectiveAt: "2026-12-08T10:00:00.000Z",
  limits: [
    { name: "emails", now: 50_000, ...then(250_000), used: 1_200 },
    { name: "domains", now: 10, ...then(null), used: null },
    { name: "members", now: 10, ...then(50), used: null },
    { name: "templates", now: 100, ...then(100), used: null },
  ],
  tokens: { left: 18_800, ...then(200_000) },
};

function then<T>(later: T) {
  // biome-ignore lint/suspicious/noThenProperty: a number, which nobody can await
  return { then: later };
}

/** A tenant's use of its e-mails, as the service reports it. */
export function emails(
  limit: number | null,
  used: number,
  resetsAt: string | null = "2026-12-23T10:00:00.000Z",
) {
  return { ...quotaStatus({ limit, used }), resetsAt };
}

function plan(
  slug: string,
  name: string,
  rank: number,
  monthly: number,
  allowed: ReturnType<typeof limits>,
): Plan {
  const price = (interval: "month" | "year", amount: number) => ({
    interval,
    amount,
    currency: "eur",
    stripePriceId: `price_${slug}_${interval}`,
    tax: null,
  });
  const prices = [price("month", monthly), price("year", 10 * monthly)];
  return { slug, name, rank, prices, ...allowed };
}

function limits(
  monthlyEmailLimit: number | null,
  tokensIncludedMonth: number,
  maxDomains: number | null,
  maxMembers: number | null,
  maxTemplates: number | null,
) {
  return { monthlyEmailLimit, tokensIncludedMonth, maxDomains, maxMembers, maxTemplates };
}
