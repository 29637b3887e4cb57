import fc from "fast-check";
import type { ProrationBehavior } from "../../sandbox/engine/plan_change.ts";

/**
 * One thing that happens in a history. `who` is a tenant's place, `at` a process's, `pick` the place
 * of a payment, refund, dispute or event among those that are there.
 */
export type Step =
  | { readonly do: "buy"; who: number; plan: string; interval: "month" | "year"; card: string }
  | { readonly do: "change"; who: number; plan: string; interval: string; how: ProrationBehavior }
  | { readonly do: "schedule"; who: number; plan: string }
  | { readonly do: "cancel"; who: number; how: "at_period_end" | "portal" | "now" }
  | { readonly do: "keep"; who: number }
  | { readonly do: "card"; who: number; card: string }
  | { readonly do: "pack"; who: number; pack: string }
  | { readonly do: "refund"; who: number; pick: number; percent: number }
  | { readonly do: "bounce"; who: number; pick: number }
  | { readonly do: "dispute"; who: number; pick: number; inquiry: boolean }
  | { readonly do: "decide"; who: number; pick: number; won: boolean }
  | { readonly do: "delete"; who: number }
  | { readonly do: "wait"; hours: number }
  | { readonly do: "read"; who: number; at: number }
  | { readonly do: "deliver"; picks: readonly number[]; at: number; beside: boolean }
  | { readonly do: "again"; pick: number; at: number }
  | { readonly do: "work"; at: number; beside: boolean }
  | { readonly do: "weather"; stripe: number; store: number; stall: number }
  | { readonly do: "crash"; at: number };

/** A tenant's life and what befalls it, and the seed of everything that is not written in it. */
export interface History {
  readonly seed: number;
  readonly steps: readonly Step[];
}

const who = fc.constantFrom(0, 0, 0, 1);
const at = fc.constantFrom(0, 1);
const beside = fc.boolean();
const plan = fc.constantFrom("starter", "pro", "business");
const interval = fc.constantFrom("month", "month", "year");
const GOOD_CARD = "4242424242424242";
const FAILS_LATER = "4000000000000341";
const card = fc.constantFrom(GOOD_CARD, GOOD_CARD, FAILS_LATER);

const pick = fc.nat({ max: 40 });
const percent = fc.constantFrom(100, 50, 33);

const life: fc.WeightedArbitrary<Step>[] = [
  { weight: 4, arbitrary: record({ do: "buy", who, plan, interval, card }) },
  {
    weight: 3,
    arbitrary: record({
      do: "change",
      who,
      plan,
      interval,
      how: fc.constantFrom("always_invoice", "always_invoice", "create_prorations", "none"),
    }),
  },
  { weight: 1, arbitrary: record({ do: "schedule", who, plan }) },
  {
    weight: 2,
    arbitrary: record({
      do: "cancel",
      who,
      how: fc.constantFrom("at_period_end", "portal", "portal", "now"),
    }),
  },
  { weight: 1, arbitrary: record({ do: "keep", who }) },
  { weight: 2, arbitrary: record({ do: "card", who, card }) },
  { weight: 2, arbitrary: record({ do: "pack", who, pack: fc.constantFrom("starter", "growth") }) },
  { weight: 2, arbitrary: record({ do: "refund", who, pick, percent }) },
  { weight: 1, arbitrary: record({ do: "bounce", who, pick }) },
  { weight: 1, arbitrary: record({ do: "dispute", who, pick, inquiry: fc.boolean() }) },
  { weight: 1, arbitrary: record({ do: "decide", who, pick, won: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: record({
      do: "wait",
      hours: fc.oneof(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 24, max: 40 * 24 })),
    }),
  },
];

const surroundings: fc.WeightedArbitrary<Step>[] = [
  {
    weight: 8,
    arbitrary: record({
      do: "deliver",
      picks: fc.array(pick, { minLength: 1, maxLength: 6 }),
      at,
      beside,
    }),
  },
  { weight: 2, arbitrary: record({ do: "again", pick, at }) },
  { weight: 2, arbitrary: record({ do: "work", at, beside }) },
  { weight: 2, arbitrary: record({ do: "read", who, at }) },
  {
    weight: 2,
    arbitrary: record({
      do: "weather",
      stripe: fc.constantFrom(0, 0, 0.1, 0.4),
      store: fc.constantFrom(0, 0, 0.05, 0.2),
      stall: fc.constantFrom(0, 0.02, 0.08),
    }),
  },
  { weight: 1, arbitrary: record({ do: "crash", at }) },
];

const deletion = { weight: 1, arbitrary: record({ do: "delete" as const, who }) };

/** Histories: a tenant's life, told out of order, several times, or not for a while. */
export const histories: fc.Arbitrary<History> = fc.record({
  seed: fc.nat(),
  steps: fc
    .tuple(
      record({ do: "buy" as const, who: fc.constant(0), plan, interval, card }),
      fc.array(fc.oneof(...life, ...surroundings, deletion), {
        minLength: 4,
        maxLength: 26,
      }),
    )
    .map(([first, rest]): readonly Step[] => [first, ...rest]),
});

function record<D extends Step["do"]>(
  fields: { do: D } & Record<string, unknown>,
): fc.Arbitrary<Extract<Step, { do: D }>> {
  const { do: kind, ...rest } = fields;
  return fc
    .record(rest as Record<string, fc.Arbitrary<unknown>>)
    .map((values) => ({ do: kind, ...values }) as unknown as Extract<Step, { do: D }>);
}
