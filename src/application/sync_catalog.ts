import {
  type Catalog,
  type CatalogDefinition,
  catalogProblems,
  findPlan,
  type Plan,
  type PlanDefinition,
  type PlanPrice,
  type PlanPriceDefinition,
} from "../domain/catalog.ts";
import type { CatalogPublisher, PortalOrder, PublishedPrice } from "./ports/catalog_publisher.ts";
import type { CatalogStore } from "./ports/catalog_store.ts";
import { PortError } from "./ports/port_error.ts";
import { publishPacks } from "./publish_packs.ts";

const MAX_ATTEMPTS = 5;

/** What became of a synchronisation. */
export type SyncCatalogOutcome =
  /** `createdPrices` are the lookup keys that got a new price. */
  | {
      readonly type: "synchronized";
      readonly catalog: Catalog;
      readonly createdPrices: readonly string[];
    }
  | { readonly type: "invalid"; readonly problems: readonly string[] };

/**
 * Makes the payment provider offer what the operator wrote, and remembers what stands for what.
 * Repeating it changes nothing; an interrupted run is completed by the next one. Plans that
 * are no longer written stay as inactive ones and keep serving their subscribers.
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
  async execute(definition: CatalogDefinition): Promise<SyncCatalogOutcome> {
    const problems = catalogProblems(definition);
    if (problems.length > 0) {
      return { type: "invalid", problems: problems.map(({ message }) => message) };
    }
    const createdPrices: string[] = [];
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const stored = await this.#catalog.read();
      const { plans, created } = await this.#publishPlans(definition.plans, stored);
      const packs = await publishPacks(this.#publisher, definition.packs ?? [], stored);
      createdPrices.push(...created, ...packs.created);
      const catalog: Catalog = {
        revision: stored?.revision ?? 0,
        plans: [...plans, ...retiredPlans(plans, stored)],
        packs: packs.packs,
        portalConfigurationId: await this.#publisher.putPortalConfiguration({
          returnUrl: this.#dashboardUrl,
          offers: offersOf(plans),
        }),
      };
      if ((await this.#catalog.save(catalog)) === "saved") {
        return {
          type: "synchronized",
          catalog: { ...catalog, revision: catalog.revision + 1 },
          createdPrices,
        };
      }
    }
    throw new PortError("Cannot save the catalogue: others keep saving theirs", {
      transient: true,
    });
  }

  async #publishPlans(
    definitions: readonly PlanDefinition[],
    stored: Catalog | undefined,
  ): Promise<{ plans: Plan[]; created: string[] }> {
    const lookupKeys = definitions.flatMap((plan) =>
      plan.prices.map((price) => lookupKeyOf(plan, price)),
    );
    const published = await this.#publisher.prices(lookupKeys);
    const plans: Plan[] = [];
    const created: string[] = [];
    for (const definition of definitions) {
      const productId = productIdOf(definition, published, stored);
      const prices: PlanPrice[] = [];
      if (productId !== null) {
        const { slug: planSlug, name } = definition;
        await this.#publisher.putProduct({ productId, name, planSlug });
        for (const price of definition.prices) {
          const lookupKey = lookupKeyOf(definition, price);
          const existing = published.find((candidate) =>
            isSamePrice(candidate, { ...price, lookupKey, productId }),
          );
          const { priceId } =
            existing ?? (await this.#publisher.createPrice({ ...price, productId, lookupKey }));
          if (existing === undefined) {
            created.push(lookupKey);
          }
          prices.push({ ...price, priceId });
        }
      }
      plans.push({ ...definition, productId, prices });
    }
    return { plans, created };
  }
}

/** The name under which the payment provider finds the current price of a plan. */
export function lookupKeyOf(plan: PlanDefinition, price: PlanPriceDefinition): string {
  return `mailingcore_${plan.slug}_${price.interval}`;
}

/** The product a plan has already, by what is stored or by its prices; else the one to make. */
function productIdOf(
  plan: PlanDefinition,
  published: readonly PublishedPrice[],
  stored: Catalog | undefined,
): string | null {
  const known = stored === undefined ? undefined : findPlan(stored, plan.slug)?.productId;
  if (known) {
    return known;
  }
  if (plan.prices.length === 0) {
    return null;
  }
  const keys = plan.prices.map((price) => lookupKeyOf(plan, price));
  return (
    published.find(({ lookupKey }) => keys.includes(lookupKey))?.productId ??
    `mailingcore_${plan.slug}`
  );
}

function isSamePrice(
  published: PublishedPrice,
  wanted: PlanPriceDefinition & { productId: string; lookupKey: string },
): boolean {
  return (
    published.lookupKey === wanted.lookupKey &&
    published.productId === wanted.productId &&
    published.amount === wanted.amount &&
    published.currency === wanted.currency &&
    published.interval === wanted.interval
  );
}

/** What subscribers may change to: the active plans with their present prices. */
function offersOf(plans: readonly Plan[]): PortalOrder["offers"] {
  return plans
    .filter(({ active }) => active)
    .toSorted((a, b) => a.rank - b.rank)
    .flatMap(({ productId, prices }) =>
      productId === null || prices.length === 0
        ? []
        : [{ productId, priceIds: prices.map(({ priceId }) => priceId) }],
    );
}

function retiredPlans(current: readonly Plan[], stored: Catalog | undefined): Plan[] {
  return (stored?.plans ?? [])
    .filter(({ slug }) => !current.some((plan) => plan.slug === slug))
    .map((plan) => ({ ...plan, active: false }));
}
