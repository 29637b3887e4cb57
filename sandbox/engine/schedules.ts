import { newId } from "../state/ids.ts";
import type { State } from "../state/state.ts";
import type { WirePrice, WireSchedule, WireSubscription } from "../state/wire.ts";
import { recurrenceOf, setItem, showOnlyItem } from "../subscriptions/subscription_item.ts";
import { periodEnd } from "./billing_period.ts";
import { invalidRequest } from "./request_error.ts";
import { currentPeriodEnd } from "./subscriptions.ts";
import { emit, emitChange, type Transaction } from "./transaction.ts";

/** Another price from the period's end on. */
export interface ScheduledChange {
  price: WirePrice;
  quantity: number;
}

/** The schedule that manages a subscription; undefined where none does. */
export function scheduleOf(state: State, subscription: WireSubscription): WireSchedule | undefined {
  return state.schedules.get(subscription.schedule ?? "");
}

/** Whether a schedule still has a change before it. */
export function hasFuturePhase(schedule: WireSchedule | undefined): boolean {
  const last = schedule?.phases.at(-1);
  return last !== undefined && schedule?.current_phase?.start_date !== last.start_date;
}

/**
 * Schedules another price for the end of the current period; emits `subscription_schedule.created`
 * and `customer.subscription.updated`. A schedule without a future phase is released before.
 * @throws {RequestError} where a change is scheduled already
 */
export function scheduleChange(
  tx: Transaction,
  subscription: WireSubscription,
  change: ScheduledChange,
): WireSchedule {
  const present = scheduleOf(tx.state, subscription);
  if (hasFuturePhase(present)) {
    throw invalidRequest("The subscription has a scheduled update already.", "subscription");
  }
  if (present !== undefined) {
    releaseSchedule(tx, present);
  }
  const schedule = buildSchedule(tx, subscription, change);
  tx.state.schedules.set(schedule.id, schedule);
  emit(tx, "subscription_schedule.created", schedule);
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    changed.schedule = schedule.id;
  });
  return schedule;
}

/**
 * Ends a schedule and leaves its subscription as it is now; emits `subscription_schedule.released`
 * and `customer.subscription.updated`.
 */
export function releaseSchedule(tx: Transaction, schedule: WireSchedule): void {
  const subscription = tx.state.subscriptions.get(schedule.subscription ?? "");
  schedule.status = "released";
  schedule.released_at = tx.now;
  schedule.released_subscription = schedule.subscription;
  schedule.subscription = null;
  schedule.current_phase = null;
  emit(tx, "subscription_schedule.released", schedule);
  if (subscription !== undefined) {
    emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
      changed.schedule = null;
    });
  }
}

/** Releases a schedule whose last phase is over. */
export function leaveSchedule(tx: Transaction, subscription: WireSubscription): void {
  const schedule = scheduleOf(tx.state, subscription);
  if (schedule !== undefined && !hasFuturePhase(schedule)) {
    releaseSchedule(tx, schedule);
  }
}

/** Gives a subscription the price of its schedule's next phase, which begins now. */
export function enterNextPhase(tx: Transaction, subscription: WireSubscription): void {
  const schedule = scheduleOf(tx.state, subscription);
  const next = schedule?.phases.find((phase) => phase.start_date === tx.now);
  const [item] = subscription.items.data;
  const price = tx.state.prices.get(next?.items[0]?.price ?? "");
  if (schedule === undefined || next === undefined || item === undefined || price === undefined) {
    return;
  }
  setItem(item, price, next.items[0]?.quantity ?? 1);
  showOnlyItem(subscription);
  emitChange(tx, "subscription_schedule.updated", schedule, (changed) => {
    changed.current_phase = { start_date: next.start_date, end_date: next.end_date };
  });
}

/** Releases the schedule of a subscription that has ended. */
export function dropSchedule(tx: Transaction, subscription: WireSubscription): void {
  const schedule = scheduleOf(tx.state, subscription);
  if (schedule !== undefined) {
    schedule.status = "canceled";
    schedule.canceled_at = tx.now;
    schedule.current_phase = null;
    emit(tx, "subscription_schedule.canceled", schedule);
  }
}

function buildSchedule(
  tx: Transaction,
  subscription: WireSubscription,
  change: ScheduledChange,
): WireSchedule {
  const [item] = subscription.items.data;
  const start = item?.current_period_start ?? tx.now;
  const turn = currentPeriodEnd(subscription);
  const present = { price: item?.price.id ?? "", quantity: item?.quantity ?? 1 };
  const next = { price: change.price.id, quantity: change.quantity };
  const end = periodEnd(subscription.billing_cycle_anchor, recurrenceOf(change.price), turn);
  return {
    id: newId("sub_sched"),
    object: "subscription_schedule",
    application: null,
    billing_mode: {
      flexible: { proration_discounts: "included" },
      type: "flexible",
      updated_at: tx.now,
    },
    canceled_at: null,
    completed_at: null,
    created: tx.now,
    current_phase: { start_date: start, end_date: turn },
    customer: subscription.customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      billing_cycle_anchor: "automatic",
      billing_thresholds: null,
      collection_method: "charge_automatically",
      default_payment_method: null,
      description: null,
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: null,
        description: null,
        footer: null,
        issuer: { type: "self" },
      },
      on_behalf_of: null,
      transfer_data: null,
    },
    end_behavior: "release",
    livemode: false,
    metadata: {},
    pause_schedules: [],
    phases: [
      buildPhase(subscription, present, { start, end: turn }),
      buildPhase(subscription, next, { start: turn, end }),
    ],
    released_at: null,
    released_subscription: null,
    status: "active",
    subscription: subscription.id,
    test_clock: subscription.test_clock,
  };
}

function buildPhase(
  subscription: WireSubscription,
  item: { price: string; quantity: number },
  period: { start: number; end: number },
): WireSchedule["phases"][number] {
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    billing_cycle_anchor: null,
    billing_thresholds: null,
    collection_method: null,
    currency: subscription.currency,
    default_payment_method: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    end_date: period.end,
    invoice_settings: null,
    items: [
      {
        billing_thresholds: null,
        discounts: [],
        metadata: {},
        plan: item.price,
        price: item.price,
        quantity: item.quantity,
        tax_rates: [],
      },
    ],
    metadata: {},
    on_behalf_of: null,
    proration_behavior: "none",
    start_date: period.start,
    transfer_data: null,
    trial_end: null,
  };
}
