import { closeDispute, openDispute } from "../../../../sandbox/engine/paying/disputes.ts";
import { type Attack, attack, withDunning } from "../attack.ts";
import type { Scene } from "../scene.ts";

const ALL_ONCE = { percent_off: 100, duration: "once" } as const;

/** A change of a year that is declined, and paid on a later day, after months of the old plan. */
function paidLate(day: number, end: number): (s: Scene) => Promise<void> {
  return withDunning(["past_due"], async (s) => {
    const sub = await s.subscribe("pro", { interval: "year" });
    await s.until(95);
    s.card("declines");
    await s.change(sub, "business", { interval: "year" });
    await s.until(day);
    s.pay();
    await s.until(end);
  });
}

/** Payments, discounts and credits that come late, in part, or by other ways. */
export const PAYMENT_ATTACKS: readonly Attack[] = [
  attack(
    "a declined year, paid after the next month began",
    [106_548, 758_333, 908_333, "business"],
    paidLate(122, 180),
  ),
  attack(
    "a declined year, paid after its first month",
    [106_548, 758_333, 750_000, "business"],
    paidLate(130, 180),
  ),
  attack(
    "a declined year, paid in the sixth month",
    [106_548, 2_558_333, 2_200_000, "business"],
    paidLate(250, 459),
  ),
  attack(
    "everything discounted once, then upgraded",
    [19_800, 410_000, 505_000, "business"],
    async (s) => {
      const { id } = await s.stripe.coupons.create(ALL_ONCE);
      await s.subscribe("starter", { coupon: id });
      await s.until(10);
      await s.take("business");
      await s.until(45);
    },
  ),
  attack(
    "everything discounted once, then lowered",
    [900, 210_000, 255_000, "starter"],
    async (s) => {
      const { id } = await s.stripe.coupons.create(ALL_ONCE);
      await s.subscribe("business", { coupon: id });
      await s.until(10);
      await s.take("starter");
      await s.until(45);
    },
  ),
  attack(
    "three of a plan, prorations waiting, then upgraded",
    [17_806, 102_580, 101_290, "pro"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(5);
      await s.stripe.subscriptions.update(sub, { items: [{ id: s.item(sub).id, quantity: 3 }] });
      await s.until(8);
      await s.take("pro");
      await s.until(45);
    },
  ),
  attack(
    "five of a plan, four given back, then upgraded by the balance",
    [14_500, 209_677, 259_677, "business"],
    async (s) => {
      const sub = await s.subscribe("pro");
      for (const [day, quantity] of [
        [0, 5],
        [5, 1],
      ] as const) {
        await s.until(day);
        await s.stripe.subscriptions.update(sub, {
          items: [{ id: s.item(sub).id, quantity }],
          proration_behavior: "always_invoice",
        });
      }
      await s.until(6);
      await s.take("business");
      await s.until(10);
    },
  ),
  attack(
    "a renewal paid out of band after grace",
    [5_800, 100_000, 100_000, "pro"],
    withDunning(["past_due"], async (s) => {
      await s.subscribe("pro");
      await s.until(1);
      s.card("declines");
      await s.until(40);
      await s.stripe.invoices.pay(s.open()[0]?.id ?? "", { paid_out_of_band: true });
      await s.until(50);
    }),
  ),
  attack(
    "a declined change paid out of band",
    [10_045, 201_612, 250_806, "business"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(5);
      s.card("declines");
      await s.change(sub, "business");
      await s.until(7);
      await s.stripe.invoices.pay(s.open()[0]?.id ?? "", { paid_out_of_band: true });
      await s.until(20);
    },
  ),
  attack(
    "a change that waits for its payment, paid in time",
    [10_045, 201_612, 250_806, "business"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(5);
      s.card("declines");
      await s.change(sub, "business", { behavior: "pending_if_incomplete" });
      await s.until(5.5);
      s.pay();
      await s.until(10);
    },
  ),
  attack(
    "a credit note for all of a declined change",
    [900, 201_612, 250_806, "business"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(5);
      s.card("declines");
      await s.change(sub, "business");
      await s.until(7);
      const [open] = s.open();
      await s.stripe.creditNotes.create({ invoice: open?.id ?? "", amount: open?.total ?? 0 });
      await s.until(20);
    },
  ),
  attack(
    "a credit note for a part of a declined renewal",
    [3_800, 100_000, 100_000, "pro"],
    async (s) => {
      await s.subscribe("pro");
      await s.until(1);
      s.card("declines");
      await s.until(33);
      await s.stripe.creditNotes.create({ invoice: s.open()[0]?.id ?? "", amount: 2_000 });
      s.pay();
      await s.until(40);
    },
  ),
  attack(
    "a credit note onto the balance pays the next renewal",
    [9_900, 400_000, 500_000, "business"],
    async (s) => {
      await s.subscribe("business");
      await s.until(3);
      const invoice = s.invoices().at(-1)?.id ?? "";
      await s.stripe.creditNotes.create({ invoice, amount: 9_900, credit_amount: 9_900 });
      await s.until(45);
    },
  ),
  attack(
    "a payment charged back after an upgrade",
    [19_190, 403_225, 501_612, "business"],
    async (s) => {
      await s.subscribe("starter");
      await s.until(3);
      const [charge] = [...s.world.provider.state.charges.values()].slice(-1);
      await s.until(10);
      await s.take("business");
      await s.until(12);
      s.world.provider.transact((tx) => {
        if (charge !== undefined) {
          closeDispute(tx, openDispute(tx, charge, { inquiry: false }), "lost");
        }
      });
      await s.until(50);
    },
  ),
  attack(
    "two admins buy one plan, one of them by a debit",
    [2_900, 50_000, 50_000, "pro"],
    async (s) => {
      await s.subscribe("pro");
      await s.until(0.01);
      s.card("debit");
      await s.create("pro", {});
      await s.until(20);
    },
  ),
  attack(
    "ended while the debit for its renewal is in processing",
    [5_800, 100_000, 100_000, "free"],
    async (s) => {
      const sub = await s.subscribe("pro");
      await s.until(1);
      s.card("debit");
      await s.until(32);
      await s.stripe.subscriptions.cancel(sub);
      await s.until(40);
    },
  ),
  attack(
    "a first invoice written off, then the renewal paid",
    [2_900, 100_000, 100_000, "pro"],
    async (s) => {
      await s.subscribe("pro", { netDays: 5 });
      await s.until(6);
      await s.stripe.invoices.markUncollectible(s.open()[0]?.id ?? "");
      await s.until(32);
      s.pay();
      await s.until(40);
    },
  ),
  attack(
    "a declined change written off, then the renewal paid",
    [10_800, 210_000, 255_000, "business"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(5);
      s.card("declines");
      await s.change(sub, "business");
      await s.until(7);
      await s.stripe.invoices.markUncollectible(s.open()[0]?.id ?? "");
      await s.until(20);
      s.card("good");
      await s.until(45);
    },
  ),
  attack(
    "drafts kept for a month, then finalised and paid",
    [8_700, 150_000, 150_000, "pro"],
    async (s) => {
      const sub = await s.subscribe("pro");
      await s.until(20);
      const paused = { behavior: "keep_as_draft" } as const;
      await s.stripe.subscriptions.update(sub, { pause_collection: paused });
      await s.until(45);
      await s.stripe.subscriptions.update(sub, { pause_collection: "" });
      const draft = s.invoices().find(({ status }) => status === "draft")?.id ?? "";
      await s.stripe.invoices.finalizeInvoice(draft);
      await s.stripe.invoices.pay(draft);
      await s.until(70);
    },
  ),
];
