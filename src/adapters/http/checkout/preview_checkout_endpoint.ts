import type { Billing } from "../../../application/billing.ts";
import type { PreviewCheckoutOutcome } from "../../../application/checkout/preview_checkout.ts";
import type { Interval } from "../../../domain/catalog/catalog.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedQuery, type Endpoint, type Reply } from "../endpoint.ts";
import type { HttpError } from "../http_error.ts";
import { planRefusal } from "./plan_refusal.ts";

interface PreviewCheckoutParams {
  readonly planSlug: string;
  readonly interval?: Interval;
}

/** What `GET /checkout/preview` takes in its query. */
const PREVIEW_CHECKOUT_SCHEMA = {
  type: "object",
  required: ["planSlug"],
  additionalProperties: false,
  properties: {
    planSlug: { type: "string", minLength: 1, maxLength: 64 },
    interval: { enum: ["month", "year"] },
  },
};

const check = compileSchema<PreviewCheckoutParams>(PREVIEW_CHECKOUT_SCHEMA);

/** `GET /checkout/preview`: what choosing a plan would cost, and when it would take effect (P19). */
export function previewCheckoutEndpoint({ previewCheckout }: Billing): Endpoint {
  return {
    method: "get",
    path: "/checkout/preview",
    access: "payer",
    async handle({ tenantId, query }) {
      const wish = checkedQuery(check, query);
      return replyOf(await previewCheckout.execute({ ...wish, tenantId }));
    },
  };
}

function replyOf(outcome: PreviewCheckoutOutcome): Reply | HttpError {
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
  // biome-ignore lint/suspicious/noThenProperty: a number, which nobody can await
  return { then: later };
}
