import { expect } from "chai";
import fc from "fast-check";
import { Account } from "../../sandbox/account.ts";
import { cancelAtPeriodEnd, cancelNow } from "../../sandbox/engine/cancellation.ts";
import { attachCard } from "../../sandbox/engine/cards.ts";
import { createPrice, createProduct } from "../../sandbox/engine/catalog/catalog.ts";
import { createCustomer } from "../../sandbox/engine/customers.ts";
import { startSubscription } from "../../sandbox/engine/subscriptions.ts";
import { dueSources } from "../../sandbox/engine/time/due.ts";
import { Heap } from "../../sandbox/engine/time/heap.ts";
import { emit } from "../../sandbox/engine/transaction.ts";
import { emptyState, type State } from "../../sandbox/state/state.ts";
import { Table } from "../../sandbox/state/table.ts";
import { countLooks } from "./count_looks.ts";

const START_MS = Date.parse("2026-01-31T10:00:00Z");
const DAY_MS = 86_400_000;
const CARDS = ["4242424242424242", "4000000000000341"];

/** What is due next by a look at everything. */
function scanned(state: State): number | undefined {
  const moments = dueSources(state).flatMap(({ table, momentOf }) =>
    [...(table as Table<unknown>).keys()].flatMap((id) => momentOf(id) ?? []),
  );
  return moments.length === 0 ? undefined : Math.min(...moments.map(({ at }) => at));
}

describe("DueIndex", () => {
  it("knows what is due next as a look at everything does, whatever happens", () => {
    const step = fc.record({
      kind: fc.constantFrom("subscribe", "cancel", "end", "advance"),
      pick: fc.nat(20),
      days: fc.integer({ min: 1, max: 45 }),
      trial: fc.option(fc.integer({ min: 1, max: 20 }), { nil: null }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const state = emptyState();
        const account = new Account({ state, now: () => START_MS, deliver: () => undefined });
        const price = account.transact((tx) => {
          const product = createProduct(tx, { name: "Pro" });
          const recurring = { interval: "month", interval_count: 1, ...RECURRING };
          return createPrice(tx, {
            currency: "usd",
            product: product.id,
            unit_amount: 900,
            recurring,
          });
        });
        for (const { kind, pick, days, trial } of steps) {
          const found = [...state.subscriptions.values()][pick];
          if (kind === "advance") {
            account.advanceTo(account.nowMs() + days * DAY_MS);
          } else if (kind === "subscribe") {
            account.transact((tx) => {
              const { id } = createCustomer(tx, {});
              const card = {
                number: CARDS[pick % 2] ?? "",
                expMonth: 12,
                expYear: 2030,
                email: null,
                name: null,
              };
              const subscription = startSubscription(tx, {
                customer: id,
                currency: "usd",
                metadata: {},
                description: null,
                lines: [{ price, quantity: 1 }],
                paymentMethod: attachCard(tx, id, card).id,
                automaticTax: false,
                trialDays: trial,
              });
              emit(tx, "customer.subscription.created", subscription);
            });
          } else if (found !== undefined && found.status !== "canceled") {
            account.transact((tx) =>
              kind === "end"
                ? cancelNow(tx, found, "cancellation_requested")
                : cancelAtPeriodEnd(tx, found),
            );
          }
          expect(account.nextDueAt()).to.equal(scanned(state));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("looks at what is due and not at all the rest", () => {
    const looksPerRenewal = (renewals: number) => {
      const state = emptyState();
      let nowMs = START_MS;
      const account = new Account({ state, now: () => nowMs, deliver: () => undefined });
      const price = account.transact((tx) => {
        const { id } = createProduct(tx, { name: "Pro" });
        const recurring = { interval: "month", interval_count: 1, ...RECURRING };
        return createPrice(tx, { currency: "usd", product: id, unit_amount: 900, recurring });
      });
      for (let index = 0; index < renewals; index += 1) {
        nowMs += 60_000;
        account.transact((tx) => {
          const { id } = createCustomer(tx, {});
          return startSubscription(tx, {
            customer: id,
            currency: "usd",
            metadata: {},
            description: null,
            lines: [{ price, quantity: 1 }],
            paymentMethod: null,
            automaticTax: false,
            trialDays: null,
          });
        });
      }
      let looks = 0;
      const count = (by: number) => {
        looks += by;
      };
      countLooks(state.subscriptions, count);
      countLooks(state.invoices, count);
      account.advanceTo(nowMs + 29 * DAY_MS);
      return looks / renewals;
    };
    expect(looksPerRenewal(200)).to.be.at.most(looksPerRenewal(20) * 1.5);
  });
});

const RECURRING = { meter: null, trial_period_days: null, usage_type: "licensed" };

describe("Heap", () => {
  it("gives back in order what was put in", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const heap = new Heap<number>((a, b) => a < b);
        for (const number of numbers) {
          heap.push(number);
        }
        const taken = numbers.map(() => heap.pop());
        expect(taken).to.deep.equal(numbers.toSorted((a, b) => a - b));
        expect(heap.first()).to.equal(undefined);
      }),
    );
  });
});

describe("Table", () => {
  it("finds what belongs to an owner and says once what was touched", () => {
    const table = new Table<{ owner: string }>(({ owner }) => [owner]);
    table.set("a", { owner: "x" }).set("b", { owner: "y" }).set("c", { owner: "x" });
    expect(table.takeTouched()).to.deep.equal(["a", "b", "c"]);
    table.delete("a");
    table.touch("b");
    table.touch("nobody");
    expect(table.of("x")).to.deep.equal([{ owner: "x" }]);
    expect(table.takeTouched()).to.deep.equal(["a", "b"]);
    table.clear();
    expect(table.of("y")).to.deep.equal([]);
    expect(table.takeTouched()).to.deep.equal(["b", "c"]);
  });
});
