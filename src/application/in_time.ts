import { PortError } from "./ports/port_error.ts";

/**
 * How long anybody waits for what only the store has to answer, in milliseconds: within five seconds
 * the caller has heard of it, too (P34).
 */
export const LONGEST_WAIT_MS = 4_500;

/**
 * The result of some work, for as long as somebody waits. Work that is too late goes on unheard; it
 * has to end by itself, as every call of a store does.
 *
 * @param limit.action what the work is for, to follow "Cannot"
 * @throws {PortError} transient, when the work is too late
 */
export async function inTime<T>(
  work: Promise<T>,
  { action, ms = LONGEST_WAIT_MS }: { action: string; ms?: number },
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(tooLate(action, ms)), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(action: string, ms: number): PortError {
  return new PortError(`Cannot ${action}: no answer within ${ms} ms`, { transient: true });
}
