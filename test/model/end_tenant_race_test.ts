import { expect } from "chai";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import type { EndTenantCommand } from "../../src/application/subscription/end_tenant.ts";
import { packKey } from "../../src/domain/tokens/token_ledger_packs.ts";
import { withoutChance } from "./chance.ts";
import { live } from "./live.ts";
import { TENANTS, type Template, tolerant, World } from "./world.ts";

const [tenantId] = TENANTS;
const GOOD = "4242424242424242";
const HALF_MONTH_HOURS = 24 * 14;
const SETTINGS = { enabled: true, belowTokens: 30_000, packSlug: "starter", maxPerMonth: 2 };
const REDACTIONS = [null, "empty", "delete"] as const;
const MOST_CALLS = 200;
/** Every call is tried with `EVERY_CALL=1`; otherwise every fifth, by turns. */
const STRIDE = process.env.EVERY_CALL === undefined ? 5 : 1;
const ROUND_MS = 700_000;
const MOST_ROUNDS = 10;

type Wish = Omit<EndTenantCommand, "tenantId">;
type Work = () => Promise<unknown>;

/** Begins the second work at the n-th call of the first; returns whether the first made so many. */
async function beside(
  world: World,
  [first, second]: readonly [Work, Work],
  at: { readonly call: number; readonly killAfter?: number },
): Promise<boolean> {
  const from = world.disturbance.calls.length;
  let other: Promise<unknown> | undefined;
  world.disturbance.onCall = (calls) => {
    if (calls === from + at.call) {
      other = tolerant(second);
    }
    if (at.killAfter !== undefined && calls === from + at.call + at.killAfter) {
      world.crash(1);
    }
  };
  await tolerant(first);
  await other;
  world.disturbance.onCall = () => undefined;
  return other !== undefined;
}

describe("Ending a tenant beside something else", () => {
  let template: Template;

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  async function begin(seed: number): Promise<World> {
    const world = await World.begin(template, seed);
    await live(world, { do: "buy", who: 0, plan: "pro", interval: "month", card: GOOD });
    await world.process(0).synchronizeTenant.execute({ tenantId });
    await live(world, { do: "wait", hours: HALF_MONTH_HOURS });
    return world;
  }

  const end = (world: World, process: number, wish: Wish) =>
    world.process(process).endTenant.execute({ tenantId, ...wish });

  /** Whoever was cut off asks again, and workers go on, until nothing is left to do. */
  async function settle(world: World, wish: Wish): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      world.provider.advanceTo(world.provider.nowMs() + ROUND_MS);
      await tolerant(() => world.process(1).continueTopUps.execute({ limit: 10 }));
      const ended = await tolerant(() => end(world, 0, wish));
      const open = (await world.store.topUps.find(tenantId))?.open ?? null;
      if (ended !== undefined && open === null) {
        await world.process(0).reconcile.execute({});
        return;
      }
    }
    expect.fail("it does not come to an end");
  }

  /** Nothing is owed any more, and no money is neither credited nor named. */
  async function checkTopUps(world: World, what: string): Promise<number> {
    const { state } = world.provider;
    const invoices = [...state.invoices.values()].filter(
      ({ metadata }) => metadata?.kind === "token_top_up",
    );
    const { items } = await world.process(0).listAttention.execute({ limit: 50 });
    for (const { id, status } of invoices) {
      expect(status, what).to.be.oneOf(["paid", "void"]);
      const isCredited = (await world.store.ledger.find(tenantId, packKey(id))) !== undefined;
      const isNamed = items.some(
        ({ kind, subject }) => kind === "unexplained_pack" && subject === id,
      );
      expect([isCredited, isNamed], `${what}: credited or named, ${status}`).to.deep.equal(
        status === "paid" ? [isCredited, !isCredited] : [false, false],
      );
    }
    const topUp = await world.store.topUps.find(tenantId);
    expect([topUp?.enabled, topUp?.open], what).to.deep.equal([false, null]);
    expect([...state.subscriptions.values()].map(({ status }) => status)).to.deep.equal([
      "canceled",
    ]);
    return invoices.filter(({ status }) => status === "paid").length;
  }

  /** A tenant whose top-up was begun and not charged yet. */
  async function toppingUp(seed: number): Promise<World> {
    const world = await begin(seed);
    const billing = world.process(0);
    await billing.changeAutoTopUp.execute({ tenantId, ...SETTINGS });
    await billing.spendTokens.execute({ tenantId, key: "much", tokens: 25_000 });
    await billing.beginTopUp.execute({ tenantId });
    expect((await world.store.topUps.find(tenantId))?.open).to.not.equal(null);
    return world;
  }

  const seen = new Set<number>();

  for (const order of ["while it is charged", "while the tenant ends", "and a process dies"]) {
    it(`P44 a top-up in flight is credited, named or given up: ${order}`, async () => {
      for (let call = 1; call < MOST_CALLS; call += Math.min(STRIDE, 2)) {
        const redact = REDACTIONS[call % REDACTIONS.length] ?? null;
        const wish = { when: "now", refund: true, redact } as const;
        const hasRaced = await withoutChance(call, async () => {
          const world = await toppingUp(call);
          const charge = () => world.process(1).continueTopUps.execute({ limit: 10 });
          const ends = () => end(world, 0, wish);
          const isReversed = order === "while the tenant ends";
          const works = isReversed ? ([ends, charge] as const) : ([charge, ends] as const);
          const killAfter = order === "and a process dies" ? 1 + ((call * 7) % 11) : undefined;
          const at = { call, ...(killAfter !== undefined && { killAfter }) };
          const raced = await beside(world, works, at);
          await settle(world, wish);
          seen.add(await checkTopUps(world, `${order}, call ${call}, ${redact}`));
          await world.store.close();
          return raced;
        });
        if (!hasRaced) {
          break;
        }
      }
      expect([...seen]).to.include(1);
    });
  }

  after(() => {
    expect([...seen].toSorted(), "given up, and charged").to.deep.equal([0, 1]);
  });

  const SECOND: Readonly<Record<string, Wish>> = {
    "the same": { when: "now", refund: true, redact: "empty" },
    less: { when: "now", refund: false, redact: null },
    more: { when: "now", refund: true, redact: "delete" },
    later: { when: "period_end", refund: false, redact: null },
  };
  for (const [index, [name, second]] of Object.entries(SECOND).entries()) {
    for (const aheadMs of [0, 5_000]) {
      it(`P44 asked for ${name} while the first is running, clocks ${aheadMs} ms apart`, async () => {
        const first = { when: "now", refund: true, redact: "empty" } as const;
        const begins = Math.min(STRIDE, 1 + index + (aheadMs > 0 ? 1 : 0));
        for (let call = begins; call < MOST_CALLS; call += STRIDE) {
          const hasRaced = await withoutChance(call, async () => {
            const world = await begin(call);
            world.setClock(1, aheadMs);
            const works = [() => end(world, 1, first), () => end(world, 0, second)] as const;
            const raced = await beside(world, works, { call });
            const what = `call ${call}`;
            await settle(world, second);
            const ending = (await world.store.accounts.find(tenantId))?.ending;
            const { subscriptions, refunds } = world.provider.state;
            const states = [...subscriptions.values()].map(({ status }) => status);
            expect(states, what).to.deep.equal(["canceled"]);
            expect(ending?.when, what).to.equal("now");
            const amounts = [...refunds.values()].map(({ amount }) => amount);
            expect(amounts, what).to.deep.equal(ending?.refund ? [ending.refund.amount] : []);
            const trail = await world.store.audit.list(tenantId, { limit: 100 });
            const ends = trail.filter(({ fields }) =>
              fields.some(({ field, before }) => field === "ending.at" && before === null),
            );
            expect(ends, what).to.have.length(1);
            await world.store.close();
            return raced;
          });
          if (!hasRaced) {
            break;
          }
        }
      });
    }
  }
});
