import type { PlanChoiceRefusal } from "../../../domain/catalog/plan_choice.ts";
import type { PlanStep, Waiting } from "../../../domain/checkout/plan_change.ts";
import { PORTAL_LIMITS, type PortalLimit } from "../../../domain/checkout/portal_limits.ts";
import { HttpError } from "../http_error.ts";

/** Why a plan cannot be had, or not yet. */
export type PlanRefusal = PlanChoiceRefusal | Exclude<PlanStep, { type: "buy" | "change" }>;

/** The codes of `planRefusal`, by status. */
export const PLAN_REFUSALS = {
  404: ["unknown_plan"],
  409: [
    "already_on_plan",
    "payment_required_first",
    "subscription_paused",
    "subscription_ending",
    "change_scheduled",
    "payment_processing",
    "renewal_in_draft",
  ],
  422: ["plan_not_purchasable", ...PORTAL_LIMITS],
} as const;

/**
 * Why a plan cannot be had, and what to do: 404 unknown, 422 not sold or no change that the Portal
 * can make, 409 the tenant has it already or something comes first.
 */
export function planRefusal(refusal: PlanRefusal): HttpError {
  switch (refusal.type) {
    case "unknown_plan":
      return new HttpError(404, {
        code: "unknown_plan",
        message: `There is no plan "${refusal.planSlug}": choose one from the list of plans`,
      });
    case "plan_not_purchasable":
      return new HttpError(422, {
        code: "plan_not_purchasable",
        message: `The plan "${refusal.planSlug}" cannot be bought: ${refusal.reason}`,
      });
    case "already_on_plan":
      return new HttpError(409, {
        code: "already_on_plan",
        message: `This tenant is on the plan "${refusal.planSlug}" already`,
      });
    case "fix_payment":
      return new HttpError(409, {
        code: "payment_required_first",
        message: "This tenant has an unpaid subscription: fix its payment first",
        fields: { invoiceUrl: refusal.invoiceUrl },
      });
    case "paused":
      return new HttpError(409, {
        code: "subscription_paused",
        message:
          "The subscription is paused: resume it first, with POST /billing/subscription/resume",
      });
    case "waiting":
      return waitingRefusal(refusal);
    case "ending":
      return new HttpError(409, {
        code: "subscription_ending",
        message: `The subscription ends on ${refusal.at.toISOString()}: take that back first`,
        fields: { effectiveAt: refusal.at.toISOString() },
      });
    case "change_scheduled":
      return new HttpError(409, {
        code: "change_scheduled",
        message: `Another change is scheduled for ${refusal.at.toISOString()}: take it back first`,
        fields: { effectiveAt: refusal.at.toISOString() },
      });
    case "unchangeable":
      return new HttpError(422, { code: refusal.limit, message: LIMIT_MESSAGES[refusal.limit] });
    default:
      return refusal satisfies never;
  }
}

/** Why a payment that is on its way, or about to be charged, comes first. */
export function waitingRefusal(waiting: Waiting): HttpError {
  const retryAt = waiting.retryAt?.toISOString() ?? null;
  return waiting.for === "processing"
    ? new HttpError(409, {
        code: "payment_processing",
        message:
          "The bank has not confirmed the last payment yet, which can take some days: try again " +
          "when it has",
        fields: { retryAt },
      })
    : new HttpError(409, {
        code: "renewal_in_draft",
        message: `The renewal is about to be charged: try again at ${retryAt}`,
        fields: { retryAt },
      });
}

const WHO_CAN = "Whoever runs this service can change it at Stripe: ask support";

const LIMIT_MESSAGES: Readonly<Record<PortalLimit, string>> = {
  several_items:
    "The subscription charges for more than its plan, and the Customer Portal changes only " +
    `subscriptions with one item. ${WHO_CAN}`,
  schedule_attached: `A schedule has more in store for the subscription, so that the Portal cannot. ${WHO_CAN}`,
  invoiced_by_email:
    "The subscription is invoiced by e-mail, and the Customer Portal changes only what is charged " +
    `automatically. ${WHO_CAN}`,
  collection_paused:
    "Payments for the subscription are paused, so that nothing could be charged for a change. " +
    "Whoever runs this service can let them go on: ask support",
  other_currency:
    "The subscription is charged in another currency than this plan. End it, and buy the plan " +
    "when it has ended, or ask support",
  no_plan_item: `The subscription is for something that is no plan. ${WHO_CAN}`,
};
