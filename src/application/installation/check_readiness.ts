import { inTime } from "../in_time.ts";
import type { BillingStore } from "../ports/billing_store.ts";
import type { Clock, OtherClocks } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import { type ClockState, clockState } from "./clock_state.ts";

/** Longest wait for the database, in milliseconds; after that it counts as failing. */
const LONGEST_LOOK_MS = 3_000;

/** Whether requests can be served, by part. */
export interface Readiness {
  readonly ready: boolean;
  readonly database: "ok" | "failing";
  /** `missing`: nothing may be written, because unique indexes guarantee promises. */
  readonly indexes: "ok" | "missing" | "unknown";
  readonly catalog: "ok" | "not_synchronized" | "unknown";
  /** Compared with the payment provider's and the database's, as they were measured last. */
  readonly clock: ClockState["verdict"];
}

/** What readiness depends on. */
export interface ReadinessPorts {
  readonly store: Pick<BillingStore, "catalog" | "missingIndexes">;
  readonly clock: Clock;
  readonly otherClocks: OtherClocks;
}

/**
 * Tells whether the service can do its work: database, indexes and catalogue are there, and its
 * clock is not known to be wrong.
 */
export class CheckReadiness {
  readonly #ports: ReadinessPorts;

  constructor(ports: ReadinessPorts) {
    this.#ports = ports;
  }

  /** Never throws: a failing store is part of the result. */
  async execute(): Promise<Readiness> {
    const stored = await this.#stored();
    const { clock: now, otherClocks } = this.#ports;
    const ours = { now: now(), monotonicMs: performance.now() };
    const clock = clockState(otherClocks, ours).verdict;
    const { database, indexes, catalog } = stored;
    const isComplete = database === "ok" && indexes === "ok" && catalog === "ok";
    return { ready: isComplete && clock !== "wrong", ...stored, clock };
  }

  async #stored(): Promise<Pick<Readiness, "database" | "indexes" | "catalog">> {
    const { store } = this.#ports;
    const limit = { action: "look at the database", ms: LONGEST_LOOK_MS };
    try {
      const [catalog, missing] = await inTime(
        Promise.all([store.catalog.read(), store.missingIndexes()]),
        limit,
      );
      return {
        database: "ok",
        indexes: missing.length === 0 ? "ok" : "missing",
        catalog: catalog === undefined ? "not_synchronized" : "ok",
      };
    } catch (error) {
      if (error instanceof PortError) {
        return { database: "failing", indexes: "unknown", catalog: "unknown" };
      }
      throw error;
    }
  }
}
