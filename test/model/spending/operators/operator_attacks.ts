import { type Attack, attack } from "../attack.ts";
import type { Scene } from "../scene.ts";

/** A price of a plan for another time than the catalogue's. */
async function oddPrice(
  s: Scene,
  amount: number,
  recurring: { interval: "week" | "month"; interval_count: number },
): Promise<string> {
  const product = s.world.provider.state.prices.get(s.price("pro"))?.product;
  const made = await s.stripe.prices.create({
    product: String(product),
    currency: "eur",
    unit_amount: amount,
    recurring,
  });
  return made.id;
}

async function subscribeTo(s: Scene, price: string): Promise<void> {
  await s.stripe.subscriptions.create({
    customer: s.customerId,
    items: [{ price }],
    metadata: { tenantId: s.tenant.tenantId },
  });
}

async function moveAnchor(s: Scene, proration: "none" | "always_invoice"): Promise<void> {
  const sub = await s.subscribe("pro");
  for (const day of [5, 10, 15]) {
    await s.until(day);
    await s.stripe.subscriptions.update(sub, {
      billing_cycle_anchor: { type: "now" },
      proration_behavior: proration,
    });
    await s.until(day + 1);
  }
  await s.until(20);
}

/** Another item takes the place of the plan's. */
async function replaceItem(
  s: Scene,
  sub: string,
  { price, proration }: { price: string; proration: "none" | "always_invoice" },
): Promise<void> {
  await s.stripe.subscriptions.update(sub, {
    items: [{ id: s.item(sub).id, deleted: true }, { price }],
    proration_behavior: proration,
  });
}

/** What operators do to subscriptions, and tenants beside them. */
export const OPERATOR_ATTACKS: readonly Attack[] = [
  attack(
    "upgraded inside a trial by our link",
    [19_800, 410_000, 505_000, "business"],
    async (s) => {
      await s.subscribe("starter", { trialDays: 14 });
      await s.until(5);
      await s.take("business");
      await s.until(40);
    },
  ),
  attack(
    "from 31 January: up, down and up again around the ends of months",
    [23_710, 461_222, 555_611, "business"],
    async (s) => {
      await s.subscribe("starter");
      await s.until(27);
      await s.take("pro");
      await s.until(28);
      await s.take("starter");
      await s.until(59.9);
      await s.take("business");
      await s.until(100);
    },
    "2027-01-31T00:00:00Z",
  ),
  attack(
    "the anchor moved to now three times, without prorations",
    [11_600, 200_000, 200_000, "pro"],
    (s) => moveAnchor(s, "none"),
  ),
  attack(
    "the anchor moved to now three times, with prorations",
    [4_304, 74_192, 74_192, "pro"],
    (s) => moveAnchor(s, "always_invoice"),
  ),
  attack("a schedule of three phases", [23_600, 460_000, 555_000, "business"], async (s) => {
    const made = await s.stripe.subscriptionSchedules.create({
      from_subscription: await s.subscribe("starter"),
    });
    const { start_date = 0, end_date = 0 } = made.phases[0] ?? {};
    const month = { interval: "month", interval_count: 1 } as const;
    await s.stripe.subscriptionSchedules.update(made.id, {
      end_behavior: "release",
      phases: [
        { items: [{ price: s.price("starter"), quantity: 1 }], start_date, end_date },
        { items: [{ price: s.price("pro"), quantity: 1 }], duration: month },
        { items: [{ price: s.price("business"), quantity: 1 }], duration: month },
      ],
    });
    await s.until(100);
  }),
  attack(
    "a customer deleted, and the next plan bought by another",
    [22_700, 450_000, 550_000, "business"],
    async (s) => {
      await s.subscribe("pro");
      await s.until(10);
      await s.stripe.customers.del(s.customerId);
      await s.until(12);
      await s.subscribe("business");
      await s.until(45);
    },
  ),
  attack(
    "a price archived, renewed, then upgraded",
    [13_732, 266_071, 316_071, "business"],
    async (s) => {
      await s.subscribe("pro");
      await s.stripe.prices.update(s.price("pro"), { active: false });
      await s.until(40);
      await s.take("business");
      await s.until(45);
    },
  ),
  attack("a second item of a dearer plan", [18_406, 338_709, 420_967, "business"], async (s) => {
    const sub = await s.subscribe("starter");
    await s.until(10);
    await s.stripe.subscriptions.update(sub, {
      items: [{ price: s.price("business") }],
      proration_behavior: "always_invoice",
    });
    await s.until(45);
  }),
  attack(
    "an item replaced by another, prorated",
    [16_896, 338_709, 420_967, "business"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(10);
      await replaceItem(s, sub, { price: s.price("business"), proration: "always_invoice" });
      await s.until(45);
    },
  ),
  attack(
    "an item replaced by another, not prorated",
    [10_800, 210_000, 255_000, "business"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(10);
      await replaceItem(s, sub, { price: s.price("business"), proration: "none" });
      await s.until(45);
    },
  ),
  attack("a price for a week", [2_400, 34_998, 34_998, "pro"], async (s) => {
    await subscribeTo(s, await oddPrice(s, 800, { interval: "week", interval_count: 1 }));
    await s.until(20);
  }),
  attack("a price for three months", [8_000, 150_000, 150_000, "pro"], async (s) => {
    await subscribeTo(s, await oddPrice(s, 8_000, { interval: "month", interval_count: 3 }));
    await s.until(75);
  }),
];
