import { expect } from "chai";
import { RETURN } from "../world.ts";
import { type Attack, attack, withDunning } from "./attack.ts";
import { moneyIn } from "./books.ts";
import { ADD_ON } from "./life_attacks.ts";
import type { Scene } from "./scene.ts";

/** A monthly price of a product. */
async function priced(s: Scene, product: string, amount: number): Promise<string> {
  const price = await s.stripe.prices.create({
    product,
    currency: "eur",
    unit_amount: amount,
    recurring: { interval: "month" },
  });
  return price.id;
}

/** A subscription to prices, as an operator makes it. */
async function sold(s: Scene, prices: readonly string[]): Promise<void> {
  await s.stripe.subscriptions.create({
    customer: s.customerId,
    items: prices.map((price) => ({ price })),
    metadata: { tenantId: s.tenant.tenantId },
  });
}

function statuses(s: Scene): string[] {
  return s.tenant.subscriptions().map(({ status }) => status);
}

/** Which subscription counts, and what else has to be asked about it. */
export const STANDING_ATTACKS: readonly Attack[] = [
  attack("a paid subscription beside a trial", [9_900, 210_000, 255_000, "business"], async (s) => {
    await s.subscribe("starter", { trialDays: 14 });
    await s.until(1);
    await s.subscribe("business", { interval: "month" });
    await s.until(3);
    expect(statuses(s)).to.deep.equal(["trialing", "active"]);
    expect(moneyIn(s.tenant.books())).to.equal(9_900);
  }),
  attack("two payments in one second", [5_400, 60_000, 30_000, "free"], async (s) => {
    for (let times = 0; times < 6; times += 1) {
      await s.create("starter", {});
      await s.create("starter", {});
      await s.tenant.look();
      expect(statuses(s).slice(-2)).to.deep.equal(["active", "canceled"]);
      await s.stripe.subscriptions.cancel(s.tenant.live()?.id ?? "");
      await s.until(times + 1);
    }
  }),
  ...(["seen", "unseen"] as const).map((how) =>
    attack(`a customer that is deleted, ${how}`, [2_900, 50_000, 50_000, "free"], async (s) => {
      await s.subscribe("pro");
      await s.until(20);
      await s.stripe.customers.del(s.customerId);
      if (how === "seen") {
        await s.until(35);
      }
      s.unseenUntil(40);
      await s.until(41);
      expect(s.tenant.usedFree.get("2027-02")).to.deep.equal({ emails: 100, tokens: 1_000 });
      const { tenantId } = s.tenant;
      const { startPackCheckout, openPortal } = s.world.process(0);
      const pack = { tenantId, packSlug: "starter", ...RETURN };
      expect(await startPackCheckout.execute(pack)).to.have.property("type", "started");
      const portal = { tenantId, returnUrl: RETURN.successUrl };
      expect(await openPortal.execute(portal)).to.have.property("type", "opened");
    }),
  ),
  attack("a price of nothing", [0, 100_000, 100_000, "pro"], async (s) => {
    const { product } = await s.stripe.prices.retrieve(s.price("pro"));
    await sold(s, [await priced(s, String(product), 0)]);
    await s.until(40);
  }),
  attack("a product that is in no plan", [4_000, 0, 0, "free"], async (s) => {
    await s.stripe.products.create({ id: ADD_ON, name: "Dedicated address" });
    await sold(s, [await priced(s, ADD_ON, 2_000)]);
    await s.until(40);
    expect(s.tenant.usedFree.get("2027-02")).to.deep.equal({ emails: 100, tokens: 1_000 });
  }),
  attack("a quantity of three", [2_700, 10_000, 5_000, "starter"], async (s) => {
    await s.stripe.subscriptions.create({
      customer: s.customerId,
      items: [{ price: s.price("starter"), quantity: 3 }],
      metadata: { tenantId: s.tenant.tenantId },
    });
    await s.until(20);
  }),
  attack("two plans in one subscription", [10_800, 200_000, 250_000, "business"], async (s) => {
    await sold(s, [s.price("starter"), s.price("business")]);
    await s.until(20);
  }),
  attack(
    "an old paused subscription beside a new one",
    [10_800, 210_000, 255_000, "business"],
    withDunning(["pause"], async (s) => {
      await s.subscribe("starter");
      await s.until(1);
      s.card("declines");
      await s.until(60);
      expect(statuses(s)).to.deep.equal(["paused"]);
      s.card("good");
      await s.subscribe("business");
      await s.until(65);
    }),
  ),
  attack(
    "an old incomplete subscription beside a new one",
    [9_900, 200_000, 250_000, "business"],
    async (s) => {
      s.card("declines");
      await s.create("starter", {});
      expect(statuses(s)).to.deep.equal(["incomplete"]);
      s.card("good");
      await s.subscribe("business");
      await s.until(5);
    },
  ),
  attack("a preview beside a credit balance", [6_835, 216_129, 266_129, "business"], async (s) => {
    const credit = { amount: -4_000, currency: "eur" };
    await s.stripe.customers.createBalanceTransaction(s.customerId, credit);
    const { previewCheckout } = s.world.process(0);
    const wish = { tenantId: s.tenant.tenantId, interval: "month" } as const;
    const first = await previewCheckout.execute({ ...wish, planSlug: "pro" });
    expect(first).to.have.nested.property("preview.dueNow", 0);
    await s.subscribe("pro");
    await s.until(10);
    const then = await previewCheckout.execute({ ...wish, planSlug: "business" });
    const before = moneyIn(s.tenant.books());
    expect(await s.take("business")).to.equal(undefined);
    await s.until(11);
    const charged = moneyIn(s.tenant.books()) - before;
    expect(then).to.have.nested.property("preview.dueNow", charged);
  }),
  attack("the same plan again while it ends", [2_900, 50_000, 50_000, "pro"], async (s) => {
    const sub = await s.subscribe("pro");
    await s.until(5);
    await s.stripe.subscriptions.update(sub, { cancel_at_period_end: true });
    await s.until(6);
    expect(await s.choose("pro")).to.include({ type: "portal", purpose: "keep_subscription" });
    await s.until(7);
  }),
  attack("a payment that is refunded by hand", [0, 50_000, 50_000, "pro"], async (s) => {
    await s.subscribe("pro");
    await s.until(1);
    const [charge] = s.world.provider.state.charges.values();
    await s.stripe.refunds.create({ charge: charge?.id ?? "" });
    await s.until(20);
  }),
];
