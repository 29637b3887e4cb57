import { type Answers, refusal } from "./billing_page_rig.ts";
import { PAYING_STATES } from "./paying_states.ts";
import type { TenantName } from "./played_tenants.ts";

/** A state of the Billing page. */
export interface PageState {
  /** Whose page it is. */
  readonly tenant: TenantName;
  /** Whose eyes it is seen with. Default: an owner's. */
  readonly role?: string;
  /** Whose page somebody asks for instead, without being a member. */
  readonly foreignTenant?: string;
  /** What goes wrong between page and service, by path. */
  readonly faults?: Answers;
  /** What the address says about a return from Stripe. */
  readonly query?: string;
  readonly locale?: string;
  /** Whether nobody is signed in. */
  readonly signedOut?: boolean;
  /** What has to be seen. */
  readonly shows: readonly string[];
  /** What must not be there. */
  readonly lacks?: readonly string[];
}

const SUCCESS = "?billing-return=success";
const DOWN = refusal(503, "temporarily_unavailable");

/** Every state that is designed, by name. All but the faults has come about at the service. */
export const PAGE_STATES: Readonly<Record<string, PageState>> = {
  "free tenant": {
    tenant: "free",
    shows: [
      "Nothing to pay",
      "12 of 100",
      "Choose Pro",
      "There are no invoices yet",
      "No card is stored",
    ],
    lacks: ["Cancel plan", "Change payment method", "Next invoice", "Change e-mail"],
  },
  "prepaid, without a plan": {
    tenant: "prepaid",
    shows: [
      "Nothing to pay",
      "Visa ending in 4242, expires 12/2034",
      "Acme GmbH",
      "billing@acme.example",
      "Marktstr. 1, 10115 Berlin, DE",
      "DE123456789, being checked",
      "Change payment method",
      "Charged to: Visa ending in 4242, expires 12/2034.",
      "Change e-mail, address or VAT id",
    ],
    lacks: ["Cancel plan", "Next invoice", "No card is stored"],
  },
  active: {
    tenant: "active",
    shows: [
      "Renews on April 23, 2027.",
      "€29.00",
      "18,420 of 50,000",
      "Upgrade to Business",
      "Change to Starter",
      "Pro: in good standing",
      "€29.00 on April 23, 2027",
      "Visa ending in 4242",
      "10,000 AI tokens",
    ],
  },
  "active by the year": { tenant: "yearly", shows: ["Renews on March 25, 2028.", "€290.00"] },
  trialing: { tenant: "trialing", shows: ["The free trial ends on April 26, 2027"] },
  "cancel scheduled": {
    tenant: "canceling",
    shows: ["Cancels on April 25, 2027.", "Resume plan"],
    lacks: ["Cancel plan", "Next invoice"],
  },
  "change scheduled": {
    tenant: "scheduled",
    shows: [
      "Changes to Starter on May 12, 2027: €9.00 per month.",
      "Keep Pro",
      "From May 12, 2027",
    ],
    lacks: ["Change to Starter"],
  },
  "past due with grace": {
    tenant: "grace",
    shows: [
      "Payment failed, access until April 24, 2027.",
      "€29.00 is owed",
      "Pay €29.00",
      "Pro: the renewal is not paid yet",
    ],
  },
  "past due after grace": {
    tenant: "overdue",
    shows: [
      "The limits of Free apply until it is paid.",
      "Pay €29.00",
      "Free: the renewal has not been paid",
    ],
  },
  "ended because it was not paid": {
    tenant: "ended",
    shows: [
      "because it was not paid. Paying now does not bring it back: the limits of Free apply.",
      "€29.00 is owed",
      "Pay €29.00",
    ],
    lacks: ["Nothing to pay"],
  },
  ended: { tenant: "left", shows: ["Starter ended on March 10, 2027. Nothing to pay."] },
  ...PAYING_STATES,
  paused: {
    tenant: "paused",
    shows: ["Pro is paused. The limits of Free apply until it is resumed.", "End the pause"],
    lacks: ["Next invoice", "Resume plan"],
  },
  "ended by the operator": {
    tenant: "closed",
    shows: [
      "This tenant ended on April 12, 2027. Nothing can be sent, used or bought any more",
      "Starter",
    ],
    lacks: [
      "Free",
      "Active",
      "Nothing to pay",
      "Token packs",
      "Choose",
      "Alerts",
      "e-mails left",
      "Resume",
    ],
  },
  "no permission": {
    tenant: "active",
    role: "MEMBER",
    shows: ["You can see billing, but not change it."],
    lacks: ["Upgrade to Business", "Buy", "Cancel plan", "Change payment method", "Alerts"],
  },
  "foreign tenant": {
    tenant: "active",
    foreignTenant: "clforeign01",
    shows: ["You have no access to this tenant"],
    lacks: ["Plans", "Invoices"],
  },
  "signed out": {
    tenant: "active",
    signedOut: true,
    shows: ["You are signed out", "Sign in"],
    lacks: ["Plans"],
  },
  "API down": {
    tenant: "active",
    faults: { "/billing/subscription": DOWN, "/billing/plans": DOWN },
    shows: ["Billing cannot be shown", "does not answer", "Try again"],
    lacks: ["Plans"],
  },
  "not a service": {
    tenant: "active",
    faults: { "/billing/subscription": { status: 200, text: "<!doctype html>" } },
    shows: ["Billing cannot be shown", "This page is not set up correctly"],
  },
  "too many requests": {
    tenant: "active",
    faults: {
      "/billing/subscription": {
        ...refusal(429, "rate_limited"),
        headers: { "Retry-After": "17" },
      },
    },
    shows: ["Too many requests. Try again in 17 seconds."],
  },
  "section error": {
    tenant: "active",
    faults: { "/billing/tokens/periods": DOWN, "/billing/invoices": DOWN },
    shows: ["Stripe, or another service that billing needs,", "Renews on April 23, 2027."],
  },
  "Stripe does not say who pays": {
    tenant: "active",
    faults: { "/billing/details": DOWN },
    shows: [
      "Payment method and billing details could not be loaded.",
      "Stripe, or another service that billing needs,",
      "Renews on April 23, 2027.",
      "€29.00 on April 23, 2027",
      "Alerts",
    ],
    lacks: ["Visa ending in 4242", "No card is stored"],
  },
  "over 80 percent": {
    tenant: "warned",
    shows: [
      "You have used 84% of your e-mails. Pro gives you 50,000 a month.",
      "At least 80% are used. 782 e-mails left.",
    ],
  },
  "over the limit": {
    tenant: "over",
    shows: ["Over the limit", "380 more can be sent before sending stops.", "5,120 of 5,000"],
    lacks: ["Active"],
  },
  "over quota": {
    tenant: "stopped",
    shows: ["Sending stopped", "Sending has stopped.", "5,500 of 5,000"],
    lacks: ["Active"],
  },
  "waiting for the webhook": {
    tenant: "free",
    query: `${SUCCESS}&billing-for=plan&billing-planSlug=pro&billing-interval=month`,
    shows: ["Waiting for Stripe's confirmation…"],
    lacks: ["Payment received"],
  },
  "a made-up return": {
    tenant: "active",
    query: `${SUCCESS}&billing-for=plan&billing-planSlug=starter&billing-interval=month&billing-effectiveAt=2030-01-01T00:00:00Z`,
    shows: ["Waiting for Stripe's confirmation…", "Renews on April 23, 2027."],
    lacks: ["2030", "Done"],
  },
  "a change that is scheduled": {
    tenant: "scheduled",
    query: `${SUCCESS}&billing-for=plan&billing-planSlug=starter&billing-interval=month`,
    shows: ["Your change is scheduled. Until then everything stays as it is."],
  },
  "cancel return": {
    tenant: "free",
    query: "?billing-return=cancel",
    shows: ["You left Stripe without finishing."],
  },
  Spanish: {
    tenant: "warned",
    locale: "es-ES",
    shows: ["Se renueva el 25 de abril de 2027.", "9,00 €", "4.218 de 5.000", "Subir a Pro"],
    lacks: ["Renews", "Buy"],
  },
  "Spanish, prepaid": {
    tenant: "prepaid",
    locale: "es-ES",
    shows: [
      "Facturas a nombre de",
      "DE123456789, en comprobación",
      "Se cobra a: Visa terminada en 4242, caduca en 12/2034.",
    ],
    lacks: ["being checked", "Charged", "Invoices"],
  },
  "Spanish, owing": {
    tenant: "ended",
    locale: "es-ES",
    shows: ["porque no se pagó", "Debe 29,00 €", "Pagar 29,00 €"],
    lacks: ["owed", "Pay "],
  },
};
