import type { Billing } from "../../../application/billing.ts";
import type { OpenPortalOutcome, PortalTask } from "../../../application/checkout/open_portal.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedBody, type Endpoint, type Reply } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { invalidRedirect } from "./invalid_redirect.ts";

interface OpenPortalBody {
  readonly returnUrl?: string;
  readonly flow?: PortalTask;
}

/** What `POST /portal` takes; the body may be left out. */
const OPEN_PORTAL_SCHEMA = {
  type: "object",
  additionalProperties: false,
  properties: {
    returnUrl: { type: "string", minLength: 1, maxLength: 2048 },
    flow: { enum: ["payment_method_update", "subscription_cancel"] },
  },
};

const check = compileSchema<OpenPortalBody>(OPEN_PORTAL_SCHEMA);

/** `POST /portal`: sends the tenant to Stripe's Customer Portal. */
export function openPortalEndpoint({ openPortal }: Billing): Endpoint {
  return {
    method: "post",
    path: "/portal",
    access: "payer",
    async handle({ body, tenantId }) {
      const { returnUrl, flow } = checkedBody(check, body ?? {});
      return replyOf(await openPortal.execute({ tenantId, returnUrl, flow }));
    },
  };
}

function replyOf(outcome: OpenPortalOutcome): Reply | HttpError {
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
