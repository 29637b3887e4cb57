import { isName } from "../text.ts";
import { amountProblem } from "./currencies.ts";
import { type OwnPaperwork, PAPERWORK_FIELDS, type TaxBehavior } from "./paperwork.ts";
import type { Limits } from "./plan_limits.ts";

/** Products of a Portal configuration. Source: Stripe API, "Portal configuration". */
export const MAX_OFFERED_PLANS = 10;

/** The fields that a free plan cannot have. */
export const ONLY_PAID = ["trialDays", ...PAPERWORK_FIELDS] as const;

/** How often a plan can be billed. */
export const INTERVALS = ["month", "year"] as const;

/** One of {@link INTERVALS}. */
export type Interval = (typeof INTERVALS)[number];

/** A price of a plan as the operator writes it. */
export interface PlanPriceDefinition {
  readonly interval: Interval;
  /** Minor units of `currency` for one interval. */
  readonly amount: number;
  /** ISO 4217, lower case. */
  readonly currency: string;
  /** Default: what the price that is published says, if anything. */
  readonly taxBehavior?: TaxBehavior | undefined;
}

/** A plan as the operator writes it in `plans.json`. */
export interface PlanDefinition extends Limits, OwnPaperwork {
  readonly slug: string;
  readonly name: string;
  /** Order of the plans, lowest first; a higher rank is an upgrade. */
  readonly rank: number;
  /** Inactive plans are no longer sold, but still serve the tenants that have them. */
  readonly active: boolean;
  /** Empty for the free plan. */
  readonly prices: readonly PlanPriceDefinition[];
  /** Free days before the first payment, for tenants that never had a trial. Default: none. */
  readonly trialDays?: number | undefined;
}

/** A pack of AI tokens, bought once, as the operator writes it in `plans.json`. */
export interface TokenPackDefinition extends OwnPaperwork {
  readonly slug: string;
  readonly name: string;
  /** Inactive packs are no longer sold. */
  readonly active: boolean;
  readonly tokens: number;
  /** Minor units of `currency`. */
  readonly amount: number;
  /** ISO 4217, lower case. */
  readonly currency: string;
  /** Default: what the price that is published says, if anything. */
  readonly taxBehavior?: TaxBehavior | undefined;
  /** Whether its buyers get an invoice. Default: as the service's settings say. */
  readonly invoice?: boolean | undefined;
}

/** What the operator wants to sell: the content of `plans.json`. */
export interface CatalogDefinition {
  readonly plans: readonly PlanDefinition[];
  /** Left out, no packs are sold. */
  readonly packs?: readonly TokenPackDefinition[];
}

/** A price that exists at the payment provider. */
export interface PlanPrice extends PlanPriceDefinition {
  readonly priceId: string;
}

/** A plan with its product and prices at the payment provider. */
export interface Plan extends Omit<PlanDefinition, "prices"> {
  /**
   * The provider's product. Any price of this product, even an old or hand-made one, means this
   * plan.
   */
  readonly productId: string | null;
  readonly prices: readonly PlanPrice[];
}

/** A token pack with its product and price at the payment provider. */
export interface TokenPack extends TokenPackDefinition {
  readonly productId: string;
  readonly priceId: string;
}

/** The catalogue in force, as last synchronised with the payment provider. */
export interface Catalog {
  /** Grows by one on every save; 0 before the first. */
  readonly revision: number;
  readonly plans: readonly Plan[];
  readonly packs: readonly TokenPack[];
  /** The Customer Portal configuration of the Portal's home page, which changes no plans. */
  readonly portalConfigurationId: string;
  /** The Customer Portal configuration that our links to plan changes use. */
  readonly planChangeConfigurationId: string;
}

/** Finds a plan by its slug, active or not. */
export function findPlan(catalog: Catalog, slug: string): Plan | undefined {
  return catalog.plans.find((plan) => plan.slug === slug);
}

/** Finds a token pack by its slug, active or not. */
export function findPack(catalog: Catalog, slug: string): TokenPack | undefined {
  return catalog.packs.find((pack) => pack.slug === slug);
}

/**
 * Finds the plan that a product at the payment provider stands for, grandfathered prices included.
 */
export function planOfProduct(catalog: Catalog, productId: string): Plan | undefined {
  return catalog.plans.find((plan) => plan.productId === productId);
}

/** Returns the plan of tenants that pay nothing. */
export function freePlan(catalog: Catalog): Plan {
  const plan = catalog.plans.find((candidate) => candidate.active && isFree(candidate));
  if (plan === undefined) {
    throw new TypeError(
      "Cannot find the free plan: the catalogue has no active plan without prices",
    );
  }
  return plan;
}

/** Whether a plan costs nothing. */
export function isFree(plan: { readonly prices: readonly unknown[] }): boolean {
  return plan.prices.length === 0;
}

/** A fault in one place of a catalogue. */
export interface CatalogProblem {
  /** The place, such as `plans[1].slug`. */
  readonly path: string;
  readonly message: string;
}

/**
 * Finds the faults of a catalogue that its JSON Schema cannot express, one sentence each. A
 * catalogue without faults can be sold.
 */
export function catalogProblems(definition: CatalogDefinition): CatalogProblem[] {
  const { plans, packs = [] } = definition;
  return [
    ...repeated(plans.map(({ slug }) => slug)).map(({ value, index }) => ({
      path: `plans[${index}].slug`,
      message: `Plan "${value}" is listed more than once`,
    })),
    ...repeated(packs.map(({ slug }) => slug)).map(({ value, index }) => ({
      path: `packs[${index}].slug`,
      message: `Token pack "${value}" is listed more than once`,
    })),
    ...repeated(plans.map(({ rank }) => rank)).map(({ value, index }) => ({
      path: `plans[${index}].rank`,
      message: `Rank ${value} is used by more than one plan`,
    })),
    ...nameProblems("plans", plans),
    ...nameProblems("packs", packs),
    ...offerProblems(plans),
    ...plans.flatMap((plan, index) => planProblems(plan, `plans[${index}]`)),
    ...packs.flatMap((pack, index) => moneyProblems(pack, `packs[${index}]`)),
  ];
}

/** What is published has to be payable (P42). */
function moneyProblems(
  { amount, currency }: Pick<TokenPackDefinition, "amount" | "currency">,
  path: string,
): CatalogProblem[] {
  const message = amountProblem(amount, currency);
  return message === undefined ? [] : [{ path: `${path}.amount`, message }];
}

/** A name goes to Stripe and into the database, and has to come back as it is (P46). */
function nameProblems(list: string, named: readonly { readonly name: string }[]): CatalogProblem[] {
  return named.flatMap(({ name }, index) =>
    isName(name)
      ? []
      : {
          path: `${list}[${index}].name`,
          message: "A name must be 1 to 255 characters of text without control characters",
        },
  );
}

function offerProblems(plans: readonly PlanDefinition[]): CatalogProblem[] {
  const free = plans.filter((plan) => plan.active && isFree(plan)).length;
  const offered = plans.filter((plan) => plan.active && !isFree(plan)).length;
  const messages = [
    free === 1 ? [] : `Exactly one active plan must have no prices (the free plan), not ${free}`,
    offered <= MAX_OFFERED_PLANS
      ? []
      : `At most ${MAX_OFFERED_PLANS} active plans can have prices, not ${offered}: ` +
        "the Customer Portal lists no more",
  ].flat();
  return messages.map((message) => ({ path: "plans", message }));
}

function planProblems(plan: PlanDefinition, path: string): CatalogProblem[] {
  const { slug, prices } = plan;
  const ofPaid = ONLY_PAID.filter((field) => plan[field] !== undefined);
  return [
    ...(isFree(plan) ? ofPaid : []).map((field) => ({
      path: `${path}.${field}`,
      message: `Plan "${slug}" is free, so that it can have no ${field}`,
    })),
    ...repeated(prices.map(({ interval }) => interval)).map(({ value, index }) => ({
      path: `${path}.prices[${index}].interval`,
      message: `Plan "${slug}" has more than one price per ${value}`,
    })),
    ...prices.flatMap((price, index) => moneyProblems(price, `${path}.prices[${index}]`)),
  ];
}

/** Finds values that occur more than once, each with the index of its second occurrence. */
function repeated<T>(values: readonly T[]): { value: T; index: number }[] {
  return [...new Set(values)].flatMap((value) => {
    const index = values.indexOf(value, values.indexOf(value) + 1);
    return index === -1 ? [] : { value, index };
  });
}
