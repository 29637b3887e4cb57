import fc from "fast-check";

/** Whose customer pays: the first tenant's own, a second one of it, nobody's, or no customer. */
export type Payer = "own" | "second" | "nobody";

/** What something says of itself in its metadata. */
export type Says = "nothing" | "own" | "other" | "no_such_tenant";

/** One thing that somebody does with what we sell: the tenant, or an operator at Stripe. */
export type Purchase =
  | { readonly do: "buy"; plan: string; interval: "month" | "year" }
  | { readonly do: "pack"; pack: string }
  | {
      readonly do: "subscribe";
      payer: Payer;
      plan: string;
      says: Says;
      ends: boolean;
      quantity: number;
      beside: string | null;
    }
  | { readonly do: "sell_pack"; payer: Payer | "guest"; says: Says; clearly: boolean }
  | { readonly do: "pay_bare"; payer: Payer; says: Says }
  | { readonly do: "invoice"; payer: Payer; what: "pack" | "plan_once"; paid: boolean }
  | { readonly do: "add_to_renewal"; payer: Payer }
  | { readonly do: "change"; pick: number; plan: string }
  | { readonly do: "cancel"; pick: number; atEnd: boolean }
  | { readonly do: "card"; fails: boolean }
  | { readonly do: "collect"; pick: number }
  | { readonly do: "refund"; pick: number; percent: number }
  | { readonly do: "bounce"; pick: number }
  | { readonly do: "credit"; pick: number; how: "balance" | "outside" }
  | { readonly do: "delete"; pick: number }
  | { readonly do: "end"; when: "now" | "period_end"; redact: "empty" | "delete" | null }
  | { readonly do: "wait"; hours: number }
  | { readonly do: "look" }
  | { readonly do: "compare" };

const DAY = 24;
const pick = fc.nat({ max: 20 });
const plan = fc.constantFrom("starter", "pro", "business");
const payer = fc.constantFrom<Payer[]>("own", "own", "second", "nobody");
const says = fc.constantFrom<Says[]>("nothing", "own", "own", "other", "no_such_tenant");

function record<T extends Purchase["do"]>(
  what: T,
  fields: {
    [K in Exclude<keyof Extract<Purchase, { do: T }>, "do">]: fc.Arbitrary<
      Extract<Purchase, { do: T }>[K]
    >;
  },
): fc.Arbitrary<Purchase> {
  return fc.record({ do: fc.constant(what), ...fields }) as unknown as fc.Arbitrary<Purchase>;
}

const purchase = fc.oneof(
  {
    weight: 4,
    arbitrary: record("buy", { plan, interval: fc.constantFrom("month", "month", "year") }),
  },
  { weight: 2, arbitrary: record("pack", { pack: fc.constantFrom("starter", "growth") }) },
  {
    weight: 3,
    arbitrary: record("subscribe", {
      payer,
      plan,
      says,
      ends: fc.boolean(),
      quantity: fc.constantFrom(1, 1, 1, 3),
      beside: fc.constantFrom(null, null, null, "business"),
    }),
  },
  {
    weight: 2,
    arbitrary: record("sell_pack", {
      payer: fc.constantFrom<(Payer | "guest")[]>("own", "second", "nobody", "guest"),
      says,
      clearly: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: record("pay_bare", { payer, says }) },
  {
    weight: 2,
    arbitrary: record("invoice", {
      payer,
      what: fc.constantFrom("pack", "plan_once"),
      paid: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: record("add_to_renewal", { payer }) },
  { weight: 1, arbitrary: record("change", { pick, plan }) },
  { weight: 3, arbitrary: record("cancel", { pick, atEnd: fc.boolean() }) },
  { weight: 2, arbitrary: record("card", { fails: fc.boolean() }) },
  { weight: 2, arbitrary: record("collect", { pick }) },
  { weight: 2, arbitrary: record("refund", { pick, percent: fc.constantFrom(100, 100, 50) }) },
  { weight: 1, arbitrary: record("bounce", { pick }) },
  { weight: 1, arbitrary: record("credit", { pick, how: fc.constantFrom("balance", "outside") }) },
  { weight: 1, arbitrary: record("delete", { pick }) },
  {
    weight: 1,
    arbitrary: record("end", {
      when: fc.constantFrom("now", "period_end"),
      redact: fc.constantFrom("empty", "delete", null),
    }),
  },
  { weight: 2, arbitrary: record("wait", { hours: fc.integer({ min: 1, max: DAY }) }) },
  { weight: 3, arbitrary: record("wait", { hours: fc.integer({ min: DAY, max: 24 * DAY }) }) },
  { weight: 3, arbitrary: record("look", {}) },
  { weight: 2, arbitrary: record("compare", {}) },
);

/** What rarely follows each other by chance. The newest is picked first. */
const sequels: fc.Arbitrary<Purchase[]> = fc.oneof(
  fc.tuple(
    purchase,
    record("compare", {}),
    record("refund", { pick: fc.constant(0), percent: fc.constant(100) }),
  ),
  fc.tuple(
    record("subscribe", {
      payer: fc.constant("own"),
      plan,
      says: fc.constant("own"),
      ends: fc.constant(false),
      quantity: fc.constantFrom(1, 3),
      beside: fc.constant("business"),
    }),
    record("look", {}),
  ),
  // A double payment, which goes back, and comes again.
  fc.tuple(
    record("buy", { plan, interval: fc.constant("month") }),
    record("look", {}),
    record("wait", { hours: fc.constant(1) }),
    record("subscribe", {
      payer: fc.constant("own"),
      plan,
      says: fc.constant("own"),
      ends: fc.constant(false),
      quantity: fc.constant(1),
      beside: fc.constant(null),
    }),
    record("look", {}),
    record("bounce", { pick: fc.constant(0) }),
  ),
  fc.tuple(
    record("end", { when: fc.constant("now"), redact: fc.constantFrom("empty", null) }),
    record("sell_pack", {
      payer: fc.constant("own"),
      says: fc.constant("own"),
      clearly: fc.constant(true),
    }),
  ),
);

/** What is bought and done in a few months. */
export const PURCHASES: fc.Arbitrary<readonly Purchase[]> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: purchase.map((one) => [one]) },
      { weight: 1, arbitrary: sequels },
    ),
    { minLength: 2, maxLength: 9 },
  )
  .map((episodes) => episodes.flat());
