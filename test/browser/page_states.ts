import {
  type Answers,
  answersFor,
  emails,
  FREE_SUBSCRIPTION,
  NO_HISTORY,
  refusal,
  SUBSCRIPTION,
} from "./billing_answers.ts";

/** A state of the Billing page. */
export interface PageState {
  readonly answers: Answers;
  /** What the address says about a return from Stripe. */
  readonly query?: string;
  readonly locale?: string;
  /** Without a cookie. */
  readonly signedOut?: boolean;
  /** What has to be seen. */
  readonly shows: readonly string[];
  /** What must not be there. */
  readonly lacks?: readonly string[];
}

const PAST_DUE = {
  ...SUBSCRIPTION,
  status: "past_due",
  nextPlanSlug: null,
  graceEndsAt: "2026-12-07T10:00:00.000Z",
  usage: { emails: emails(50_000, 18_420, null) },
};
const LOST = {
  ...PAST_DUE,
  effectivePlanSlug: "free",
  limits: FREE_SUBSCRIPTION.limits,
  usage: { emails: emails(100, 110, null) },
  tokens: { ...SUBSCRIPTION.tokens, monthly: 0, available: 42_500 },
};
const SHORT = {
  ...SUBSCRIPTION,
  usage: { emails: emails(50_000, 42_180) },
  upgrade: { planSlug: "business", reasons: ["emails_over_80_percent"] },
};
const STOPPED = { ...SHORT, usage: { emails: emails(50_000, 55_000) } };
const UNLIMITED = {
  ...SUBSCRIPTION,
  planSlug: "business",
  effectivePlanSlug: "business",
  limits: { ...SUBSCRIPTION.limits, monthlyEmailLimit: null },
  usage: { emails: emails(null, 1_204_311) },
};
const SUCCESS =
  "?billing-return=success&billing-for=plan&billing-planSlug=pro&billing-interval=month";
const PACK =
  "?billing-return=success&billing-for=pack&billing-packSlug=growth&billing-session=cs_1";

/** Every state that is designed, by name. */
export const PAGE_STATES: Readonly<Record<string, PageState>> = {
  "free tenant": {
    answers: answersFor(FREE_SUBSCRIPTION, NO_HISTORY),
    shows: ["Nothing to pay", "12 of 100", "Choose Pro", "There are no invoices yet"],
    lacks: ["Cancel plan", "Manage payment"],
  },
  active: {
    answers: answersFor(SUBSCRIPTION),
    shows: [
      "Renews on December 23, 2026.",
      "€29.00",
      "18,420 of 50,000",
      "61,300 available",
      "Upgrade to Business",
      "Change to Starter",
      "MC-0006",
    ],
  },
  trialing: {
    answers: answersFor({
      ...SUBSCRIPTION,
      status: "trialing",
      trialEnd: "2026-12-07T10:00:00.000Z",
    }),
    shows: ["The free trial ends on December 7, 2026"],
  },
  "cancel scheduled": {
    answers: answersFor({ ...SUBSCRIPTION, cancelAt: "2026-12-23T10:00:00.000Z" }),
    shows: ["Cancels on December 23, 2026.", "Resume plan"],
    lacks: ["Cancel plan"],
  },
  "past due with grace": {
    answers: answersFor(PAST_DUE),
    shows: ["Payment failed, access until December 7, 2026.", "Update payment method"],
  },
  "past due after grace": {
    answers: answersFor(LOST),
    shows: ["The limits of Free apply until it is paid.", "Sending has stopped."],
  },
  "no permission": {
    answers: answersFor({ ...SUBSCRIPTION, mayPay: false }),
    shows: ["You can see billing, but not change it."],
    lacks: ["Upgrade to Business", "Buy", "Cancel plan", "Manage payment"],
  },
  "foreign tenant": {
    answers: answersFor(SUBSCRIPTION, {
      "/billing/subscription": refusal(403, "not_a_member"),
    }),
    shows: ["You have no access to this tenant"],
    lacks: ["Plans", "Invoices"],
  },
  "signed out": {
    answers: {},
    signedOut: true,
    shows: ["You are signed out", "Try again"],
    lacks: ["Plans"],
  },
  "API down": {
    answers: answersFor(SUBSCRIPTION, {
      "/billing/subscription": refusal(503, "unavailable"),
      "/billing/plans": refusal(503, "unavailable"),
    }),
    shows: ["Billing cannot be shown", "Try again"],
    lacks: ["Plans"],
  },
  "too many requests": {
    answers: answersFor(SUBSCRIPTION, {
      "/billing/subscription": {
        ...refusal(429, "rate_limited"),
        headers: { "Retry-After": "17" },
      },
    }),
    shows: ["Too many requests. Try again in 17 seconds."],
  },
  "section error": {
    answers: answersFor(SUBSCRIPTION, {
      "/billing/tokens/periods": refusal(404, "route_not_found"),
      "/billing/invoices": refusal(404, "route_not_found"),
    }),
    shows: ["This part cannot be shown at the moment.", "Renews on December 23, 2026."],
  },
  "over 80 percent": {
    answers: answersFor(SHORT),
    shows: [
      "You have used 84% of your e-mails. Business gives you 250,000 a month.",
      "More than 80% are used. 7,820 e-mails left.",
    ],
  },
  "over quota": {
    answers: answersFor(STOPPED),
    shows: ["Sending has stopped.", "55,000 of 50,000"],
  },
  "unlimited plan": {
    answers: answersFor(UNLIMITED),
    shows: ["1,204,311 sent", "Business has no limit on e-mails."],
    lacks: ["80% warning"],
  },
  "waiting for the webhook": {
    answers: answersFor(FREE_SUBSCRIPTION, NO_HISTORY),
    query: SUCCESS,
    shows: ["Payment received. Pro is being activated…"],
  },
  "waiting for a pack": {
    answers: answersFor(SUBSCRIPTION),
    query: PACK,
    shows: ["Payment received. Your tokens are on their way…"],
  },
  "a change that is scheduled": {
    answers: answersFor(SUBSCRIPTION),
    query: `${SUCCESS.replace("pro", "starter")}&billing-effectiveAt=2026-12-23T10:00:00.000Z`,
    shows: ["Done. Starter takes effect on December 23, 2026"],
  },
  "cancel return": {
    answers: answersFor(FREE_SUBSCRIPTION, NO_HISTORY),
    query: "?billing-return=cancel",
    shows: ["Nothing was changed and nothing was charged."],
  },
  Spanish: {
    answers: answersFor(SHORT),
    locale: "es-ES",
    shows: [
      "Se renueva el 23 de diciembre de 2026.",
      "29,00 €",
      "42.180 de 50.000",
      "Subir a Business",
    ],
    lacks: ["Renews", "Buy"],
  },
};
