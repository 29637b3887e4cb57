import type { Billing } from "../../../application/billing.ts";
import type { StartCheckoutOutcome } from "../../../application/checkout/start_checkout.ts";
import type { Interval } from "../../../domain/catalog/catalog.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedBody, type Endpoint, type Reply } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { invalidRedirect } from "./invalid_redirect.ts";
import { namesPack, packCheckoutReply, URL_SCHEMA } from "./pack_checkout.ts";
import { planRefusal } from "./plan_refusal.ts";

interface StartCheckoutBody {
  readonly planSlug: string;
  readonly interval?: Interval;
  readonly successUrl: string;
  readonly cancelUrl: string;
}

/** What `POST /checkout` takes. */
const START_CHECKOUT_SCHEMA = {
  type: "object",
  required: ["planSlug", "successUrl", "cancelUrl"],
  additionalProperties: false,
  properties: {
    planSlug: { type: "string", minLength: 1, maxLength: 64 },
    interval: { enum: ["month", "year"] },
    successUrl: URL_SCHEMA,
    cancelUrl: URL_SCHEMA,
  },
};

const check = compileSchema<StartCheckoutBody>(START_CHECKOUT_SCHEMA);

/**
 * `POST /checkout`: sends the tenant to Stripe, to pay for its first plan, to confirm another one,
 * or to buy a token pack where the body names a `packSlug` instead of a `planSlug`.
 */
export function startCheckoutEndpoint({ startCheckout, startPackCheckout }: Billing): Endpoint {
  return {
    method: "post",
    path: "/checkout",
    access: "payer",
    async handle({ body, tenantId }) {
      if (namesPack(body)) {
        return await packCheckoutReply(startPackCheckout, { body, tenantId });
      }
      const wish = checkedBody(check, body);
      return replyOf(await startCheckout.execute({ ...wish, tenantId }));
    },
  };
}

function portalBody(outcome: Extract<StartCheckoutOutcome, { type: "portal" }>) {
  const { url, purpose, change } = outcome;
  return {
    url,
    mode: "portal",
    purpose,
    ...(change && { effective: change.effective, effectiveAt: change.at.toISOString() }),
  };
}

function replyOf(outcome: StartCheckoutOutcome): Reply | HttpError {
  switch (outcome.type) {
    case "started":
      return { status: 200, body: { url: outcome.url, mode: "checkout" } };
    case "portal":
      return { status: 200, body: portalBody(outcome) };
    case "invalid_redirect":
      return invalidRedirect(outcome.problems);
    case "unknown_plan":
    case "plan_not_purchasable":
    case "already_on_plan":
    case "waiting":
    case "unchangeable":
      return planRefusal(outcome);
    case "superseded":
      return new HttpError(409, {
        code: "checkout_superseded",
        message: "Another checkout of this tenant was started at the same time: use that one",
      });
    default:
      return outcome satisfies never;
  }
}
