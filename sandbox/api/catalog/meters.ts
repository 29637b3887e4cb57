import type { Stripe } from "stripe";
import {
  beginsWindow,
  createMeter,
  meterOfEvent,
  recordUsage,
  switchMeter,
  usageOf,
} from "../../engine/catalog/meters.ts";
import { invalidRequest, resourceMissing } from "../../engine/request_error.ts";
import { emitChange, type Transaction } from "../../engine/transaction.ts";
import { newId } from "../../state/ids.ts";
import type { WireMeter } from "../../state/wire.ts";
import { invoiceThresholds } from "../../subscriptions/usage/thresholds.ts";
import { customerOf } from "../customers.ts";
import { matches, newestFirst, PAGE, page } from "../listing.ts";
import { hash, integer, metadata, oneOf, required, type ShapeOf, text, upTo } from "../params.ts";
import { type Route, route } from "../route.ts";

const PATH = "/v1/billing/meters";
const TYPE = "billing.meter";
const DAY_SECONDS = 86_400;

const NEW_METER = {
  customer_mapping: hash({
    event_payload_key: required(upTo(100)),
    type: required(oneOf("by_id")),
  }),
  default_aggregation: required(hash({ formula: required(oneOf("count", "last", "sum")) })),
  display_name: required(upTo(250)),
  event_name: required(upTo(100)),
  event_time_window: oneOf("day", "hour"),
  value_settings: hash({ event_payload_key: required(upTo(100)) }),
} satisfies ShapeOf<Stripe.Billing.MeterCreateParams>;

export const meterRoutes: Route[] = [
  route("POST", PATH, {
    params: NEW_METER,
    returns: TYPE,
    handle: ({ tx, params }) =>
      createMeter(tx, {
        ...params,
        customer_mapping: params.customer_mapping ?? {
          event_payload_key: "stripe_customer_id",
          type: "by_id",
        },
        event_time_window: params.event_time_window ?? null,
        value_settings: params.value_settings ?? { event_payload_key: "value" },
      }),
  }),
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: TYPE,
    handle: ({ tx, id }) => meterOf(tx, id),
  }),
  route("POST", `${PATH}/:id`, {
    params: { display_name: upTo(250) } satisfies ShapeOf<Stripe.Billing.MeterUpdateParams>,
    returns: TYPE,
    handle: ({ tx, id, params }) => {
      const meter = meterOf(tx, id);
      emitChange(tx, "billing.meter.updated", meter, (changed) => {
        changed.display_name = params.display_name ?? changed.display_name;
        changed.updated = tx.now;
      });
      return meter;
    },
  }),
  switching("deactivate", false),
  switching("reactivate", true),
  route("GET", PATH, {
    params: {
      ...PAGE,
      status: oneOf("active", "inactive"),
    } satisfies ShapeOf<Stripe.Billing.MeterListParams>,
    returns: `list:${TYPE}`,
    handle: ({ tx, params }) => {
      const found = newestFirst(tx.state.meters, ({ status }) => matches(params.status, status));
      return page(PATH, found, params);
    },
  }),
  route("GET", `${PATH}/:id/event_summaries`, {
    params: {
      ...PAGE,
      customer: required(text),
      end_time: required(integer),
      start_time: required(integer),
      value_grouping_window: oneOf("day", "hour"),
    } satisfies ShapeOf<Stripe.Billing.MeterListEventSummariesParams>,
    returns: "list:billing.meter_event_summary",
    check: ({ start_time: start, end_time: end, value_grouping_window: window }) => {
      for (const [name, at] of [
        ["start_time", start],
        ["end_time", end],
      ] as const) {
        if (!beginsWindow(at, window ?? "minute")) {
          throw invalidRequest(
            `\`${name}\` must be aligned with ${window ?? "minute"} boundaries.`,
            name,
          );
        }
      }
    },
    handle: ({ tx, id, params }) => {
      const meter = meterOf(tx, id);
      customerOf(tx, params.customer, "customer");
      const summaries = windowsOf(params).map(({ start, end }) => ({
        id: newId("mtrusg"),
        object: "billing.meter_event_summary",
        aggregated_value: usageOf(tx.state, meter, { customer: params.customer, start, end }),
        end_time: end,
        livemode: false,
        meter: id,
        start_time: start,
      }));
      return page(`${PATH}/${id}/event_summaries`, summaries.reverse(), params);
    },
  }),
  route("POST", "/v1/billing/meter_events", {
    params: {
      event_name: required(upTo(100)),
      identifier: upTo(100),
      payload: required(metadata),
      timestamp: integer,
    } satisfies ShapeOf<Stripe.Billing.MeterEventCreateParams>,
    returns: "billing.meter_event",
    handle: ({ tx, params }) => {
      const meter = meterOfEvent(tx.state, params.event_name);
      if (meter === undefined) {
        throw invalidRequest(
          `No active meter found for event name ${params.event_name}.`,
          "event_name",
          "resource_missing",
        );
      }
      const event = {
        event_name: params.event_name,
        identifier: params.identifier ?? newId("mevt"),
        payload: params.payload ?? {},
        timestamp: params.timestamp ?? tx.now,
      };
      invoiceThresholds(tx, recordUsage(tx, meter, event));
      return { object: "billing.meter_event", created: tx.now, livemode: false, ...event };
    },
  }),
];

function switching(verb: "deactivate" | "reactivate", on: boolean): Route {
  return route("POST", `${PATH}/:id/${verb}`, {
    params: {},
    returns: TYPE,
    handle: ({ tx, id }) => {
      const meter = meterOf(tx, id);
      switchMeter(tx, meter, on);
      return meter;
    },
  });
}

function meterOf(tx: Transaction, id: string): WireMeter {
  const meter = tx.state.meters.get(id);
  if (meter === undefined) {
    throw resourceMissing("meter", id);
  }
  return meter;
}

/** The windows of a time, oldest first; the whole time where no size is asked for. */
function windowsOf(asked: {
  start_time: number;
  end_time: number;
  value_grouping_window: "day" | "hour" | undefined;
}): { start: number; end: number }[] {
  const { start_time: start, end_time: end, value_grouping_window: window } = asked;
  if (window === undefined) {
    return [{ start, end }];
  }
  const size = window === "day" ? DAY_SECONDS : DAY_SECONDS / 24;
  return Array.from({ length: Math.ceil((end - start) / size) }, (_, index) => ({
    start: start + index * size,
    end: start + (index + 1) * size,
  }));
}
