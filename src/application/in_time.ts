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
export function inTime<T>(
  work: Promise<T>,
  { action, ms = LONGEST_WAIT_MS }: { action: string; ms?: number },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooLate(action, ms)), ms);
    const done = (value: T) => {
      clearTimeout(timer);
      resolve(value);
    };
    work.then(done, (error: unknown) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

function tooLate(action: string, ms: number): PortError {
  return new PortError(`Cannot ${action}: no answer within ${ms} ms`, { transient: true });
}
