import { quotaStatus } from "../../src/domain/quota/email_quota.ts";

/** Answers of the API by path, as the Billing page gets them in one of its states. */
export type Answers = Readonly<Record<string, Answer>>;

/** A body, or a whole answer. */
export type Answer = { readonly status?: number; readonly headers?: Record<string, string> } & {
  readonly body: unknown;
};

const EUR = { currency: "eur" };
const FREE_LIMITS = limits(100, 1_000, 1, 1, 5);
const PRO_LIMITS = limits(50_000, 50_000, 10, 10, 100);

/** The plans of the default catalogue. */
export const PLANS = [
  { slug: "free", name: "Free", rank: 0, prices: [], ...FREE_LIMITS },
  plan("starter", "Starter", 1, 900, limits(5_000, 10_000, 3, 3, 25)),
  plan("pro", "Pro", 2, 2_900, PRO_LIMITS),
  plan("business", "Business", 3, 9_900, limits(250_000, 200_000, null, 50, null)),
];

const PACKS = [
  { slug: "starter", name: "Starter", tokens: 10_000, amount: 500, ...EUR },
  { slug: "growth", name: "Growth", tokens: 50_000, amount: 2_000, ...EUR },
  { slug: "scale", name: "Scale", tokens: 200_000, amount: 7_000, ...EUR },
];

const PERIODS = [
  period("2026-11-23", "2026-12-23", 31_200),
  period("2026-10-23", "2026-11-23", 46_900),
  period("2026-09-23", "2026-10-23", 38_150),
  period("2026-08-23", "2026-09-23", 22_480),
  period("2026-07-23", "2026-08-23", 29_730),
  period("2026-06-23", "2026-07-23", 12_040),
];

const INVOICES = [
  invoice("0006", "2026-11-23", 2_900, "paid"),
  invoice("0005", "2026-11-02", 2_000, "paid"),
  invoice("0004", "2026-10-23", 2_900, "paid"),
  invoice("0003", "2026-09-23", 2_900, "paid"),
];

/** A tenant that pays for Pro, in the middle of its month. */
export const SUBSCRIPTION = {
  planSlug: "pro",
  effectivePlanSlug: "pro",
  status: "active",
  interval: "month",
  currentPeriodStart: "2026-11-23T10:00:00.000Z",
  currentPeriodEnd: "2026-12-23T10:00:00.000Z",
  cancelAt: null,
  trialEnd: null,
  graceEndsAt: null,
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
export const FREE_SUBSCRIPTION = {
  ...SUBSCRIPTION,
  planSlug: "free",
  effectivePlanSlug: "free",
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

/** The ledger's last entries, before a pack arrives. */
export const LEDGER = { data: [{ key: "grant:sub_1:2026-11-23", amount: 50_000 }] };

/** What choosing Business would cost in the middle of Pro's month. */
export const PREVIEW = {
  planSlug: "business",
  interval: "month",
  mode: "portal",
  dueNow: 3_500,
  lines: [
    { description: "Unused time on Pro", amount: -6_400 },
    { description: "1 x Business", amount: 9_900 },
  ],
  tax: 0,
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

/** All answers for a tenant. */
export function answersFor(subscription: object, changes: Answers = {}): Answers {
  return {
    "/billing/subscription": { body: subscription },
    "/billing/plans": { body: { data: PLANS } },
    "/billing/token-packs": { body: { data: PACKS } },
    "/billing/tokens/periods": { body: { data: PERIODS } },
    "/billing/invoices": { body: { data: INVOICES, meta: { nextCursor: null } } },
    "/billing/tokens": { body: LEDGER },
    ...changes,
  };
}

/** What a tenant without a history is answered. */
export const NO_HISTORY: Answers = {
  "/billing/tokens/periods": { body: { data: [period("2026-11-01", "2026-12-01", 0)] } },
  "/billing/invoices": { body: { data: [], meta: { nextCursor: null } } },
};

/** An error as the service writes it. */
export function refusal(status: number, code: string, fields: object = {}): Answer {
  return { status, body: { statusCode: status, message: code, code, ...fields } };
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
  amount: number,
  allowed: ReturnType<typeof limits>,
) {
  const prices = [
    { interval: "month", amount, ...EUR },
    { interval: "year", amount: amount * 10, ...EUR },
  ];
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

function period(start: string, end: string, used: number) {
  const at = (day: string) => `${day}T00:00:00.000Z`;
  return { start: at(start), end: at(end), granted: 50_000, used, usedPacks: 0, bought: 0 };
}

function invoice(number: string, day: string, amount: number, status: string) {
  const url = `https://invoice.example/${number}`;
  return {
    id: `in_${number}`,
    number: `MC-${number}`,
    date: `${day}T10:00:00.000Z`,
    amount,
    ...EUR,
    status,
    hostedUrl: url,
    pdfUrl: `${url}.pdf`,
  };
}
