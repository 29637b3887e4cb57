import type { Billing } from "../../../application/billing.ts";
import type { PreviewCheckoutOutcome } from "../../../application/checkout/preview_checkout.ts";
import type { Interval } from "../../../domain/catalog/catalog.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedQuery, type Endpoint, type Reply } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
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
  switch (outcome.type) {
    case "preview": {
      const { timing, nextPaymentAt, ...preview } = outcome.preview;
      const { effective, at } = timing;
      const body = {
        ...preview,
        nextPaymentAt: nextPaymentAt.toISOString(),
        effective,
        effectiveAt: at.toISOString(),
      };
      return { status: 200, body };
    }
    case "unknown_plan":
    case "plan_not_purchasable":
    case "already_on_plan":
      return planRefusal(outcome);
    case "fix_payment":
      return new HttpError(409, {
        code: "payment_required_first",
        message: "This tenant has an unpaid subscription: fix its payment first",
      });
    case "ending":
      return new HttpError(409, {
        code: "subscription_ending",
        message: `The subscription ends on ${outcome.at.toISOString()}: take that back first`,
        fields: { effectiveAt: outcome.at.toISOString() },
      });
    case "change_scheduled":
      return new HttpError(409, {
        code: "change_scheduled",
        message: `Another change is scheduled for ${outcome.at.toISOString()}: take it back first`,
        fields: { effectiveAt: outcome.at.toISOString() },
      });
    default:
      return outcome satisfies never;
  }
}
