import { expect } from "chai";
import fc from "fast-check";
import { boughtBy } from "./books.ts";
import { GreedyTenant } from "./greedy_tenant.ts";
import type { Dunning } from "./stripe_invoices.ts";
import type { StripeModel } from "./stripe_model.ts";
import { type PlanSlug, PRICES } from "./stripe_prices.ts";

/** Something that a tenant can do by itself, some days after what it did before. */
interface Move {
  readonly afterDays: number;
  readonly does: "buy" | "upgrade" | "cancel" | "resume" | "good_card" | "bad_card" | "pay";
  readonly plan: PlanSlug;
  readonly interval: "month" | "year";
}

const PLANS = ["starter", "pro", "business"] as const;
const RUNS = 150;
const INTERVALS = ["month", "year"] as const;

const move = (does: readonly Move["does"][]): fc.Arbitrary<Move> =>
  fc.record({
    afterDays: fc.oneof(
      fc.constantFrom(0, 0.02, 0.1, 1, 31, 31.02),
      fc.integer({ min: 0, max: 25 }),
    ),
    does: fc.constantFrom(...does),
    plan: fc.constantFrom(...PLANS),
    interval: fc.constantFrom(...INTERVALS),
  });

function play(moves: readonly Move[], dunning: Dunning, refuses = false): GreedyTenant {
  const tenant = new GreedyTenant();
  const { stripe } = tenant;
  stripe.dunning = dunning;
  tenant.stepHours = 24;
  stripe.subscribe("starter");
  let day = 0;
  for (const { afterDays, ...what } of moves) {
    day += afterDays;
    tenant.until(day);
    act(stripe, what, refuses);
    tenant.look();
  }
  tenant.until(day + 20);
  return tenant;
}

function act(
  stripe: StripeModel,
  { does, plan, interval }: Omit<Move, "afterDays">,
  refuses: boolean,
): void {
  const current = stripe.subscriptions.findLast(({ status }) => status !== "canceled");
  switch (does) {
    case "buy":
      if (current === undefined && stripe.card === "good") stripe.subscribe(plan, { interval });
      break;
    case "upgrade": {
      // Deep links are refused while anything is in draft; old ones are not.
      const isRefused = refuses && stripe.invoices.some(({ status }) => status === "draft");
      const now = current && PRICES[current.plan][current.interval];
      if (current && now !== undefined && !isRefused && now < PRICES[plan][interval]) {
        stripe.change(current, plan, { interval });
      }
      break;
    }
    case "cancel":
    case "resume":
      if (current) current.cancelAtPeriodEnd = does === "cancel";
      break;
    case "good_card":
      stripe.card = "good";
      break;
    case "bad_card":
      stripe.card = "declines";
      break;
    case "pay": {
      const open = stripe.invoices.find(({ status }) => status === "open");
      if (open !== undefined && stripe.card === "good") stripe.pay(open);
      break;
    }
    default:
      does satisfies never;
  }
}

const DUNNING = fc.constantFrom<Dunning>("cancel", "unpaid", "past_due", "uncollectible");

describe("what a tenant can do by itself (P24)", function () {
  this.timeout(120_000);

  it("never yields more than was paid for, for e-mails and tokens, whatever fails", () => {
    const any = ["buy", "upgrade", "cancel", "resume", "good_card", "bad_card", "pay"] as const;
    fc.assert(
      fc.property(fc.array(move(any), { maxLength: 9 }), DUNNING, (moves, dunning) => {
        const tenant = play(moves, dunning);
        for (const measure of ["emails", "tokens"] as const) {
          expect(tenant.used[measure]).to.be.at.most(boughtBy(tenant.stripe, measure).most + 20);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("never yields less than was paid for while every payment succeeds", () => {
    fc.assert(
      fc.property(
        fc.array(move(["buy", "upgrade", "cancel", "resume"]), { maxLength: 6 }),
        (moves) => {
          const tenant = play(moves, "past_due", true);
          for (const measure of ["emails", "tokens"] as const) {
            const { begun } = boughtBy(tenant.stripe, measure);
            expect(tenant.used[measure]).to.be.at.least(begun - 20);
          }
        },
      ),
      { numRuns: RUNS / 2 },
    );
  });
});
