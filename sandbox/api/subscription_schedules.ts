import type { Stripe } from "stripe";
import { invalidRequest, referenceMissing, resourceMissing } from "../engine/request_error.ts";
import { releaseSchedule, scheduleFrom } from "../engine/schedules.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { WireSchedule } from "../state/wire.ts";
import { cancelSchedule } from "../subscriptions/schedules/cancel_schedule.ts";
import { createSchedule } from "../subscriptions/schedules/start_schedule.ts";
import { updateSchedule } from "../subscriptions/schedules/update_schedule.ts";
import { created, inRange, isInView, matches, newestFirst, PAGE, page } from "./listing.ts";
import {
  flag,
  hash,
  mergeMetadata,
  metadata,
  oneOf,
  type Read,
  required,
  type ShapeOf,
  text,
} from "./params.ts";
import { type Route, route } from "./route.ts";
import { DEFAULTS, defaultSettings, PHASES, phasesOf } from "./subscriptions/phase_params.ts";
import { nowOrTime, PRORATION } from "./subscriptions/shared_params.ts";

const PATH = "/v1/subscription_schedules";

const CREATE = {
  billing_mode: hash({
    flexible: hash({ proration_discounts: oneOf("included", "itemized") }),
    type: required(oneOf("classic", "flexible")),
  }),
  customer: text,
  default_settings: DEFAULTS,
  end_behavior: oneOf("cancel", "none", "release", "renew"),
  from_subscription: text,
  metadata,
  phases: PHASES,
  start_date: nowOrTime,
} satisfies ShapeOf<Stripe.SubscriptionScheduleCreateParams>;

export const subscriptionScheduleRoutes: Route[] = [
  route("POST", PATH, {
    params: CREATE,
    returns: "subscription_schedule",
    check: checkCreate,
    handle: ({ tx, params }) =>
      params.from_subscription === undefined
        ? fromPhases(tx, params)
        : fromSubscription(tx, params.from_subscription),
  }),
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: "subscription_schedule",
    handle: ({ tx, id }) => scheduleById(tx, id),
  }),
  route("POST", `${PATH}/:id`, {
    params: {
      default_settings: DEFAULTS,
      end_behavior: oneOf("cancel", "none", "release", "renew"),
      metadata,
      phases: PHASES,
      proration_behavior: PRORATION,
    } satisfies ShapeOf<Stripe.SubscriptionScheduleUpdateParams>,
    returns: "subscription_schedule",
    handle: ({ tx, id, params }) => {
      const schedule = scheduleById(tx, id);
      const start = schedule.current_phase?.start_date ?? schedule.phases[0]?.start_date ?? tx.now;
      const billingMode = schedule.billing_mode.type === "classic" ? "classic" : "flexible";
      updateSchedule(tx, schedule, {
        phases: params.phases && phasesOf(tx, params.phases, { start, billingMode }),
        endBehavior: params.end_behavior,
        metadata: mergeMetadata(schedule.metadata ?? {}, params.metadata),
        defaults: params.default_settings ? defaultSettings(params.default_settings) : {},
        prorationBehavior: params.proration_behavior ?? "create_prorations",
      });
      return schedule;
    },
  }),
  route("POST", `${PATH}/:id/cancel`, {
    params: {
      invoice_now: flag,
      prorate: flag,
    } satisfies ShapeOf<Stripe.SubscriptionScheduleCancelParams>,
    returns: "subscription_schedule",
    handle: ({ tx, id, params }) => {
      const schedule = scheduleById(tx, id);
      requireRunning(schedule, "cancel");
      const { prorate = true, invoice_now: invoiceNow = true } = params;
      cancelSchedule(tx, schedule, { prorate, invoiceNow });
      return schedule;
    },
  }),
  route("POST", `${PATH}/:id/release`, {
    params: {
      preserve_cancel_date: flag,
    } satisfies ShapeOf<Stripe.SubscriptionScheduleReleaseParams>,
    returns: "subscription_schedule",
    handle: ({ tx, id, params }) => {
      const schedule = scheduleById(tx, id);
      requireRunning(schedule, "release");
      releaseSchedule(tx, schedule, { keepsEnd: params.preserve_cancel_date === true });
      return schedule;
    },
  }),
  route("GET", PATH, {
    params: {
      ...PAGE,
      canceled_at: created,
      completed_at: created,
      created,
      customer: text,
      released_at: created,
      scheduled: flag,
    } satisfies ShapeOf<Stripe.SubscriptionScheduleListParams>,
    returns: "list:subscription_schedule",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.schedules,
        (schedule) =>
          matches(params.customer, schedule.customer) &&
          isInView(schedule, params) &&
          inRange(schedule.created, params.created) &&
          isWithin(schedule.canceled_at, params.canceled_at) &&
          isWithin(schedule.completed_at, params.completed_at) &&
          isWithin(schedule.released_at, params.released_at) &&
          (params.scheduled !== true || schedule.status === "not_started"),
      );
      return page(PATH, found, params);
    },
  }),
];

function checkCreate(params: Read<typeof CREATE>): void {
  const { from_subscription: from, ...others } = params;
  const sent = Object.entries(others).flatMap(([name, value]) =>
    value === undefined || name === "metadata" ? [] : [name],
  );
  if (from !== undefined && sent[0] !== undefined) {
    throw invalidRequest(
      "You cannot set other parameters when `from_subscription` is set.",
      sent[0],
    );
  }
  for (const name of ["customer", "phases"] as const) {
    if (from === undefined && params[name] === undefined) {
      throw invalidRequest(`Missing required param: ${name}.`, name, "parameter_missing");
    }
  }
}

function fromSubscription(tx: Transaction, id: string): WireSchedule {
  const subscription = tx.state.subscriptions.get(id);
  if (subscription === undefined) {
    throw referenceMissing("subscription", id, "from_subscription");
  }
  return scheduleFrom(tx, subscription);
}

function fromPhases(tx: Transaction, params: Read<typeof CREATE>): WireSchedule {
  const { customer = "", phases = [], start_date = "now" } = params;
  if (!tx.state.customers.has(customer)) {
    throw referenceMissing("customer", customer, "customer");
  }
  const start = start_date === "now" ? tx.now : start_date;
  const billingMode = params.billing_mode?.type ?? "flexible";
  return createSchedule(tx, {
    customer,
    billingMode,
    subscription: null,
    phases: phasesOf(tx, phases, { start, billingMode }),
    endBehavior: params.end_behavior ?? "release",
    metadata: mergeMetadata({}, params.metadata),
    defaults: params.default_settings ? defaultSettings(params.default_settings) : {},
  });
}

function requireRunning(schedule: WireSchedule, deed: "cancel" | "release"): void {
  if (schedule.status !== "active" && schedule.status !== "not_started") {
    throw invalidRequest(
      `You cannot ${deed} a subscription schedule that is currently in the ` +
        `\`${schedule.status}\` status.`,
    );
  }
}

function isWithin(at: number | null, wanted: Parameters<typeof inRange>[1]): boolean {
  return wanted === undefined || (at !== null && inRange(at, wanted));
}

function scheduleById(tx: Transaction, id: string): WireSchedule {
  const schedule = tx.state.schedules.get(id);
  if (schedule === undefined) {
    throw resourceMissing("subscription_schedule", id);
  }
  return schedule;
}
