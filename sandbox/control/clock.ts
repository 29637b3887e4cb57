import type { Account } from "../account.ts";
import type { WireEvent } from "../state/wire.ts";
import { ControlError, number, readBody, text } from "./json_body.ts";

const HOUR_MS = 3_600_000;
const MOST_DAYS = 3660;
const MOST_SHOWN = 1000;

const span = (unitsPerDay: number) =>
  number(
    (value) => value > 0 && value <= MOST_DAYS * unitsPerDay,
    `a number above 0 and at most ${MOST_DAYS * unitsPerDay}`,
  );

const FIELDS = { advanceDays: span(1), advanceHours: span(24), to: text };

/** The sandbox's time, how far it is ahead of the base clock, and when something is due next. */
export function readClock(account: Account): object {
  const dueAt = account.nextDueAt();
  return {
    now: new Date(account.nowMs()).toISOString(),
    offsetMs: account.state.clock.offsetMs,
    nextDue: dueAt === undefined ? null : new Date(dueAt * 1000).toISOString(),
  };
}

/**
 * Moves the clock as the body says; answers the new time and what happened on the way, the first
 * thousand events of it in detail.
 * @throws {ControlError} where the body does not name exactly one time that lies ahead
 */
export function moveClock(account: Account, body: unknown): object {
  const happened: object[] = [];
  let count = 0;
  account.advanceTo(targetOf(account.nowMs(), body), (event) => {
    if (++count <= MOST_SHOWN) {
      happened.push(summary(event));
    }
  });
  return { ...readClock(account), happened, happenedCount: count };
}

function targetOf(nowMs: number, body: unknown): number {
  const { advanceDays: days, advanceHours: hours, to } = readBody(FIELDS, body);
  if ([days, hours, to].filter((value) => value !== undefined).length !== 1) {
    throw new ControlError("Give exactly one of advanceDays, advanceHours and to");
  }
  if (to === undefined) {
    return nowMs + ((days ?? 0) * 24 + (hours ?? 0)) * HOUR_MS;
  }
  const targetMs = /^\d{4}-\d{2}-\d{2}/.test(to) ? Date.parse(to) : Number.NaN;
  if (Number.isNaN(targetMs)) {
    throw new ControlError('Bad "to": expected a time such as 2027-01-31T00:00:00Z');
  }
  if (targetMs < nowMs) {
    throw new ControlError('Bad "to": the clock moves forward only');
  }
  if (targetMs > nowMs + MOST_DAYS * 24 * HOUR_MS) {
    throw new ControlError(`Bad "to": the clock moves at most ${MOST_DAYS} days at once`);
  }
  return targetMs;
}

function summary(event: WireEvent): object {
  return {
    at: new Date(event.created * 1000).toISOString(),
    type: event.type,
    object: event.data.object.id,
    event: event.id,
  };
}
