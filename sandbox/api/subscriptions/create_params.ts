import type { Stripe } from "stripe";
import { invalidRequest } from "../../engine/request_error.ts";
import {
  between,
  hash,
  integer,
  list,
  oneOf,
  type Read,
  required,
  type ShapeOf,
  text,
} from "../params.ts";
import { cancelAt, ITEM_FIELDS, SHARED } from "./shared_params.ts";

/** The parameters of a new subscription that the sandbox takes. */
export const CREATE = {
  ...SHARED,
  backdate_start_date: integer,
  billing_cycle_anchor: integer,
  billing_cycle_anchor_config: hash({
    day_of_month: required(between(1, 31)),
    hour: between(0, 23),
    minute: between(0, 59),
    month: between(1, 12),
    second: between(0, 59),
  }),
  billing_mode: hash({
    flexible: hash({ proration_discounts: oneOf("included", "itemized") }),
    type: required(oneOf("classic", "flexible")),
  }),
  cancel_at: cancelAt,
  currency: text,
  customer: required(text),
  items: required(list(hash(ITEM_FIELDS), 20)),
  trial_period_days: between(0, 730),
} satisfies ShapeOf<Stripe.SubscriptionCreateParams>;

/** A request for a new subscription. */
export type CreateParams = Read<typeof CREATE>;

const EXCLUSIVE = [
  ["trial_end", "trial_period_days"],
  ["trial_end", "trial_from_plan"],
  ["billing_cycle_anchor", "billing_cycle_anchor_config"],
  ["cancel_at", "cancel_at_period_end"],
] as const;

/**
 * Refuses what Stripe refuses of these parameters together.
 * @throws {RequestError}
 */
export function checkCreate(params: CreateParams): void {
  for (const [one, other] of EXCLUSIVE) {
    if (params[one] !== undefined && params[other] !== undefined) {
      throw invalidRequest(`You may only specify one of these parameters: ${one}, ${other}.`, one);
    }
  }
  if (params.payment_behavior === "pending_if_incomplete") {
    throw invalidRequest(
      "`pending_if_incomplete` is only used with updates and cannot be passed when creating a " +
        "subscription.",
      "payment_behavior",
    );
  }
  if (params.items.length === 0) {
    throw invalidRequest("Missing required param: items.", "items", "parameter_missing");
  }
}
