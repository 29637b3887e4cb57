import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import type {
  PortalPurpose,
  StartCheckoutOutcome,
} from "../../../application/checkout/start_checkout.ts";
import { type Endpoint, endpoint, type ReplyTo } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { eitherInput } from "../input.ts";
import { closed, DATE_TIME, EFFECTIVE, INTERVAL, oneOf, SLUG } from "../schema.ts";
import { invalidRedirect } from "./invalid_redirect.ts";
import { namesPack, PACK_BODY, packReply, STARTED, URL_SCHEMA } from "./pack_checkout.ts";
import { PLAN_REFUSALS, planRefusal } from "./plan_refusal.ts";

/** What `POST /checkout` takes for a plan. */
const PLAN_BODY = closed(
  {
    planSlug: SLUG,
    interval: Type.Optional(INTERVAL),
    successUrl: URL_SCHEMA,
    cancelUrl: URL_SCHEMA,
  },
  { title: "PlanCheckout" },
);

const PURPOSES: readonly PortalPurpose[] = [
  "confirm_change",
  "pay_invoice",
  "fix_payment",
  "keep_subscription",
  "review_scheduled_change",
  "resumed",
];

const ANSWER = Type.Union([
  STARTED,
  closed({
    url: Type.String(),
    mode: Type.Literal("portal"),
    purpose: oneOf(PURPOSES),
    effective: Type.Optional(EFFECTIVE),
    effectiveAt: Type.Optional(DATE_TIME),
  }),
]);

/**
 * `POST /checkout`: sends the tenant to Stripe, to pay for its first plan, to confirm another one,
 * or to buy a token pack where the body names a `packSlug` instead of a `planSlug`.
 */
export function startCheckoutEndpoint({ startCheckout, startPackCheckout }: Billing): Endpoint {
  return endpoint({
    method: "post",
    path: "/checkout",
    asksStripe: true,
    access: "payer",
    summary: "Sends the tenant to Stripe, to pay for a plan or a token pack, or to change plans",
    body: eitherInput(namesPack, PACK_BODY, PLAN_BODY),
    answer: ANSWER,
    refusals: {
      400: ["invalid_redirect"],
      404: [...PLAN_REFUSALS[404], "unknown_pack"],
      409: [...PLAN_REFUSALS[409], "checkout_superseded"],
      422: [...PLAN_REFUSALS[422], "pack_not_purchasable"],
    },
    async handle({ body, tenantId }) {
      return "packSlug" in body
        ? packReply(await startPackCheckout.execute({ ...body, tenantId }))
        : replyOf(await startCheckout.execute({ ...body, tenantId }));
    },
  });
}

function portalBody(outcome: Extract<StartCheckoutOutcome, { type: "portal" }>) {
  const { url, purpose, change } = outcome;
  return {
    url,
    mode: "portal" as const,
    purpose,
    ...(change && { effective: change.effective, effectiveAt: change.at.toISOString() }),
  };
}

function replyOf(outcome: StartCheckoutOutcome): ReplyTo<typeof ANSWER> {
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
