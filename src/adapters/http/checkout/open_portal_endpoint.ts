import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import type { OpenPortalOutcome, PortalTask } from "../../../application/checkout/open_portal.ts";
import { type Endpoint, endpoint, type ReplyTo } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { optionalInput } from "../input.ts";
import { closed, oneOf } from "../schema.ts";
import { invalidRedirect } from "./invalid_redirect.ts";
import { URL_SCHEMA } from "./pack_checkout.ts";

const TASKS: readonly PortalTask[] = ["payment_method_update", "subscription_cancel"];

/** What `POST /portal` takes; the body may be left out. */
const BODY = closed({
  returnUrl: Type.Optional(URL_SCHEMA),
  flow: Type.Optional(oneOf(TASKS)),
});

const ANSWER = closed({ url: Type.String() });

/** `POST /portal`: sends the tenant to Stripe's Customer Portal. */
export function openPortalEndpoint({ openPortal }: Billing): Endpoint {
  return endpoint({
    method: "post",
    path: "/portal",
    asksStripe: true,
    access: "payer",
    summary: "Sends the tenant to Stripe's Customer Portal",
    body: optionalInput(BODY),
    answer: ANSWER,
    refusals: { 400: ["invalid_redirect"], 409: ["no_customer", "no_subscription"] },
    async handle({ body: { returnUrl, flow }, tenantId }) {
      return replyOf(await openPortal.execute({ tenantId, returnUrl, flow }));
    },
  });
}

function replyOf(outcome: OpenPortalOutcome): ReplyTo<typeof ANSWER> {
  switch (outcome.type) {
    case "opened":
      return { status: 200, body: { url: outcome.url } };
    case "invalid_redirect":
      return invalidRedirect(outcome.problems);
    case "no_customer":
      return new HttpError(409, {
        code: "no_customer",
        message: "This tenant has never started a checkout: there is nothing to manage yet",
      });
    case "no_subscription":
      return new HttpError(409, {
        code: "no_subscription",
        message: "This tenant has no subscription that could be cancelled",
      });
    default:
      return outcome satisfies never;
  }
}
