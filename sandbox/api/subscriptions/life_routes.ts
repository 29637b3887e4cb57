import type { Stripe } from "stripe";
import { invalidRequest } from "../../engine/request_error.ts";
import { hasFuturePhase, scheduleOf } from "../../engine/schedules.ts";
import { emitChange, type Transaction } from "../../engine/transaction.ts";
import type { WireSubscription } from "../../state/wire.ts";
import { pauseOnRequest } from "../../subscriptions/pausing/pause.ts";
import { resumeSubscription } from "../../subscriptions/pausing/resume.ts";
import { hash, integer, oneOf, required, type ShapeOf } from "../params.ts";
import { type Route, route } from "../route.ts";
import { subscriptionById } from "./find_subscription.ts";
import { PRORATION } from "./shared_params.ts";

const PATH = "/v1/subscriptions/:id";

/** What pauses a subscription, lets it go on, and moves it to another billing mode. */
export const subscriptionLifeRoutes: Route[] = [
  route("POST", `${PATH}/pause`, {
    params: {
      bill_for: hash({
        outstanding_usage_through: hash({ type: required(oneOf("none", "now")) }),
        unused_time_from: hash({
          type: required(oneOf("item_current_period_start", "none", "now")),
        }),
      }),
      invoicing_behavior: oneOf("invoice", "pending_invoice_item"),
      type: oneOf("subscription"),
    } satisfies ShapeOf<Stripe.SubscriptionPauseParams>,
    returns: "subscription",
    handle: ({ tx, id, params }) => {
      const subscription = subscriptionById(tx, id);
      checkPausable(tx, subscription);
      pauseOnRequest(tx, subscription, {
        unusedTimeFrom: params.bill_for?.unused_time_from?.type ?? "now",
        usage: params.bill_for?.outstanding_usage_through?.type !== "none",
        invoicing: params.invoicing_behavior ?? "pending_invoice_item",
      });
      return subscription;
    },
  }),
  route("POST", `${PATH}/resume`, {
    params: {
      billing_cycle_anchor: hash({ type: required(oneOf("now", "unchanged")) }),
      payment_behavior: oneOf("resume_on_payment_attempt", "resume_on_payment_success"),
      proration_behavior: PRORATION,
      proration_date: integer,
    } satisfies ShapeOf<Stripe.SubscriptionResumeParams>,
    returns: "subscription",
    handle: ({ tx, id, params }) => {
      const subscription = subscriptionById(tx, id);
      checkResumable(tx, subscription);
      resumeSubscription(tx, subscription, {
        resetAnchor: params.billing_cycle_anchor?.type !== "unchanged",
        prorationBehavior: params.proration_behavior ?? "create_prorations",
        prorationDate: params.proration_date ?? tx.now,
        onSuccess: params.payment_behavior === "resume_on_payment_success",
      });
      return subscription;
    },
  }),
  route("POST", `${PATH}/migrate`, {
    params: {
      billing_mode: required(
        hash({
          flexible: hash({ proration_discounts: oneOf("included", "itemized") }),
          type: required(oneOf("flexible")),
        }),
      ),
    } satisfies ShapeOf<Stripe.SubscriptionMigrateParams>,
    returns: "subscription",
    handle: ({ tx, id, params }) => {
      const subscription = subscriptionById(tx, id);
      const proration_discounts = params.billing_mode.flexible?.proration_discounts ?? "included";
      migrate(tx, subscription, proration_discounts);
      return subscription;
    },
  }),
];

function checkPausable(tx: Transaction, subscription: WireSubscription): void {
  const { status } = subscription;
  if (!["active", "past_due", "trialing", "unpaid"].includes(status)) {
    throw invalidRequest(`You cannot pause a subscription with the status \`${status}\`.`);
  }
  if (subscription.billing_mode.type !== "flexible") {
    throw invalidRequest("Only subscriptions with `billing_mode=flexible` can be paused.");
  }
  if (hasFuturePhase(scheduleOf(tx.state, subscription)) || subscription.schedule !== null) {
    throw invalidRequest("You cannot pause a subscription with an attached schedule.");
  }
}

function checkResumable(tx: Transaction, subscription: WireSubscription): void {
  if (subscription.status !== "paused") {
    throw invalidRequest(
      "The subscription is not paused: only subscriptions with the status `paused` can be resumed.",
    );
  }
  if (subscription.collection_method !== "charge_automatically") {
    throw invalidRequest(
      "Resuming is only available for subscriptions with " +
        "`collection_method=charge_automatically`.",
    );
  }
  if (tx.state.resumptions.has(subscription.id)) {
    throw invalidRequest("The subscription has a resumption invoice already; pay or void it.");
  }
}

function migrate(
  tx: Transaction,
  subscription: WireSubscription,
  proration_discounts: "included" | "itemized",
): void {
  if (subscription.billing_mode.type === "flexible") {
    throw invalidRequest(
      "This subscription is already using flexible billing mode.",
      "billing_mode[type]",
    );
  }
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    changed.billing_mode = {
      flexible: { proration_discounts },
      type: "flexible",
      updated_at: tx.now,
    };
  });
}
