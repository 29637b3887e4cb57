import type { Stripe } from "stripe";
import { invalidRequest, resourceMissing } from "../engine/request_error.ts";
import { releaseSchedule } from "../engine/schedules.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { WireSchedule } from "../state/wire.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "./listing.ts";
import { flag, type ShapeOf, text } from "./params.ts";
import { type Route, route } from "./route.ts";

const PATH = "/v1/subscription_schedules";

export const subscriptionScheduleRoutes: Route[] = [
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: "subscription_schedule",
    handle: ({ tx, id }) => scheduleById(tx, id),
  }),
  route("POST", `${PATH}/:id/release`, {
    params: {
      preserve_cancel_date: flag,
    } satisfies ShapeOf<Stripe.SubscriptionScheduleReleaseParams>,
    returns: "subscription_schedule",
    handle: ({ tx, id }) => {
      const schedule = scheduleById(tx, id);
      if (schedule.status !== "active") {
        throw invalidRequest(
          "You cannot release a subscription schedule that is currently in the " +
            `\`${schedule.status}\` status.`,
        );
      }
      releaseSchedule(tx, schedule);
      return schedule;
    },
  }),
  route("GET", PATH, {
    params: {
      ...PAGE,
      created,
      customer: text,
    } satisfies ShapeOf<Stripe.SubscriptionScheduleListParams>,
    returns: "list:subscription_schedule",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.schedules,
        (schedule) =>
          matches(params.customer, schedule.customer) && inRange(schedule.created, params.created),
      );
      return page(PATH, found, params);
    },
  }),
];

function scheduleById(tx: Transaction, id: string): WireSchedule {
  const schedule = tx.state.schedules.get(id);
  if (schedule === undefined) {
    throw resourceMissing("subscription_schedule", id);
  }
  return schedule;
}
