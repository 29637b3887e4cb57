import type { NotificationType } from "./notification.ts";

/** A recipient: a webhook endpoint, or the handlers of a host. */
export interface NotificationTarget {
  readonly id: string;
  /** The address; `null` for a host's handlers, which run in its own process. */
  readonly url: string | null;
  readonly events: readonly NotificationType[];
  /** It hears of everything from then on. */
  readonly createdAt: Date;
  /** The signing secrets, newest first, at most two; none for a host's handlers. */
  readonly secrets: readonly string[];
}

/** The state of a delivery. `dead`: abandoned after the last attempt. */
export type DeliveryState = "waiting" | "done" | "dead";

/** One attempt at a delivery. */
export interface DeliveryAttempt {
  readonly at: Date;
  /** The HTTP status; `null` without an answer, and for a host's handlers. */
  readonly status: number | null;
  /** What went wrong; `null` if nothing did. */
  readonly error: string | null;
}

/** Waits after each failed attempt, in seconds. */
const PAUSES_SECONDS = [10, 30, 120, 600];

/**
 * Returns when to try a delivery again: after 10 s, 30 s, two and ten minutes.
 *
 * @param attempts failed attempts so far
 * @returns `null` after the fifth
 */
export function nextAttemptAt(attempts: number, now: Date): Date | null {
  const pause = PAUSES_SECONDS[attempts - 1];
  return pause === undefined ? null : new Date(+now + 1_000 * pause);
}
