import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import { COST_KINDS } from "../../../application/checkout/plan_costs.ts";
import type { PreviewCheckoutOutcome } from "../../../application/checkout/preview_checkout.ts";
import { type Endpoint, endpoint, type ReplyTo } from "../endpoint.ts";
import { input } from "../input.ts";
import {
  AMOUNT,
  COUNT,
  CURRENCY,
  closed,
  DATE_TIME,
  EFFECTIVE,
  INTERVAL,
  LIMIT,
  nullable,
  oneOf,
  SLUG,
} from "../schema.ts";
import { PLAN_REFUSALS, planRefusal } from "./plan_refusal.ts";

/** What `GET /checkout/preview` takes in its query. */
const QUERY = closed({ planSlug: SLUG, interval: Type.Optional(INTERVAL) });

const PREVIEW = closed(
  {
    planSlug: Type.String(),
    interval: INTERVAL,
    mode: oneOf(["checkout", "portal"]),
    dueNow: AMOUNT,
    lines: Type.Array(
      closed({
        kind: oneOf(COST_KINDS),
        planSlug: nullable(Type.String()),
        description: Type.String(),
        amount: AMOUNT,
      }),
    ),
    tax: AMOUNT,
    taxIncluded: AMOUNT,
    balanceApplied: AMOUNT,
    nextPayment: AMOUNT,
    nextPaymentAt: DATE_TIME,
    currency: CURRENCY,
    trialDays: nullable(COUNT),
    effective: EFFECTIVE,
    effectiveAt: DATE_TIME,
    limits: Type.Array(
      closed({ name: Type.String(), now: LIMIT, ...then(LIMIT), used: nullable(COUNT) }),
    ),
    tokens: closed({ left: Type.Integer(), ...then(Type.Integer()) }),
  },
  { title: "CheckoutPreview" },
);

/** `GET /checkout/preview`: what choosing a plan would cost, and when it would take effect (P19). */
export function previewCheckoutEndpoint({ previewCheckout }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/checkout/preview",
    asksStripe: true,
    access: "payer",
    summary: "What choosing a plan would cost, and when it would take effect",
    query: input(QUERY),
    answer: PREVIEW,
    refusals: PLAN_REFUSALS,
    async handle({ tenantId, query }) {
      return replyOf(await previewCheckout.execute({ ...query, tenantId }));
    },
  });
}

function replyOf(outcome: PreviewCheckoutOutcome): ReplyTo<typeof PREVIEW> {
  if (outcome.type !== "preview") {
    return planRefusal(outcome);
  }
  const { timing, nextPaymentAt, limits, tokens, ...preview } = outcome.preview;
  const body = {
    ...preview,
    limits: limits.map(({ later, used, ...limit }) => ({ ...limit, ...then(later), used })),
    tokens: { left: tokens.left, ...then(tokens.later) },
    nextPaymentAt: nextPaymentAt.toISOString(),
    effective: timing.effective,
    effectiveAt: timing.at.toISOString(),
  };
  return { status: 200, body };
}

function then<T>(later: T) {
  // biome-ignore lint/suspicious/noThenProperty: a number or its schema, which nobody can await
  return { then: later };
}
