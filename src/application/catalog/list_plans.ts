import type { Plan, PlanPrice } from "../../domain/catalog/catalog.ts";
import {
  type PaperworkSettings,
  paperworkOf,
  type TaxBehavior,
  taxOf,
} from "../../domain/catalog/paperwork.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import { requireCatalog } from "./require_catalog.ts";

/** A plan on offer, with what its prices say of tax. */
export interface OfferedPlan extends Omit<Plan, "prices"> {
  readonly prices: readonly (PlanPrice & { readonly tax: TaxBehavior | null })[];
}

/** Lists the plans that can be chosen. */
export class ListPlans {
  readonly #catalog: CatalogStore;
  readonly #settings: PaperworkSettings;

  constructor(ports: { catalog: CatalogStore }, settings: PaperworkSettings) {
    this.#catalog = ports.catalog;
    this.#settings = settings;
  }

  /**
   * The active plans, lowest rank first.
   *
   * @throws {PortError} when the catalogue cannot be read
   */
  async execute(): Promise<readonly OfferedPlan[]> {
    const { plans } = await requireCatalog(this.#catalog);
    return plans
      .filter(({ active }) => active)
      .toSorted((a, b) => a.rank - b.rank)
      .map((plan) => this.#offered(plan));
  }

  #offered(plan: Plan): OfferedPlan {
    const paperwork = paperworkOf(plan, this.#settings);
    return {
      ...plan,
      prices: plan.prices.map((price) => ({ ...price, tax: taxOf(price, paperwork) })),
    };
  }
}
