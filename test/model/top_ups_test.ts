import { expect } from "chai";
import type { WireInvoice } from "../../sandbox/state/wire.ts";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import { withoutChance } from "./chance.ts";
import { GOOD_WEATHER } from "./disturbance.ts";
import { inProcessStripe } from "./in_process_stripe.ts";
import { live } from "./live.ts";
import { Tally } from "./tally.ts";
import { TENANTS, type Template, tolerant, World } from "./world.ts";

const HISTORIES = 60;
const STEPS = 45;
const SEED = 4_500;
const [tenantId] = TENANTS;
const GOOD = "4242424242424242";
const FAILING = "4000000000000341";
const SETTINGS = { enabled: true, belowTokens: 30_000, packSlug: "starter", maxPerMonth: 2 };
const PACK_TOKENS = 10_000;
const PACK_PRICE = 500;
const OFTEN = 5;

/** What the provider's books say about the tenant's top-ups. */
function topUpsIn({ provider }: World): readonly WireInvoice[] {
  return [...provider.state.invoices.values()].filter(
    ({ metadata }) => metadata?.kind === "token_top_up" && metadata.tenantId === tenantId,
  );
}

/** One thing that happens; two processes work at the same time. */
async function step(world: World, tally: Tally): Promise<void> {
  const { random } = world;
  const at = random.next() < 0.5 ? 0 : 1;
  const chance = random.next();
  const spend = (process: number) =>
    tolerant(() =>
      world.process(process).spendTokens.execute({
        tenantId,
        key: crypto.randomUUID(),
        tokens: 1 + Math.floor(random.next() * 9_000),
      }),
    );
  const work = (process: number) =>
    tolerant(() => world.process(process).continueTopUps.execute({ limit: 10 }));
  const look = (process: number) =>
    tolerant(() => world.process(process).beginTopUp.execute({ tenantId }));
  tally.count("step");
  if (chance < 0.35) {
    await Promise.all([spend(at), spend(1 - at), look(at), look(1 - at)]);
  } else if (chance < 0.65) {
    await Promise.all([work(at), work(1 - at), spend(at)]);
  } else if (chance < 0.72) {
    const going = work(at);
    await world.disturbance.wait();
    world.crash(at);
    tally.count("crash");
    await going;
  } else if (chance < 0.8) {
    await live(world, { do: "card", who: 0, card: random.next() < 0.5 ? GOOD : FAILING });
  } else if (chance < 0.88) {
    const settings = { ...SETTINGS, enabled: random.next() < 0.75 };
    const change = { tenantId, ...settings };
    await tolerant(() => world.process(at).changeAutoTopUp.execute(change));
  } else {
    const ms = random.next() < 0.2 ? 20 * 86_400_000 : 70_000;
    world.provider.advanceTo(world.provider.nowMs() + ms);
  }
}

/** Everything ends well: what was begun is completed. */
async function complete(world: World): Promise<void> {
  world.disturbance.rates = GOOD_WEATHER;
  world.disturbance.release();
  await world.quiet();
  for (let round = 0; round < 30; round += 1) {
    world.provider.advanceTo(world.provider.nowMs() + 700_000);
    const { continued, failures } = await world.process(0).continueTopUps.execute({ limit: 10 });
    expect(failures).to.deep.equal([]);
    if (continued === 0 && (await world.store.topUps.find(tenantId))?.open === null) {
      return;
    }
  }
  expect.fail("a purchase stays open");
}

async function check(world: World, tally: Tally): Promise<void> {
  const invoices = topUpsIn(world);
  const paid = invoices.filter(({ status }) => status === "paid");
  const unpaid = invoices.filter(({ status }) => status !== "paid");
  expect(unpaid.filter(({ status }) => status !== "void")).to.deep.equal([]);
  expect(paid.every(({ amount_paid: amount }) => amount === PACK_PRICE)).to.equal(true);
  const crossings = paid.map(({ metadata }) => String(metadata?.topUp).split("@")[0]);
  expect(crossings, "a purchase per crossing").to.have.length(new Set(crossings).size);
  const months = paid.map(({ metadata }) => String(metadata?.topUp).split("@")[1]?.slice(0, 7));
  for (const month of new Set(months)) {
    const bought = months.filter((one) => one === month).length;
    expect(bought, `bought in ${month}`).to.be.at.most(SETTINGS.maxPerMonth);
    tally.count("ceiling reached", bought === SETTINGS.maxPerMonth ? 1 : 0);
  }
  const entries = await world.store.ledger.list(tenantId, { limit: 10_000 });
  const credited = entries.filter(({ kind, source }) => kind === "pack" && source !== null);
  expect(credited.map(({ source }) => source)).to.have.members(
    paid.map(({ id }) => `invoice:${id}`),
  );
  expect(credited.every(({ amount }) => amount === PACK_TOKENS)).to.equal(true);
  tally.count("paid", paid.length);
  tally.count("refused", unpaid.length);
}

async function play(template: Template, seed: number, tally: Tally): Promise<void> {
  const world = await World.begin(template, seed);
  await live(world, { do: "buy", who: 0, plan: "pro", interval: "month", card: GOOD });
  await world.process(0).synchronizeTenant.execute({ tenantId });
  await world.process(0).changeAutoTopUp.execute({ tenantId, ...SETTINGS });
  world.disturbance.rates = { stripe: 0.15, store: 0.03, stall: 0 };
  for (let index = 0; index < STEPS; index += 1) {
    await step(world, tally);
  }
  await complete(world);
  await check(world, tally);
  await world.store.close();
}

describe("Automatic top-ups under racing spends, failing cards and crashes", () => {
  let template: Template;
  const tally = new Tally();

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  /** A tenant with a plan and this card, whose tokens have just run low. */
  async function low(seed: number, card: string): Promise<World> {
    const world = await World.begin(template, seed);
    const billing = world.process(0);
    await live(world, { do: "buy", who: 0, plan: "pro", interval: "month", card: GOOD });
    await billing.synchronizeTenant.execute({ tenantId });
    await live(world, { do: "card", who: 0, card });
    await billing.changeAutoTopUp.execute({ tenantId, ...SETTINGS });
    await billing.spendTokens.execute({ tenantId, key: "much", tokens: 25_000 });
    await billing.beginTopUp.execute({ tenantId });
    await billing.continueTopUps.execute({ limit: 10 });
    return world;
  }

  it("P29 a refund of a top-up takes its tokens back, and its invoice is the tenant's", async () => {
    await withoutChance(1, async () => {
      const world = await low(1, GOOD);
      const billing = world.process(0);
      const tokens = async () =>
        (await billing.readTokens.execute({ tenantId, limit: 1 })).balance.packs;
      expect(await tokens()).to.equal(PACK_TOKENS);
      const [invoice] = topUpsIn(world);
      const listed = await billing.listInvoices.execute({ tenantId, limit: 5 });
      const shown = listed.type === "unknown_cursor" ? [] : listed.invoices;
      expect(shown.map(({ id, amount }) => [id, amount])).to.deep.include([
        invoice?.id,
        PACK_PRICE,
      ]);
      const stripe = inProcessStripe(
        world.provider,
        world.disturbance.weather(() => false),
      );
      const paid = await stripe.invoicePayments.list({ invoice: invoice?.id ?? "" });
      const intent = String(paid.data[0]?.payment.payment_intent);
      await stripe.refunds.create({ payment_intent: intent, amount: PACK_PRICE / 2 });
      await billing.synchronizeTenant.execute({ tenantId });
      expect(await tokens()).to.equal(PACK_TOKENS / 2);
      await world.store.close();
    });
  });

  for (const [what, card] of [
    ["is declined", FAILING],
    ["asks for its holder, who is not there", "4000002760003184"],
  ] as const) {
    it(`a card that ${what} stops it, and leaves nothing to pay`, async () => {
      await withoutChance(2, async () => {
        const world = await low(2, card);
        const found = await world.process(0).readAutoTopUp.execute({ tenantId });
        expect(found).to.include({ enabled: false, boughtThisMonth: 0 });
        expect(found.stopped?.reason).to.match(/card_declined|requires_action|authentication/);
        expect(topUpsIn(world).map(({ status }) => status)).to.deep.equal(["void"]);
        await world.store.close();
      });
    });
  }

  it(`P23 never buy more than the ceiling, and credit what is paid, in ${HISTORIES} histories`, async function () {
    this.timeout(10 * 60_000);
    for (let seed = SEED; seed < SEED + HISTORIES; seed += 1) {
      await withoutChance(seed, () => play(template, seed, tally));
    }
    for (const what of ["crash", "ceiling reached", "paid", "refused"]) {
      expect(tally.of(what), what).to.be.at.least(OFTEN);
    }
  });
});
