import { hasFuturePhase, phaseBefore, releaseSchedule, showPhase } from "../../engine/schedules.ts";
import type { DueMoment } from "../../engine/time/due_moment.ts";
import { emit, emitChange, type Transaction } from "../../engine/transaction.ts";
import type { State } from "../../state/state.ts";
import type { WireSchedule } from "../../state/wire.ts";
import { changeSubscription } from "../change_subscription.ts";
import type { ProrationBehavior } from "../item_change.ts";
import { sameRecurrence } from "../subscription_item.ts";
import { completeSchedule } from "./complete_schedule.ts";
import { isRealChange, phaseItems } from "./phase_items.ts";
import { applyTerms } from "./phase_terms.ts";
import type { Phase } from "./phases.ts";
import { beginSchedule } from "./start_schedule.ts";

/** Stripe tells of the end of a schedule this long before. */
const NOTICE_SECONDS = 7 * 86_400;

/** What a schedule waits for next; undefined where it waits for nothing. */
export function scheduleMoment(state: State, schedule: WireSchedule): DueMoment | undefined {
  const [first] = schedule.phases;
  if (schedule.status === "not_started" && first !== undefined) {
    return { at: first.start_date, happen: (tx) => beginSchedule(tx, schedule) };
  }
  const { current_phase: current } = schedule;
  if (schedule.status !== "active" || current === null) {
    return undefined;
  }
  const noticeAt = current.end_date - NOTICE_SECONDS;
  const noticed = state.scheduleNotices.get(schedule.id) === current.end_date;
  if (!hasFuturePhase(schedule) && !noticed && noticeAt > current.start_date) {
    return { at: noticeAt, happen: (tx) => announceEnd(tx, schedule, current.end_date) };
  }
  return { at: current.end_date, happen: (tx) => turn(tx, schedule) };
}

/** Emits `subscription_schedule.expiring`. */
function announceEnd(tx: Transaction, schedule: WireSchedule, end: number): void {
  tx.state.scheduleNotices.set(schedule.id, end);
  emit(tx, "subscription_schedule.expiring", schedule);
}

/** Enters the next phase of a schedule, or ends it after its last one. */
function turn(tx: Transaction, schedule: WireSchedule): void {
  const end = schedule.current_phase?.end_date;
  const next = schedule.phases.find((phase) => phase.start_date === end);
  if (next !== undefined) {
    showPhase(tx, schedule, next);
    const before = phaseBefore(schedule, next);
    applyPhase(tx, schedule, next, {
      before,
      prorationBehavior: next.proration_behavior as ProrationBehavior,
    });
  } else if (schedule.end_behavior === "cancel") {
    completeSchedule(tx, schedule);
  } else {
    releaseSchedule(tx, schedule);
  }
}

/** What ran until now, and what becomes of the difference in price. */
export interface PhaseChange {
  before: Phase | undefined;
  prorationBehavior: ProrationBehavior;
}

/** Makes of a subscription in the middle of its period what a phase says. */
export function applyPhase(
  tx: Transaction,
  schedule: WireSchedule,
  phase: Phase,
  { before, prorationBehavior }: PhaseChange,
): void {
  const subscription = tx.state.subscriptions.get(schedule.subscription ?? "");
  if (subscription === undefined) {
    return;
  }
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    applyTerms(tx, changed, phase, before);
  });
  const items = phaseItems(tx.state, subscription, phase).filter((change) =>
    isRealChange(subscription, change),
  );
  const trialEnd = phase.trial_end !== subscription.trial_end ? phase.trial_end : null;
  const starts = trialEnd !== null && trialEnd > tx.now;
  const resetAnchor = phase.billing_cycle_anchor === "phase_start";
  const another = items.some((change) => {
    const item = subscription.items.data.find(
      ({ id }) => change.kind === "change" && change.id === id,
    );
    return change.kind === "change" && item && !sameRecurrence(item.price, change.price);
  });
  if (items.length > 0 || starts || resetAnchor) {
    changeSubscription(tx, subscription, {
      items,
      prorationBehavior,
      prorationDate: tx.now,
      bySchedule: true,
      resetAnchor: resetAnchor || another,
      trialEnd: starts ? trialEnd : null,
    });
  }
}
