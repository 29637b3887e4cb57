import type { Plan } from "../../../src/domain/catalog/catalog.ts";
import type { Standing } from "../../../src/domain/subscription/standing.ts";
import { GOOD_WEATHER } from "../disturbance.ts";
import { replaced, type Sabotage, saving } from "../sabotage.ts";
import { ADD_ON } from "./life_attacks.ts";

/** A fault of the rule, and the attacks that cannot come out right with it. */
export interface PlantedFault {
  readonly sabotage: Sabotage;
  readonly noticedBy: readonly string[];
  /** Whether histories of tenants' own actions show it, too, and of which kind. */
  readonly bredBy: "any" | "honest" | null;
}

/** Faults planted between the rule and what is kept of it. */
export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    sabotage: standing("lets no month inherit", (found) => ({
      ...found,
      lines: found.lines.map((line) => ({ ...line, creditedFrom: null })),
    })),
    noticedBy: ["G7 F1", "G7b", "O2"],
    bredBy: "any",
  },
  {
    sabotage: standing("ignores a change that is owed", (found) => ({
      ...found,
      debts: found.debts.filter(({ cause }) => cause !== "change"),
    })),
    noticedBy: ["G2", "an upgrade that is not paid", "L4"],
    bredBy: "any",
  },
  {
    sabotage: standing("ignores a renewal that is owed", (found) => ({
      ...found,
      debts: found.debts.filter(({ cause }) => cause !== "renewal"),
    })),
    noticedBy: ["G1", "G10", "N15"],
    bredBy: "any",
  },
  {
    sabotage: standing("takes the oldest line for all that was settled", (found) => ({
      ...found,
      lines: found.lines.slice(0, 1),
    })),
    noticedBy: ["N8b", "three renewals"],
    bredBy: "honest",
  },
  {
    sabotage: standing("credits a whole period where a part of it is credited", (found) => ({
      ...found,
      lines: found.lines.map((line, index) => ({
        ...line,
        creditedFrom: line.creditedFrom && (found.lines[index - 1] ?? line).period.start,
      })),
    })),
    noticedBy: [],
    bredBy: "honest",
  },
  {
    sabotage: standing("takes each payment for owed still", (found) => ({
      ...found,
      debts: found.lines.map(({ period }, index) => ({
        invoiceId: `in_${index}`,
        cause: "renewal",
        from: null,
        since: period.start,
      })),
    })),
    noticedBy: ["N8b"],
    bredBy: "honest",
  },
  {
    sabotage: {
      title: "takes an add-on's product for a plan's",
      weather: GOOD_WEATHER,
      spoil: (store) =>
        replaced(store, "catalog", {
          read: async () => {
            const catalog = await store.catalog.read();
            return catalog && { ...catalog, plans: catalog.plans.map(soldAsAddOn) };
          },
        }),
    },
    noticedBy: ["an add-on"],
    bredBy: null,
  },
];

function standing(title: string, change: (found: Standing) => Standing): Sabotage {
  return {
    title,
    weather: GOOD_WEATHER,
    spoil: (store) =>
      saving(store, (account) => ({
        ...account,
        standing: account.standing && change(account.standing),
      })),
  };
}

function soldAsAddOn(plan: Plan): Plan {
  return plan.slug === "business" ? { ...plan, productId: ADD_ON } : plan;
}
