import fc from "fast-check";
import type { ProrationBehavior } from "../../sandbox/subscriptions/item_change.ts";

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
  | { readonly do: "crash"; at: number }
  /** The clock of a process is off by so much from now on, whatever it showed before. */
  | { readonly do: "clock"; at: number; offMs: number };

/** A tenant's life and what befalls it, and the seed of everything that is not written in it. */
export interface History {
  readonly seed: number;
  readonly steps: readonly Step[];
}

const DAY = 24;
/** How far a process's clock is off at most. */
export const MOST_SKEW_MS = 5_000;

const who = fc.constantFrom(0, 0, 0, 1);
const first = fc.constant(0);
const at = fc.constantFrom(0, 1);
const offMs = fc.integer({ min: -MOST_SKEW_MS, max: MOST_SKEW_MS });
const beside = fc.boolean();
const pick = fc.nat({ max: 40 });
const plan = fc.constantFrom("starter", "pro", "business");
const interval = fc.constantFrom("month", "month", "year");
const GOOD_CARD = "4242424242424242";
const FAILS_LATER = "4000000000000341";
const card = fc.constantFrom(GOOD_CARD, GOOD_CARD, FAILS_LATER);
const pack = fc.constantFrom("starter", "growth");
const percent = fc.constantFrom(100, 50, 33);

const buy = record({ do: "buy", who, plan, interval, card });
const change = record({
  do: "change" as const,
  who,
  plan,
  interval,
  how: fc.constantFrom("always_invoice", "always_invoice", "create_prorations", "none"),
});
const cancel = record({
  do: "cancel" as const,
  who,
  how: fc.constantFrom("at_period_end", "portal", "portal", "now"),
});
const refund = record({ do: "refund", who, pick, percent });
const renewal = wait({ min: 28 * DAY, max: 36 * DAY });

/** A thing in a tenant's life. */
const moments: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: buy },
  { weight: 3, arbitrary: change },
  { weight: 1, arbitrary: record({ do: "schedule", who, plan }) },
  { weight: 2, arbitrary: cancel },
  { weight: 1, arbitrary: record({ do: "keep", who }) },
  { weight: 2, arbitrary: record({ do: "card", who, card }) },
  { weight: 2, arbitrary: record({ do: "pack", who, pack }) },
  { weight: 2, arbitrary: refund },
  { weight: 1, arbitrary: record({ do: "bounce", who, pick }) },
  { weight: 1, arbitrary: record({ do: "dispute", who, pick, inquiry: fc.boolean() }) },
  { weight: 1, arbitrary: record({ do: "decide", who, pick, won: fc.boolean() }) },
  { weight: 3, arbitrary: wait({ min: 1, max: DAY }) },
  { weight: 3, arbitrary: wait({ min: DAY, max: 28 * DAY }) },
  { weight: 4, arbitrary: renewal },
  { weight: 1, arbitrary: record({ do: "delete", who }) },
);

/** What rarely follows each other by chance: a renewal that fails and is paid after all, and so on. */
const sequels: fc.Arbitrary<Step[]> = fc.oneof(
  fc.tuple(
    record({ do: "card", who: first, card: fc.constant(FAILS_LATER) }),
    renewal,
    record({ do: "card", who: first, card: fc.constant(GOOD_CARD) }),
  ),
  fc.tuple(
    record({ do: "cancel", who: first, how: fc.constantFrom("at_period_end", "portal") }),
    record({ do: "keep", who: first }),
  ),
  fc.tuple(
    record({ do: "pack", who: first, pack }),
    record({ do: "refund", who: first, pick, percent }),
    record({ do: "bounce", who: first, pick }),
  ),
  fc.tuple(
    record({ do: "pack", who: first, pack }),
    record({ do: "dispute", who: first, pick, inquiry: fc.boolean() }),
    record({ do: "decide", who: first, pick, won: fc.boolean() }),
  ),
);

/** What happens to the service and to its mail. */
const surroundings: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: record({
      do: "deliver" as const,
      at,
      beside,
      picks: fc.array(pick, { minLength: 1, maxLength: 6 }),
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
  { weight: 1, arbitrary: record({ do: "clock", at, offMs }) },
);

const episodes = fc
  .tuple(
    fc.oneof(
      { weight: 8, arbitrary: moments.map((moment) => [moment]) },
      { weight: 1, arbitrary: sequels },
    ),
    fc.array(surroundings, { maxLength: 4 }),
  )
  .map(([own, around]) => between(own, around));

/** Histories: a tenant's life, told out of order, several times, or not for a while. */
export const histories: fc.Arbitrary<History> = fc.record({
  seed: fc.nat(),
  steps: fc
    .tuple(
      record({ do: "buy", who: first, plan, interval, card }),
      fc.array(surroundings, { maxLength: 3 }),
      fc.array(episodes, { minLength: 2, maxLength: 10 }),
    )
    .map(([start, around, rest]) => [start, ...around, ...rest.flat()]),
});

/** The same steps, in turn as far as both go. */
function between(own: readonly Step[], around: readonly Step[]): Step[] {
  return own.flatMap((step, index) => [
    step,
    ...around.slice(index, index === own.length - 1 ? undefined : index + 1),
  ]);
}

function wait(hours: { min: number; max: number }): fc.Arbitrary<Step> {
  return record({ do: "wait", hours: fc.integer(hours) });
}

function record<D extends Step["do"]>(
  fields: { do: D } & Record<string, unknown>,
): fc.Arbitrary<Extract<Step, { do: D }>> {
  const { do: kind, ...rest } = fields;
  return fc
    .record(rest as Record<string, fc.Arbitrary<unknown>>)
    .map((values) => ({ do: kind, ...values }) as unknown as Extract<Step, { do: D }>);
}
