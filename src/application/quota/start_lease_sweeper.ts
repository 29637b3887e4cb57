import { PortError } from "../ports/port_error.ts";

/** Leases that are looked after. */
export interface SweptLeases {
  /** Gives back idle leases and keeps others alive. */
  sweep(): Promise<void>;
}

/**
 * Sweeps leases again and again; does not keep the process alive. A store that fails is asked
 * again after the next pause.
 *
 * @param intervalMs pause between two sweeps, in milliseconds
 * @returns ends it, after the sweep that is under way
 */
export function startLeaseSweeper(leases: SweptLeases, intervalMs: number): () => Promise<void> {
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => leases.sweep()).catch(ignoreFailingStore);
  }, intervalMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

function ignoreFailingStore(error: unknown): void {
  if (!(error instanceof PortError)) {
    throw error;
  }
}
