import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import { Recent } from "../recent.ts";
import type { SynchronizeTenant } from "./synchronize_tenant.ts";

/** The shortest time between two questions to the payment provider about a tenant. */
const PAUSE_MS = 600_000;
/** How long a read or a send waits for the look, in milliseconds; the look continues after that. */
const PATIENCE_MS = 3_000;
/** How many tenants to remember; the oldest are forgotten first. */
const MOST_TENANTS = 10_000;

/**
 * Asks the payment provider about a tenant whose month has begun or whose renewal should have
 * arrived, instead of waiting for a webhook or the next reconciliation (P37): during a read, a send
 * or a sweep, each process at most once in ten minutes per tenant. A failure affects nothing else.
 */
export class LookWhenDue {
  readonly #synchronizeTenant: SynchronizeTenant;
  readonly #clock: Clock;
  readonly #askedAt = new Recent<string, number>(MOST_TENANTS);

  constructor(dependencies: { synchronizeTenant: SynchronizeTenant; clock: Clock }) {
    this.#synchronizeTenant = dependencies.synchronizeTenant;
    this.#clock = dependencies.clock;
  }

  /** Looks at a tenant for whom a look is due, unless this process has asked just now. */
  async execute({ tenantId }: { tenantId: string }): Promise<void> {
    const now = this.#clock();
    if (!this.#wasAsked(tenantId, now)) {
      this.#askedAt.set(tenantId, +now);
      await inTime(this.#look(tenantId));
    }
  }

  async #look(tenantId: string): Promise<void> {
    try {
      await this.#synchronizeTenant.look({ tenantId });
    } catch (error) {
      if (!(error instanceof PortError)) {
        throw error;
      }
    }
  }

  #wasAsked(tenantId: string, now: Date): boolean {
    const askedAt = this.#askedAt.get(tenantId);
    return askedAt !== undefined && Math.abs(+now - askedAt) < PAUSE_MS;
  }
}

async function inTime(look: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, PATIENCE_MS);
  try {
    await Promise.race([look, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
