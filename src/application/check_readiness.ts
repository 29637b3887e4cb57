import type { CatalogStore } from "./ports/catalog_store.ts";
import { PortError } from "./ports/port_error.ts";

/** Whether requests can be served, by part. */
export interface Readiness {
  readonly ready: boolean;
  readonly database: "ok" | "failing";
  readonly catalog: "ok" | "not_synchronized" | "unknown";
}

/** Tells whether the service can do its work: the database answers and the catalogue is there. */
export class CheckReadiness {
  readonly #catalog: CatalogStore;

  constructor(ports: { catalog: CatalogStore }) {
    this.#catalog = ports.catalog;
  }

  /** Never throws for a failing store; that is an answer. */
  async execute(): Promise<Readiness> {
    try {
      const catalog = await this.#catalog.read();
      return catalog === undefined
        ? { ready: false, database: "ok", catalog: "not_synchronized" }
        : { ready: true, database: "ok", catalog: "ok" };
    } catch (error) {
      if (error instanceof PortError) {
        return { ready: false, database: "failing", catalog: "unknown" };
      }
      throw error;
    }
  }
}
