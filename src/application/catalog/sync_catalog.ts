import {
  type Catalog,
  type CatalogDefinition,
  catalogProblems,
} from "../../domain/catalog/catalog.ts";
import type {
  CatalogPublisher,
  PortalOrder,
  PortalPurpose,
} from "../ports/catalog/catalog_publisher.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import { PortError } from "../ports/port_error.ts";
import {
  type CatalogChange,
  type CatalogPlan,
  localChanges,
  offerChanges,
  portalOffers,
  presentPrices,
} from "./catalog_plan.ts";
import { plannedCatalog } from "./planned_catalog.ts";
import { lookupKeysOf, type WantedCatalog, wantedCatalog } from "./wanted_catalog.ts";

const MAX_ATTEMPTS = 5;

/** How to synchronise. */
export interface SyncCatalogOptions {
  /** Whether to plan the changes without making them. Default: false. */
  readonly dryRun?: boolean;
  /** Called with every change before it is made. */
  readonly onChange?: (change: CatalogChange) => void;
}

/** The outcome of a synchronisation. */
export type SyncCatalogOutcome =
  | {
      readonly type: "synchronized";
      readonly catalog: Catalog;
      /** What was done; empty where all was as it was written. */
      readonly changes: readonly CatalogChange[];
    }
  /** The dry run's: what a synchronisation would do now. */
  | { readonly type: "planned"; readonly changes: readonly CatalogChange[] }
  | { readonly type: "invalid"; readonly problems: readonly string[] };

/**
 * Makes the payment provider offer what the plans file says, and stores the provider's ids. Plans
 * the changes first and then makes them; a dry run ends in between. Repeating it changes nothing,
 * and the next run completes an interrupted one. Plans that are gone from the file become inactive
 * and keep serving their subscribers.
 */
export class SyncCatalog {
  readonly #catalog: CatalogStore;
  readonly #publisher: CatalogPublisher;
  readonly #dashboardUrl: string;

  constructor(
    ports: { catalog: CatalogStore; publisher: CatalogPublisher },
    settings: { dashboardUrl: string },
  ) {
    this.#catalog = ports.catalog;
    this.#publisher = ports.publisher;
    this.#dashboardUrl = settings.dashboardUrl;
  }

  /** @throws {PortError} */
  async execute(
    definition: CatalogDefinition,
    { dryRun = false, onChange = () => undefined }: SyncCatalogOptions = {},
  ): Promise<SyncCatalogOutcome> {
    const problems = catalogProblems(definition);
    if (problems.length > 0) {
      return { type: "invalid", problems: problems.map(({ message }) => message) };
    }
    const published: CatalogChange[] = [];
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const plan = await this.#plan(definition);
      if (dryRun) {
        return { type: "planned", changes: plan.changes };
      }
      const catalog = await this.#carryOut(plan, onChange);
      const changes = [...published, ...plan.changes];
      if (plan.changes.length === 0) {
        return { type: "synchronized", catalog, changes };
      }
      if ((await this.#catalog.save(catalog)) === "saved") {
        const saved = { ...catalog, revision: catalog.revision + 1 };
        return { type: "synchronized", catalog: saved, changes };
      }
      published.push(...plan.changes.filter(({ type }) => type !== "update_stored"));
    }
    throw new PortError("Cannot save the catalogue: others keep saving theirs", {
      transient: true,
    });
  }

  async #plan(definition: CatalogDefinition): Promise<CatalogPlan> {
    const stored = await this.#catalog.read();
    const prices = await this.#publisher.prices(lookupKeysOf(definition));
    const wanted = wantedCatalog(definition, { stored, published: prices });
    const products = await this.#publisher.products(
      [...wanted.plans, ...wanted.packs].flatMap(({ product }) => product?.productId ?? []),
    );
    const priceIds = presentPrices(wanted, prices);
    const compare = (purpose: PortalPurpose) =>
      this.#publisher.comparePortal(this.#portalOrder(purpose, wanted, priceIds));
    const [home, planChange] = [await compare("home"), await compare("plan_change")];
    const portals = { home: home.configurationId, plan_change: planChange.configurationId };
    const plan = { wanted, stored, priceIds, portals };
    const changes = [
      ...offerChanges(wanted, { products, prices }),
      ...localChanges(plan, [home, planChange]),
    ];
    return { ...plan, changes };
  }

  async #carryOut(plan: CatalogPlan, onChange: (change: CatalogChange) => void): Promise<Catalog> {
    const priceIds = new Map(plan.priceIds);
    const portals = { ...plan.portals };
    for (const change of plan.changes) {
      onChange(change);
      switch (change.type) {
        case "create_product":
        case "update_product":
          await this.#publisher.putProduct(change.product);
          break;
        case "create_price": {
          const { priceId } = await this.#publisher.createPrice(change.price);
          priceIds.set(change.price.lookupKey, priceId);
          break;
        }
        case "specify_tax":
          await this.#publisher.specifyTax(change);
          break;
        case "put_portal":
          portals[change.purpose] = await this.#publisher.putPortalConfiguration(
            this.#portalOrder(change.purpose, plan.wanted, priceIds),
          );
          break;
        case "update_stored":
          break;
        default:
          change satisfies never;
      }
    }
    return plannedCatalog({ ...plan, priceIds, portals });
  }

  #portalOrder(
    purpose: PortalPurpose,
    wanted: WantedCatalog,
    priceIds: ReadonlyMap<string, string>,
  ): PortalOrder {
    const offers = portalOffers(purpose, wanted, priceIds);
    return { purpose, returnUrl: this.#dashboardUrl, offers };
  }
}
