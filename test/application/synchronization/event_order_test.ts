import { expect } from "chai";
import fc from "fast-check";
import type { Billing } from "../../../src/application/billing.ts";
import { currentMonth } from "../../../src/domain/quota/usage_months.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { type Chapter, HISTORY } from "./subscription_history.ts";

/** All orders of `count` things. */
function permutations(count: number): number[][] {
  if (count === 0) {
    return [[]];
  }
  return permutations(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, place) => order.toSpliced(place, 0, count - 1)),
  );
}

/** What a history ends in: the account as it is stored, its tokens and the state of its events. */
async function endState(fixture: BillingFixture) {
  const account = await fixture.account();
  const entries = await fixture.ledger();
  const { monthly, packs, debt, months } = entries.at(-1) ?? {};
  const month = months && currentMonth(months);
  const sum = entries.reduce((total, { amount }) => total + amount, 0);
  const events = await Promise.all(
    HISTORY.map(async (_, index) => (await fixture.store.inbox.find(`evt_${index}`))?.state),
  );
  // A month that passed unnoticed is made good as pack tokens (P26): the number of looks shows there.
  const others = sum - (packs ?? 0);
  return { account: { ...account, revision: 0 }, monthly, debt, month, others, events };
}

async function tell(fixture: BillingFixture, chapter: Chapter): Promise<void> {
  fixture.now = chapter.now;
  fixture.payments.setTruth("cus_one", chapter);
}

async function deliver(fixture: BillingFixture, billing: Billing, index: number): Promise<void> {
  const eventId = `evt_${index}`;
  await fixture.receive({ id: eventId, type: HISTORY[index]?.eventType ?? "" });
  await billing.handleStripeEvent.execute({ eventId });
}

/** Runs a history and answers what it ended in. */
async function ending(run: (fixture: BillingFixture) => Promise<void>) {
  const fixture = await BillingFixture.open();
  try {
    await fixture.addCustomer();
    await run(fixture);
    return await endState(fixture);
  } finally {
    await fixture.close();
  }
}

async function inOrder(fixture: BillingFixture): Promise<void> {
  for (const [index, chapter] of HISTORY.entries()) {
    await tell(fixture, chapter);
    await deliver(fixture, fixture.billing, index);
  }
}

async function tellAll(fixture: BillingFixture): Promise<void> {
  for (const chapter of HISTORY) {
    await tell(fixture, chapter);
  }
}

describe("HandleStripeEvent: order", () => {
  let expected: Awaited<ReturnType<typeof ending>>;

  before(async () => {
    expected = await ending(inOrder);
  });

  it("P09 ends a history that was told in order on the upgraded plan, topped up", () => {
    expect(expected).to.deep.include({ monthly: 366, others: 366, debt: 0 });
    expect(expected.account.subscription).to.deep.include({ planSlug: "business" });
    expect(expected.events).to.deep.equal(HISTORY.map(() => "done"));
  });

  it("P09 ends equal in all 120 orders of five late events", async () => {
    for (const order of permutations(HISTORY.length)) {
      const state = await ending(async (fixture) => {
        await tellAll(fixture);
        for (const index of order) {
          await deliver(fixture, fixture.billing, index);
        }
      });
      expect(state).to.deep.equal(expected);
    }
  });

  it("P09 ends equal when all events come at once, to two processes", async () => {
    const state = await ending(async (fixture) => {
      await tellAll(fixture);
      const processes = [fixture.billing, fixture.process()];
      await Promise.all(
        HISTORY.flatMap((_, index) => processes.map((billing) => deliver(fixture, billing, index))),
      );
    });
    expect(state).to.deep.equal(expected);
  });

  it("P09 ends equal for every interleaving of the history, looks and events", async () => {
    const last = HISTORY.length - 1;
    const delays = fc.tuple(...HISTORY.map((_, index) => fc.integer({ min: index, max: last })));
    const looks = fc.array(fc.integer({ min: 0, max: last }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(delays, looks, fc.scheduler(), async (deliveredIn, lookedAt, scheduler) => {
        const state = await ending(async (fixture) => {
          const processes = [fixture.process(), fixture.process()];
          for (const [stage, chapter] of HISTORY.entries()) {
            await tell(fixture, chapter);
            const tasks = [
              ...deliveredIn.flatMap((when, index) =>
                when === stage ? [(billing: Billing) => deliver(fixture, billing, index)] : [],
              ),
              ...lookedAt
                .filter((when) => when === stage)
                .map(() => async (billing: Billing) => {
                  await billing.readSubscription.execute({ tenantId: TENANT });
                }),
            ];
            const running = tasks.map((task, index) =>
              scheduler
                .schedule(Promise.resolve(), `task ${index}`)
                .then(() => task(processes[index % 2] ?? fixture.billing)),
            );
            await scheduler.waitAll();
            await Promise.all(running);
          }
        });
        expect(state).to.deep.equal(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("P09 ends equal when the truth moves on in the middle of each look", async () => {
    const state = await ending(async (fixture) => {
      const [first, ...rest] = HISTORY;
      await tell(fixture, first as Chapter);
      for (const [index, chapter] of rest.entries()) {
        fixture.payments.after("read", () => tell(fixture, chapter));
        await deliver(fixture, fixture.billing, index);
      }
      await deliver(fixture, fixture.billing, HISTORY.length - 1);
    });
    expect(state).to.deep.equal(expected);
  });
});
