import { PortError } from "./ports/port_error.ts";

/**
 * The longest wait for an answer that needs only the store, in milliseconds: the caller hears of it
 * within five seconds (P34).
 */
export const LONGEST_WAIT_MS = 4_500;

/**
 * Returns the result of work, or gives up waiting for it. Late work continues unheard; it must end
 * by itself, as every call of a store does.
 *
 * @param limit.action the purpose of the work, phrased to follow "Cannot"
 * @throws {PortError} transient, if the work is late
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
