import { invalidRequest } from "../../engine/request_error.ts";
import { emitChange, type Transaction } from "../../engine/transaction.ts";
import type { WireSchedule } from "../../state/wire.ts";
import type { ProrationBehavior } from "../item_change.ts";
import type { Phase } from "./phases.ts";
import { applyPhase } from "./schedule_moment.ts";

/** What a request changes of a schedule. */
export interface ScheduleUpdate {
  /** The running phase and those to come; undefined to leave them. */
  phases: Phase[] | undefined;
  endBehavior: WireSchedule["end_behavior"] | undefined;
  metadata: Record<string, string>;
  defaults: Partial<WireSchedule["default_settings"]>;
  /** What becomes of a change of the running phase. */
  prorationBehavior: ProrationBehavior;
}

/**
 * Changes a schedule; emits `subscription_schedule.updated`, and what a change of the running phase
 * does to the subscription.
 * @throws {RequestError} where it has ended, or the phases leave out the running one
 */
export function updateSchedule(
  tx: Transaction,
  schedule: WireSchedule,
  update: ScheduleUpdate,
): void {
  if (schedule.status !== "active" && schedule.status !== "not_started") {
    throw invalidRequest(
      "You cannot update a subscription schedule that is currently in the " +
        `\`${schedule.status}\` status.`,
    );
  }
  const { phases } = update;
  const running = phases?.find(({ start_date, end_date }) => {
    return start_date <= tx.now && tx.now < end_date;
  });
  if (schedule.status === "active" && phases !== undefined && running === undefined) {
    throw invalidRequest("The phases must include the current phase.", "phases");
  }
  const before = schedule.phases.find(
    ({ start_date: start }) => start === schedule.current_phase?.start_date,
  );
  emitChange(tx, "subscription_schedule.updated", schedule, (changed) => {
    changed.end_behavior = update.endBehavior ?? changed.end_behavior;
    changed.metadata = update.metadata;
    Object.assign(changed.default_settings, update.defaults);
    if (phases !== undefined) {
      const past = changed.phases.filter(
        ({ end_date }) => end_date <= (phases[0]?.start_date ?? 0),
      );
      changed.phases = [...past, ...phases];
    }
    if (changed.status === "active" && running !== undefined) {
      changed.current_phase = { start_date: running.start_date, end_date: running.end_date };
    }
  });
  if (schedule.status === "active" && running !== undefined) {
    const { prorationBehavior } = update;
    applyPhase(tx, schedule, running, { before, prorationBehavior });
  }
}
