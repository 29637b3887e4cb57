import { expect } from "chai";
import { type Attack, attack, withDunning } from "./attack.ts";
import type { Scene } from "./scene.ts";

/** A product that is in no plan. */
export const ADD_ON = "prod_dedicated_address";

function end(s: Scene, subscription: string): number {
  const [item] = s.world.provider.state.subscriptions.get(subscription)?.items.data ?? [];
  return ((item?.current_period_end ?? 0) * 1_000 - s.startMs) / 86_400_000;
}

/** What happened to subscriptions in a first version of the service, as it should come out. */
export const LIFE_ATTACKS: readonly Attack[] = [
  attack(
    "upgrades two hours before each period's end",
    [33_294, 639_919, 769_958, "starter"],
    async (s) => {
      const sub = await s.subscribe("starter");
      for (const _ of [1, 2, 3]) {
        await s.until(end(s, sub) - 2 / 24);
        expect(await s.take("business")).to.equal(undefined);
        await s.until(end(s, sub) - 3);
        expect(await s.take("starter")).to.equal(undefined);
        await s.until(end(s, sub) + 0.1);
      }
    },
  ),
  attack("an upgrade that is not paid", [900, 10_000, 5_000, "starter"], async (s) => {
    const sub = await s.subscribe("starter");
    await s.until(1);
    s.card("declines");
    await s.change(sub, "business");
    await s.until(15);
  }),
  attack(
    "a paid follow-up beside a subscription that ends",
    [9_900, 20_000, 10_000, "starter"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(1);
      const ends = Math.floor(s.tenant.nowMs / 1_000) + 86_400;
      await s.stripe.subscriptions.update(sub, { cancel_at: ends, proration_behavior: "none" });
      await s.subscribe("starter", { interval: "year" });
      await s.until(5);
      expect(s.tenant.live()?.status).to.equal("active");
    },
  ),
  attack(
    "a double payment from the balance is given back",
    [0, 200_000, 250_000, "business"],
    async (s) => {
      await s.stripe.customers.createBalanceTransaction(s.customerId, {
        amount: -20_000,
        currency: "eur",
      });
      await s.subscribe("business");
      await s.until(0.01);
      await s.subscribe("business");
      await s.until(3);
      expect(s.world.provider.state.customers.get(s.customerId)?.balance).to.equal(-10_100);
    },
  ),
  attack(
    "an upgrade whose prorations wait is delivered",
    [29_000, 201_785, 235_714, "business"],
    async (s) => {
      const sub = await s.subscribe("pro", { interval: "year" });
      await s.until(40);
      await s.change(sub, "business", {
        interval: "year",
        anchor: "unchanged",
        proration: "create_prorations",
      });
      await s.until(45);
    },
  ),
  ...(["seen", "unseen"] as const).map((how) =>
    attack(`metadata removed and restored, ${how}`, [2_900, 50_000, 50_000, "pro"], async (s) => {
      const sub = await s.subscribe("pro");
      await s.until(2);
      await s.stripe.subscriptions.update(sub, { metadata: { tenantId: "" } });
      if (how === "seen") {
        await s.until(3);
      }
      const { tenantId } = s.tenant;
      await s.stripe.subscriptions.update(sub, { metadata: { tenantId } });
      await s.until(20);
    }),
  ),
  attack("a discount of everything", [0, 400_000, 500_000, "business"], async (s) => {
    const { id } = await s.stripe.coupons.create({ percent_off: 100, duration: "forever" });
    await s.subscribe("business", { coupon: id });
    await s.until(40);
  }),
  attack("a renewal that the operator voids", [2_900, 100_000, 100_000, "pro"], async (s) => {
    await s.subscribe("pro");
    await s.until(1);
    s.card("declines");
    await s.until(32);
    await s.stripe.invoices.voidInvoice(s.open()[0]?.id ?? "");
    await s.until(40);
  }),
  attack("a trial that is extended", [0, 50_000, 50_000, "pro"], async (s) => {
    const sub = await s.subscribe("pro", { trialDays: 14 });
    await s.until(10);
    const to = Math.floor(s.tenant.nowMs / 1_000) + 15 * 86_400;
    await s.stripe.subscriptions.update(sub, { trial_end: to, proration_behavior: "none" });
    await s.until(24);
  }),
  attack("collection paused by the operator", [900, 30_000, 15_000, "starter"], async (s) => {
    const sub = await s.subscribe("starter");
    await s.until(5);
    await s.stripe.subscriptions.update(sub, { pause_collection: { behavior: "void" } });
    await s.until(62);
  }),
  attack(
    "an old unpaid subscription beside a new one",
    [10_800, 210_000, 255_000, "business"],
    withDunning(["unpaid"], async (s) => {
      await s.subscribe("starter");
      await s.until(1);
      s.card("declines");
      await s.until(50);
      s.card("good");
      await s.subscribe("business");
      await s.until(55);
    }),
  ),
  attack(
    "three renewals whose webhooks were lost",
    [2_700, 30_000, 10_000, "starter"],
    async (s) => {
      await s.subscribe("starter");
      await s.until(1);
      s.unseenUntil(62);
      await s.until(62);
      const { items } = await s.world.process(0).listAttention.execute({ limit: 10 });
      expect(items.map(({ kind }) => kind)).to.deep.equal(["month_made_good"]);
    },
  ),
  attack("F3 clocks that differ by 0.6 s", [29_000, 100_000, 100_000, "pro"], async (s) => {
    await s.subscribe("pro", { interval: "year" });
    await s.until(30);
    s.world.setClock(1, 600);
    for (const seconds of [-0.4, 0.1, 1]) {
      s.unseenUntil(31 + seconds / 86_400);
      await s.tenant.lookAnyway(1);
      await s.tenant.lookAnyway(0);
    }
    await s.until(35);
  }),
  attack("F2 unpaid change of the billing anchor", [900, 10_000, 5_000, "starter"], async (s) => {
    const sub = await s.subscribe("starter");
    await s.until(10);
    s.card("declines");
    await s.stripe.subscriptions.update(sub, {
      billing_cycle_anchor: { type: "now" },
      proration_behavior: "always_invoice",
    });
    await s.until(20);
  }),
  attack(
    "an add-on billed by the month beside a yearly plan",
    [34_935, 150_000, 150_000, "pro"],
    async (s) => {
      const sub = await s.subscribe("pro", { interval: "year" });
      await s.stripe.products.create({ id: ADD_ON, name: "Dedicated address" });
      const price = await s.stripe.prices.create({
        product: ADD_ON,
        currency: "eur",
        unit_amount: 2_000,
        recurring: { interval: "month" },
      });
      await s.until(1);
      await s.stripe.subscriptions.update(sub, { items: [{ price: price.id }] });
      await s.until(75);
    },
  ),
];
