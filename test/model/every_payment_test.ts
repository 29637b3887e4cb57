import { expect } from "chai";
import fc from "fast-check";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import type { AttentionKind } from "../../src/domain/attention/attention_kinds.ts";
import { withoutChance } from "./chance.ts";
import { GOOD_WEATHER } from "./disturbance.ts";
import { inProcessStripe } from "./in_process_stripe.ts";
import { live } from "./live.ts";
import { makePurchase, type Shop } from "./purchases/make_purchase.ts";
import { PURCHASES, type Purchase } from "./purchases/purchase.ts";
import { type Said, silentPayments, staleItems } from "./purchases/silent_payments.ts";
import { replaced, type Sabotage, saving } from "./sabotage.ts";
import { RETURN, TENANTS, type Template, World } from "./world.ts";

const HISTORIES = 200;
/** So many are played at most until one meets a planted fault. */
const SEARCHED = 1_000;
const SEED = 2;
const HOUR_MS = 3_600_000;
/** Comparisons look a little further back. */
const COMPARED_MS = 29 * 24 * HOUR_MS;
const GOOD = "4242424242424242";

/** A service that never names a kind. */
const silentAbout = (kind: AttentionKind): Sabotage => ({
  title: `never names ${kind}`,
  weather: GOOD_WEATHER,
  spoil: (store) =>
    replaced(store, "attention", {
      raise: async (item, look) =>
        item.kind === kind ? "known" : await store.attention.raise(item, look),
    }),
});

const FAULTS: readonly Sabotage[] = [
  silentAbout("unexplained_subscription"),
  silentAbout("misplaced_subscription"),
  silentAbout("unexplained_payment"),
  silentAbout("payment_without_sale"),
  silentAbout("unexplained_pack"),
  silentAbout("extra_plan_charge"),
  silentAbout("refund_failed"),
  {
    title: "takes each subscription for one that gave something",
    weather: GOOD_WEATHER,
    spoil: (store) =>
      saving(store, (account) => ({
        ...account,
        inForce: [...account.inForce, account.subscription?.id ?? "none"],
      })),
  },
  {
    title: "never closes what it has named",
    weather: GOOD_WEATHER,
    spoil: (store) => replaced(store, "attention", { clear: async () => undefined }),
  },
];

describe("Every payment gives something, goes back, or is named", () => {
  let template: Template;

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  async function said(world: World): Promise<Said> {
    const catalog = (await world.store.catalog.read()) ?? expect.fail("no catalogue");
    const entries = await Promise.all(
      TENANTS.map((tenantId) => world.store.ledger.list(tenantId, { limit: 10_000 })),
    );
    const { items } = await world.process(0).listAttention.execute({ limit: 1_000 });
    return {
      keys: new Set(entries.flat().map(({ key }) => key)),
      subjects: new Set(items.map(({ subject }) => subject)),
      products: new Set(
        [...catalog.plans, ...catalog.packs].flatMap(({ productId }) => productId ?? []),
      ),
    };
  }

  async function play(purchases: readonly Purchase[], sabotage?: Sabotage): Promise<void> {
    const world = await World.begin({ ...template, ...(sabotage && { sabotage }) }, 1);
    const stripe = inProcessStripe(
      world.provider,
      world.disturbance.weather(() => false),
    );
    const shop: Shop = { world, stripe, customers: new Map() };
    const compare = () => world.process(0).reconcile.execute({});
    // Payments from before anybody knew a tenant are nobody's to judge.
    const plan = { planSlug: "pro", interval: "month", ...RETURN } as const;
    await world.process(0).startCheckout.execute({ tenantId: TENANTS[0], ...plan });
    // The other tenant exists, and has what it pays for.
    await live(world, { do: "buy", who: 1, plan: "pro", interval: "year", card: GOOD });
    await compare();
    let compared = world.provider.nowMs();
    for (const purchase of purchases) {
      const after = purchase.do === "wait" ? purchase.hours * HOUR_MS : 0;
      const isDue = world.provider.nowMs() + after - compared > COMPARED_MS;
      if (isDue || purchase.do === "compare") {
        await compare();
        compared = world.provider.nowMs();
      }
      await makePurchase(shop, purchase);
    }
    for (const _ of [1, 2]) {
      await live(world, { do: "wait", hours: 1 });
      const { failures } = (await compare()) as { failures?: readonly string[] };
      expect(failures?.join("\n"), "failures").to.equal("");
    }
    const words = await said(world);
    expect(silentPayments(world.provider.state, words).join("\n"), "silent").to.equal("");
    expect(staleItems(world.provider.state, words).join("\n"), "given back, but open").to.equal("");
    await world.store.close();
  }

  it(`P41 in ${HISTORIES} histories of tenants and operators`, async function () {
    this.timeout(10 * 60_000);
    const property = fc.asyncProperty(PURCHASES, (purchases) =>
      withoutChance(1, () => play(purchases)),
    );
    await fc.assert(property, { numRuns: HISTORIES, seed: SEED });
  });

  for (const fault of FAULTS) {
    it(`P41 notices a service that ${fault.title}`, async function () {
      this.timeout(2 * 60_000);
      const property = fc.asyncProperty(PURCHASES, (purchases) =>
        withoutChance(1, () => play(purchases, fault)),
      );
      const found = await fc.check(property, {
        numRuns: SEARCHED,
        seed: SEED,
        endOnFailure: true,
      });
      expect(found.failed, `${SEARCHED} histories held`).to.equal(true);
      expect(String(found.errorInstance)).to.match(/silent|given back, but open/);
    });
  }
});
