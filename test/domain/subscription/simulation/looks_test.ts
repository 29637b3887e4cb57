import { expect } from "chai";
import fc from "fast-check";
import { currentMonth } from "../../../../src/domain/quota/usage_months.ts";
import { standingOf } from "../../../../src/domain/subscription/standing.ts";
import { GreedyTenant } from "./greedy_tenant.ts";
import type { Card, Dunning } from "./stripe_invoices.ts";
import { HOUR, historyCatalog, type PlanSlug } from "./stripe_prices.ts";

/** What an operator or a tenant does, some hours after the last, and how many looks see it. */
interface Event {
  readonly afterHours: number;
  readonly does:
    | "buy"
    | "change"
    | "raise"
    | "cancel"
    | "resume"
    | "card"
    | "pay"
    | "void"
    | "forgive"
    | "pause"
    | "lift"
    | "hide"
    | "show";
  readonly plan: PlanSlug;
  readonly interval: "month" | "year";
  readonly card: Card;
  /** Used at this moment, of what is left, in percent. */
  readonly uses: number;
  /** Moments of further looks before the next event, in thousandths, and their clocks' skew. */
  readonly looks: readonly (readonly [moment: number, skewMs: number])[];
}

const EVENT: fc.Arbitrary<Event> = fc.record({
  afterHours: fc.oneof(fc.constantFrom(1, 24 * 31), fc.integer({ min: 1, max: 24 * 40 })),
  does: fc.constantFrom<Event["does"][]>(
    ...(["buy", "change", "raise", "cancel", "resume", "card", "pay"] as const),
    ...(["void", "forgive", "pause", "lift", "hide", "show"] as const),
  ),
  plan: fc.constantFrom<PlanSlug[]>("starter", "pro", "business"),
  interval: fc.constantFrom<("month" | "year")[]>("month", "year"),
  card: fc.constantFrom<Card[]>("good", "declines"),
  uses: fc.constantFrom(0, 30, 100),
  looks: fc.array(
    fc.tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: -5_000, max: 5_000 })),
    { maxLength: 4 },
  ),
});

/** Plays a history; where `seen` is false, nobody looks but when something is used. */
function play(events: readonly Event[], dunning: Dunning, seen: boolean): GreedyTenant {
  const tenant = new GreedyTenant();
  const { stripe } = tenant;
  stripe.dunning = dunning;
  tenant.spends = false;
  stripe.subscribe("pro");
  tenant.look();
  for (const event of events) {
    const from = stripe.now;
    const to = from + event.afterHours * HOUR;
    for (const [moment, skewMs] of event.looks.toSorted(([a], [b]) => a - b)) {
      stripe.advanceTo(from + ((to - from) * moment) / 1_000);
      if (seen) tenant.look(skewMs);
    }
    stripe.advanceTo(to);
    act(tenant, event);
    if (seen) tenant.look(5_000);
    if (event.uses > 0) {
      // A month that replaces another of its second begins some milliseconds later.
      tenant.look(10);
      tenant.useShare(event.uses / 100);
    }
  }
  stripe.advanceTo(stripe.now + HOUR);
  tenant.look();
  return tenant;
}

function act({ stripe }: GreedyTenant, { does, plan, interval, card }: Event): void {
  const current = stripe.subscriptions.findLast(({ status }) => status !== "canceled");
  const open = stripe.invoices.find(({ status }) => status === "open");
  switch (does) {
    case "buy":
      if (current === undefined) stripe.subscribe(plan, { interval });
      break;
    case "change":
      if (current) stripe.change(current, plan, { interval });
      break;
    case "raise":
      if (current?.interval === interval)
        stripe.change(current, plan, { interval, anchor: "unchanged" });
      break;
    case "cancel":
    case "resume":
      if (current) current.cancelAtPeriodEnd = does === "cancel";
      break;
    case "card":
      stripe.card = card;
      break;
    case "pay":
      if (open) stripe.pay(open);
      break;
    case "void":
      if (open) open.status = "void";
      break;
    case "forgive":
      if (open)
        Object.assign(open, { status: "uncollectible", uncollectibleReason: "user_forgiven" });
      break;
    case "pause":
    case "lift": {
      // What was granted by a pause and is owed after it is lent, which looks may see or not.
      const isDraft = stripe.invoices.some(({ status }) => status === "draft");
      if (current && !isDraft) current.pauseCollection = does === "pause" ? "void" : null;
      break;
    }
    case "hide":
    case "show":
      if (current) current.tenantId = does === "hide" ? "tenant_other" : "clacme0001";
      break;
    default:
      does satisfies never;
  }
}

describe("any number of looks in between (P09, P25)", function () {
  this.timeout(120_000);

  it("ends as one look does, by clocks that differ, for what operators do", () => {
    const dunnings = fc.constantFrom<Dunning[]>("cancel", "unpaid", "past_due", "uncollectible");
    fc.assert(
      fc.property(fc.array(EVENT, { maxLength: 8 }), dunnings, (events, dunning) => {
        const [once, often] = [play(events, dunning, false), play(events, dunning, true)];
        expect(standOf(often)).to.deep.equal(standOf(once));
      }),
      { numRuns: 400 },
    );
  });

  it("does not depend on the order in which Stripe lists what it has", () => {
    const order = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.array(EVENT, { maxLength: 8 }), order, (events, numbers) => {
        const found = play(events, "uncollectible", false).stripe.snapshot();
        const shuffle = <T>(all: readonly T[]): T[] =>
          all
            .map((one) => ({ one, at: numbers.next().value ?? 0 }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ one }) => one);
        const shuffled = {
          ...found,
          subscriptions: shuffle(found.subscriptions),
          invoices: shuffle(found.invoices.map((one) => ({ ...one, lines: shuffle(one.lines) }))),
        };
        const question = {
          tenantId: "clacme0001",
          catalog: historyCatalog(),
          inForce: new Set<string>(),
          endedDuplicates: new Set<string>(),
        };
        expect(standingOf(shuffled, question)).to.deep.equal(standingOf(found, question));
      }),
      { numRuns: 200 },
    );
  });
});

/** Where a tenant stands: what was made good is compared apart, for it depends on the looks. */
function standOf({ plan, reason, usage }: GreedyTenant) {
  const { emails, tokens } = usage;
  return {
    plan,
    reason,
    emails: stand(emails),
    tokens: stand(tokens),
  };
}

function stand(usage: GreedyTenant["usage"]["emails"]) {
  const month = currentMonth(usage);
  return {
    name: month?.name,
    own: month?.own,
    inherited: month?.inherited,
    allowance: month?.allowance,
  };
}
