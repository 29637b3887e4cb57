import type { BillingStore } from "../ports/billing_store.ts";
import { PortError } from "../ports/port_error.ts";

/** Whether requests can be served, by part. */
export interface Readiness {
  readonly ready: boolean;
  readonly database: "ok" | "failing";
  /** Unique indexes carry promises: without them nothing may be written. */
  readonly indexes: "ok" | "missing" | "unknown";
  readonly catalog: "ok" | "not_synchronized" | "unknown";
}

/** Tells whether the service can do its work: database, indexes and catalogue are there. */
export class CheckReadiness {
  readonly #store: Pick<BillingStore, "catalog" | "missingIndexes">;

  constructor(ports: { store: Pick<BillingStore, "catalog" | "missingIndexes"> }) {
    this.#store = ports.store;
  }

  /** Never throws for a failing store; that is an answer. */
  async execute(): Promise<Readiness> {
    try {
      const catalog = await this.#store.catalog.read();
      const missing = await this.#store.missingIndexes();
      return {
        ready: catalog !== undefined && missing.length === 0,
        database: "ok",
        indexes: missing.length === 0 ? "ok" : "missing",
        catalog: catalog === undefined ? "not_synchronized" : "ok",
      };
    } catch (error) {
      if (error instanceof PortError) {
        return { ready: false, database: "failing", indexes: "unknown", catalog: "unknown" };
      }
      throw error;
    }
  }
}
