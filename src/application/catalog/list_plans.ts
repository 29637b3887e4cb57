import type { Plan } from "../../domain/catalog/catalog.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import { requireCatalog } from "./require_catalog.ts";

/** Lists the plans that can be chosen. */
export class ListPlans {
  readonly #catalog: CatalogStore;

  constructor(ports: { catalog: CatalogStore }) {
    this.#catalog = ports.catalog;
  }

  /**
   * The active plans, lowest rank first.
   *
   * @throws {PortError} when the catalogue cannot be read
   */
  async execute(): Promise<readonly Plan[]> {
    const { plans } = await requireCatalog(this.#catalog);
    return plans.filter(({ active }) => active).toSorted((a, b) => a.rank - b.rank);
  }
}
