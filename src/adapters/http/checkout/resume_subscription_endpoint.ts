import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import type { ResumeSubscriptionOutcome } from "../../../application/checkout/resume_subscription.ts";
import { SUBSCRIPTION_STATUSES } from "../../../domain/subscription/subscription.ts";
import { type Endpoint, endpoint, type ReplyTo } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { closed, oneOf } from "../schema.ts";
import { waitingRefusal } from "./plan_refusal.ts";

const ANSWER = Type.Union([
  closed({ status: oneOf(SUBSCRIPTION_STATUSES) }),
  closed({ url: Type.String({ description: "The page of the invoice to pay first" }) }),
]);

/**
 * `POST /subscription/resume`: lets a paused subscription go on. Answers its status, or the page of
 * the invoice that has to be paid first. Harmless where nothing is paused.
 */
export function resumeSubscriptionEndpoint({ resumeSubscription }: Billing): Endpoint {
  return endpoint({
    method: "post",
    path: "/subscription/resume",
    asksStripe: true,
    access: "payer",
    summary: "Lets a paused subscription go on",
    answer: ANSWER,
    refusals: { 409: ["no_subscription", "payment_processing"], 422: ["invoiced_by_email"] },
    async handle({ tenantId }) {
      return replyOf(await resumeSubscription.execute({ tenantId }));
    },
  });
}

function replyOf(outcome: ResumeSubscriptionOutcome): ReplyTo<typeof ANSWER> {
  switch (outcome.type) {
    case "running":
      return { status: 200, body: { status: outcome.status } };
    case "payment_required":
      return { status: 200, body: { url: outcome.url } };
    case "waiting":
      return waitingRefusal(outcome);
    case "no_subscription":
      return new HttpError(409, {
        code: "no_subscription",
        message: "This tenant has no subscription that could be resumed: choose a plan",
      });
    case "invoiced_by_email":
      return new HttpError(422, {
        code: "invoiced_by_email",
        message:
          "The subscription is invoiced by e-mail, and Stripe resumes only what is charged " +
          "automatically. Whoever runs this service can resume it: ask support",
      });
    default:
      return outcome satisfies never;
  }
}
