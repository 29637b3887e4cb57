import type { MeterReading } from "../../state/catalog_records.ts";
import { newId } from "../../state/ids.ts";
import type { State } from "../../state/state.ts";
import type { WireMeter } from "../../state/wire.ts";
import { invalidRequest } from "../request_error.ts";
import { emit, emitChange, type Transaction } from "../transaction.ts";

/** What a request says about a new meter. */
export type NewMeter = Pick<
  WireMeter,
  "customer_mapping" | "default_aggregation" | "display_name" | "event_name" | "event_time_window"
> &
  Pick<WireMeter, "value_settings">;

const HOUR_SECONDS = 3600;

/** How far back and ahead an event may lie. Source: stripe-node, `MeterEventCreateParams`. */
const PAST_SECONDS = 35 * 86_400;
const AHEAD_SECONDS = 300;

/**
 * Makes a meter; emits `billing.meter.created`.
 * @throws {RequestError} where an active one listens to the event already
 */
export function createMeter(tx: Transaction, fields: NewMeter): WireMeter {
  if (meterOfEvent(tx.state, fields.event_name) !== undefined) {
    throw invalidRequest(
      `There is an active meter with the event name \`${fields.event_name}\` already.`,
      "event_name",
    );
  }
  const meter: WireMeter = {
    id: newId("mtr"),
    object: "billing.meter",
    created: tx.now,
    livemode: false,
    status: "active",
    status_transitions: { deactivated_at: null },
    updated: tx.now,
    ...fields,
  };
  tx.state.meters.set(meter.id, meter);
  emit(tx, "billing.meter.created", meter);
  return meter;
}

/** Turns a meter on or off; emits `billing.meter.reactivated` or `billing.meter.deactivated`. */
export function switchMeter(tx: Transaction, meter: WireMeter, on: boolean): void {
  emitChange(
    tx,
    on ? "billing.meter.reactivated" : "billing.meter.deactivated",
    meter,
    (changed) => {
      changed.status = on ? "active" : "inactive";
      changed.status_transitions = { deactivated_at: on ? null : tx.now };
      changed.updated = tx.now;
    },
  );
}

/** The active meter that an event name is for. */
export function meterOfEvent(state: State, name: string): WireMeter | undefined {
  return [...state.meters.values()].find(
    ({ event_name: own, status }) => own === name && status === "active",
  );
}

/**
 * Keeps a reading of a meter; an identifier counts once. Answers the customer's id.
 * @throws {RequestError} where it lies too far back or ahead, or names no customer or no number
 */
export function recordUsage(
  tx: Transaction,
  meter: WireMeter,
  event: { identifier: string; payload: Readonly<Record<string, string>>; timestamp: number },
): string {
  const { identifier, payload, timestamp } = event;
  if (timestamp < tx.now - PAST_SECONDS || timestamp > tx.now + AHEAD_SECONDS) {
    throw invalidRequest(
      "The `timestamp` must lie within the past 35 calendar days, or up to 5 minutes ahead.",
      "timestamp",
    );
  }
  const customer = payload[meter.customer_mapping.event_payload_key];
  const value = payload[meter.value_settings.event_payload_key];
  if (customer === undefined || !tx.state.customers.has(customer)) {
    throw invalidRequest(
      `The payload's \`${meter.customer_mapping.event_payload_key}\` names no customer.`,
      "payload",
      "resource_missing",
    );
  }
  const amount = Number(value ?? (meter.default_aggregation.formula === "count" ? 1 : Number.NaN));
  if (!Number.isFinite(amount)) {
    throw invalidRequest(
      `The payload's \`${meter.value_settings.event_payload_key}\` is no number.`,
      "payload",
    );
  }
  const id = `${meter.id} ${identifier}`;
  if (tx.state.meterReadings.has(id)) {
    throw invalidRequest(
      `An event already exists with identifier ${identifier}.`,
      "identifier",
      "duplicate_meter_event",
    );
  }
  tx.state.meterReadings.set(id, { meter: meter.id, customer, value: amount, at: timestamp });
  return customer;
}

/** What a customer used of a meter in a time in Unix seconds, of which the end is no part. */
export function usageOf(
  state: State,
  meter: WireMeter,
  used: { customer: string; start: number; end: number },
): number {
  const readings = [...state.meterReadings.values()].filter(
    ({ meter: own, customer, at }) =>
      own === meter.id && customer === used.customer && at >= used.start && at < used.end,
  );
  switch (meter.default_aggregation.formula) {
    case "count":
      return readings.length;
    case "last":
      return latest(readings)?.value ?? 0;
    default:
      return readings.reduce((sum, { value }) => sum + value, 0);
  }
}

/** Whether a time in Unix seconds begins a window of this size. */
export function beginsWindow(at: number, window: "day" | "hour" | "minute"): boolean {
  const size = { day: 24 * HOUR_SECONDS, hour: HOUR_SECONDS, minute: 60 }[window];
  return at % size === 0;
}

function latest(readings: readonly MeterReading[]): MeterReading | undefined {
  return readings.reduce<MeterReading | undefined>(
    (last, reading) => (last === undefined || reading.at >= last.at ? reading : last),
    undefined,
  );
}
