import { withoutChance } from "../chance.ts";
import type { Tally } from "../tally.ts";
import { type Template, World } from "../world.ts";
import { moneyIn } from "./books.ts";
import { type Bought, type Brings, boughtBy } from "./bought.ts";
import { make } from "./moves.ts";
import { type Amounts, MEASURES, type Measure, SpendingTenant } from "./spending_tenant.ts";
import { DUNNINGS, type TenantHistory } from "./tenant_history.ts";

const START = new Date("2027-01-01T00:00:00Z");
const DAY_MS = 86_400_000;
/** How long a tenant goes on after its last move. */
const REST_DAYS = 40;
/** Amounts are rounded once for each line. */
const ROUNDING = 20;

/** How a history came out. */
export interface Outcome {
  readonly used: Amounts;
  readonly bought: Readonly<Record<Measure, Bought>>;
  /** In minor units. */
  readonly paid: number;
  readonly plan: string;
  /** Where more was used than was bought, as it was first seen, or more than a free month brings. */
  readonly gains: readonly string[];
  /** Where less was used than was bought, in the end. */
  readonly losses: readonly string[];
  /** What it met: to find histories that meet something new. */
  readonly met: ReadonlySet<string>;
  /** The share of what was bought that was used, the greater one of both. */
  readonly share: number;
  readonly tally: Tally;
}

/** Plays what a tenant does, and compares it with the books at every moment. */
export function playHistory(history: TenantHistory, template: Template): Promise<Outcome> {
  return withoutChance(history.seed, async () => {
    const world = await World.begin(template, history.seed);
    try {
      Object.assign(world.provider.state.dunning, DUNNINGS[history.dunning]);
      const tenant = new SpendingTenant(world, START);
      const watch = new Watch(template, tenant);
      tenant.spends = history.greedy;
      tenant.afterLook = () => watch.look();
      await tenant.look();
      const links: string[] = [];
      for (const move of history.moves) {
        await make(tenant, move, links);
      }
      await tenant.until(tenant.nowMs + REST_DAYS * DAY_MS);
      tenant.spends = true;
      await tenant.look();
      return watch.outcome();
    } finally {
      await world.store.close();
    }
  });
}

/** What each product brings in a month, by the list of plans. */
export function bringsOf({ catalog }: Pick<Template, "catalog">): Brings {
  return Object.fromEntries(
    catalog.plans.map(({ productId, monthlyEmailLimit, tokensIncludedMonth }) => [
      productId ?? "",
      { emails: monthlyEmailLimit ?? 0, tokens: tokensIncludedMonth },
    ]),
  );
}

/** Looks over a tenant's shoulder. */
export class Watch {
  readonly #tenant: SpendingTenant;
  readonly #brings: Brings;
  readonly #free: Amounts;
  readonly #gains: string[] = [];
  readonly #met = new Set<string>();

  constructor(template: Template, tenant: SpendingTenant) {
    this.#tenant = tenant;
    this.#brings = bringsOf(template);
    const free = template.catalog.plans.find(({ rank }) => rank === 0);
    this.#free = { emails: free?.monthlyEmailLimit ?? 0, tokens: free?.tokensIncludedMonth ?? 0 };
  }

  look(): void {
    const tenant = this.#tenant;
    const books = tenant.books();
    const states = books.billed.map(({ invoice: i }) => `${i.billing_reason}:${i.status}`);
    this.#met.add([...new Set(states), tenant.reason, tenant.plan].toSorted().join(" "));
    for (const measure of MEASURES) {
      const { most, granted, lent } = this.#bought(measure);
      const used = tenant.used[measure];
      if (used > most + granted + lent + ROUNDING) {
        this.#gains.push(
          `${this.#date()}: ${used} ${measure} used, ${most} bought, ${lent} lent, ${tenant.reason}`,
        );
      }
      for (const [month, free] of tenant.usedFree) {
        if (free[measure] > this.#free[measure]) {
          this.#gains.push(`${free[measure]} free ${measure} used in ${month}`);
        }
      }
    }
  }

  outcome(): Outcome {
    const { used, plan, world } = this.#tenant;
    const bought = { emails: this.#bought("emails"), tokens: this.#bought("tokens") };
    return {
      used,
      bought,
      plan,
      met: this.#met,
      tally: world.tally,
      paid: moneyIn(this.#tenant.books()),
      gains: this.#gains.slice(0, 2),
      losses: MEASURES.filter((one) => used[one] < bought[one].begun - ROUNDING).map(
        (one) => `${used[one]} ${one} used of ${bought[one].begun} that had begun`,
      ),
      share: Math.max(...MEASURES.map((one) => used[one] / Math.max(1, bought[one].most))),
    };
  }

  #bought(measure: Measure): Bought {
    const now = Math.floor(this.#tenant.nowMs / 1_000);
    return boughtBy(this.#tenant.books(), { measure, brings: this.#brings, now });
  }

  #date(): string {
    return new Date(this.#tenant.nowMs).toISOString();
  }
}
