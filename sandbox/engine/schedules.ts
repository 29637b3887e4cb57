import type { State } from "../state/state.ts";
import type {
  WirePrice,
  WirePromotionCode,
  WireSchedule,
  WireSubscription,
} from "../state/wire.ts";
import { buildSchedule } from "../subscriptions/schedules/build_schedule.ts";
import { phaseItems } from "../subscriptions/schedules/phase_items.ts";
import { applyTerms } from "../subscriptions/schedules/phase_terms.ts";
import {
  buildPhase,
  type Phase,
  presentItems,
  presentTerms,
} from "../subscriptions/schedules/phases.ts";
import {
  newItem,
  recurrenceOf,
  sameRecurrence,
  setItem,
  showOnlyItem,
} from "../subscriptions/subscription_item.ts";
import { periodEnd } from "./billing_period.ts";
import { invalidRequest } from "./request_error.ts";
import { scheduleEnd } from "./schedule_end.ts";
import { currentPeriodEnd } from "./subscriptions.ts";
import { emit, emitChange, type Transaction } from "./transaction.ts";

/** Another price from the period's end on. */
export interface ScheduledChange {
  price: WirePrice;
  quantity: number;
  /** Redeemed then, in place of what the subscription has. */
  code?: WirePromotionCode;
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

/** Lets a schedule of one phase manage a subscription from its running period on. */
export function scheduleFrom(tx: Transaction, subscription: WireSubscription): WireSchedule {
  if (subscription.schedule !== null) {
    throw invalidRequest(
      "You cannot migrate a subscription that is already attached to a schedule: " +
        `\`${subscription.schedule}\`.`,
      "from_subscription",
    );
  }
  return attach(tx, subscription, [presentPhase(tx, subscription)]);
}

/**
 * Schedules another price for the end of the current period; emits `subscription_schedule.created`
 * and `customer.subscription.updated`. A schedule without a future phase is released before.
 * @throws {RequestError} where a change is scheduled already
 */
export function scheduleChange(
  tx: Transaction,
  subscription: WireSubscription,
  { price, quantity, code }: ScheduledChange,
): WireSchedule {
  const present = scheduleOf(tx.state, subscription);
  if (hasFuturePhase(present)) {
    throw invalidRequest("The subscription has a scheduled update already.", "subscription");
  }
  if (present !== undefined) {
    releaseSchedule(tx, present);
  }
  const start = currentPeriodEnd(subscription);
  const end = periodEnd(subscription.billing_cycle_anchor, recurrenceOf(price), start);
  const items = [{ price, quantity, metadata: {}, billing_thresholds: null }];
  const terms = { prorationBehavior: "none", trialEnd: null } as const;
  const redeemed = [{ coupon: null, discount: null, promotion_code: code?.id ?? null }];
  const fields = { ...presentTerms(subscription), ...(code && { discounts: redeemed }) };
  const next = { start, end, items, ...terms, fields };
  return attach(tx, subscription, [
    presentPhase(tx, subscription),
    buildPhase(subscription.currency, next),
  ]);
}

function presentPhase(tx: Transaction, subscription: WireSubscription): Phase {
  const starts = subscription.items.data.map((item) => item.current_period_start);
  return buildPhase(subscription.currency, {
    start: Math.min(...starts, tx.now),
    end: currentPeriodEnd(subscription),
    items: presentItems(subscription),
    prorationBehavior: "create_prorations",
    trialEnd: subscription.status === "trialing" ? subscription.trial_end : null,
    fields: presentTerms(subscription),
  });
}

function attach(tx: Transaction, subscription: WireSubscription, phases: Phase[]): WireSchedule {
  const schedule = buildSchedule(tx, {
    customer: subscription.customer,
    phases,
    endBehavior: "release",
    billingMode: subscription.billing_mode.type === "classic" ? "classic" : "flexible",
    metadata: {},
    subscription: subscription.id,
  });
  tx.state.schedules.set(schedule.id, schedule);
  emit(tx, "subscription_schedule.created", schedule);
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    changed.schedule = schedule.id;
  });
  return schedule;
}

/**
 * Ends a schedule and leaves its subscription as it is now, without the end that the schedule had
 * for it unless that is kept; emits `subscription_schedule.released` and
 * `customer.subscription.updated`.
 */
export function releaseSchedule(
  tx: Transaction,
  schedule: WireSchedule,
  { keepsEnd = false }: { keepsEnd?: boolean } = {},
): void {
  const subscription = tx.state.subscriptions.get(schedule.subscription ?? "");
  const end = schedule.end_behavior === "cancel" ? schedule.phases.at(-1)?.end_date : undefined;
  schedule.status = "released";
  schedule.released_at = tx.now;
  schedule.released_subscription = schedule.subscription;
  schedule.subscription = null;
  schedule.current_phase = null;
  emit(tx, "subscription_schedule.released", schedule);
  if (subscription !== undefined) {
    emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
      changed.schedule = null;
      if (keepsEnd && end !== undefined) {
        scheduleEnd(tx, changed, { kind: "at", timestamp: end });
      }
    });
  }
}

/** The schedule of a subscription, where its last phase is over by now. */
export function finishedSchedule(
  tx: Transaction,
  subscription: WireSubscription,
): WireSchedule | undefined {
  const schedule = scheduleOf(tx.state, subscription);
  const over = (schedule?.current_phase?.end_date ?? Number.POSITIVE_INFINITY) <= tx.now;
  return over && !hasFuturePhase(schedule) ? schedule : undefined;
}

/**
 * Gives a subscription that renews now the items of its schedule's next phase, if that begins now;
 * emits `subscription_schedule.updated`. Another interval moves the anchor with it.
 */
export function enterNextPhase(tx: Transaction, subscription: WireSubscription): void {
  const schedule = scheduleOf(tx.state, subscription);
  const next = schedule?.phases.find((phase) => phase.start_date === tx.now);
  if (schedule === undefined || next === undefined) {
    return;
  }
  const { data } = subscription.items;
  for (const change of phaseItems(tx.state, subscription, next)) {
    const item = change.kind === "add" ? undefined : data.find(({ id }) => id === change.id);
    if (change.kind === "add") {
      data.push(newItem(tx, subscription.id, change.item, { start: tx.now, end: tx.now }));
    } else if (change.kind === "delete") {
      data.splice(
        data.findIndex(({ id }) => id === change.id),
        1,
      );
    } else if (item !== undefined) {
      if (!sameRecurrence(item.price, change.price) && item.current_period_end === tx.now) {
        subscription.billing_cycle_anchor = tx.now;
      }
      setItem(item, change.price, change.quantity);
    }
  }
  showOnlyItem(subscription);
  applyTerms(tx, subscription, next, phaseBefore(schedule, next));
  showPhase(tx, schedule, next);
}

/** The phase that ends where another begins. */
export function phaseBefore({ phases }: WireSchedule, next: Phase): Phase | undefined {
  return phases.find(({ end_date }) => end_date === next.start_date);
}

/** Shows that a phase runs now; emits `subscription_schedule.updated`. */
export function showPhase(tx: Transaction, schedule: WireSchedule, phase: Phase): void {
  emitChange(tx, "subscription_schedule.updated", schedule, (changed) => {
    changed.current_phase = { start_date: phase.start_date, end_date: phase.end_date };
  });
}

/**
 * Ends the schedule of a subscription that has ended; emits `subscription_schedule.canceled`, or
 * `.aborted` where nobody paid.
 */
export function dropSchedule(tx: Transaction, subscription: WireSubscription): void {
  const schedule = scheduleOf(tx.state, subscription);
  if (schedule !== undefined && schedule.status === "active") {
    const delinquent = subscription.cancellation_details?.reason === "payment_failed";
    schedule.status = "canceled";
    schedule.canceled_at = tx.now;
    schedule.current_phase = null;
    const type = delinquent ? "subscription_schedule.aborted" : "subscription_schedule.canceled";
    emit(tx, type, schedule);
  }
}
