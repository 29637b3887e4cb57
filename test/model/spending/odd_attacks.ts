import { expect } from "chai";
import { type Attack, attack, withDunning } from "./attack.ts";

/** What else the provider and its operators let happen. */
export const ODD_ATTACKS: readonly Attack[] = [
  attack(
    "N1 second Checkout by a debit that fails beside a paid year",
    [29_000, 100_000, 100_000, "pro"],
    async (s) => {
      await s.subscribe("pro", { interval: "year" });
      await s.until(10);
      s.card("failing_debit");
      await s.subscribe("business");
      await s.until(45);
    },
  ),
  attack(
    "N2 renewal by a debit that will fail",
    [9_900, 400_000, 500_000, "business"],
    async (s) => {
      await s.subscribe("business");
      await s.until(1);
      s.card("failing_debit");
      await s.until(40);
    },
  ),
  attack(
    "a first payment by a debit that fails leaves the subscription active",
    [0, 0, 0, "free"],
    async (s) => {
      s.card("failing_debit");
      await s.create("business", {});
      await s.until(20);
    },
  ),
  attack(
    "N5 first look in grace",
    [2_900, 50_000, 50_000, "pro"],
    withDunning(["past_due"], async (s) => {
      await s.subscribe("pro");
      s.card("declines");
      s.unseenUntil(40);
      await s.until(40);
    }),
  ),
  attack(
    "N7 short first period of 5 days",
    [1_950, 21_666, 10_833, "starter"],
    async (s) => {
      await s.subscribe("starter", { firstDays: 5 });
      await s.until(41);
    },
    "2027-04-26T00:00:00Z",
  ),
  attack(
    "N8 years from a leap day",
    [87_000, 1_300_000, 1_300_000, "pro"],
    async (s) => {
      await s.subscribe("pro", { interval: "year" });
      await s.until(765);
    },
    "2028-02-29T00:00:00Z",
  ),
  attack(
    "N8b monthly from 31 January",
    [20_300, 350_000, 350_000, "pro"],
    async (s) => {
      await s.subscribe("pro");
      await s.until(191);
    },
    "2027-01-31T00:00:00Z",
  ),
  attack(
    "N10 declined change voided, its price credited by the next",
    [70_900, 10_000, 5_000, "starter"],
    async (s) => {
      const sub = await s.subscribe("starter", { classic: true });
      await s.until(5);
      s.card("declines");
      await s.change(sub, "pro", { interval: "year" });
      await s.stripe.invoices.voidInvoice(s.open()[0]?.id ?? "");
      s.card("good");
      await s.change(sub, "business", { interval: "year" });
      await s.until(20);
    },
  ),
  attack(
    "N10 declined change voided, not credited by the next",
    [99_145, 201_612, 250_806, "business"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(5);
      s.card("declines");
      await s.change(sub, "pro", { interval: "year" });
      await s.stripe.invoices.voidInvoice(s.open()[0]?.id ?? "");
      s.card("good");
      await s.change(sub, "business", { interval: "year" });
      await s.until(20);
    },
  ),
  attack(
    "N11 renewal that dunning gives up within grace",
    [9_900, 200_000, 250_000, "business"],
    withDunning(["past_due", "uncollectible"], async (s) => {
      s.world.provider.state.dunning.retryDays = [3];
      const sub = await s.subscribe("business");
      await s.until(1);
      s.card("declines");
      await s.until(36);
      expect(s.invoices().at(-1)?.status).to.equal("uncollectible");
      expect(s.world.provider.state.subscriptions.get(sub)?.status).to.equal("active");
      await s.until(40);
    }),
  ),
  attack(
    "N11 renewal that the operator forgave",
    [9_900, 400_000, 500_000, "business"],
    async (s) => {
      await s.subscribe("business");
      await s.until(1);
      s.card("declines");
      await s.until(33);
      await s.stripe.invoices.markUncollectible(s.open()[0]?.id ?? "");
      await s.until(40);
    },
  ),
  attack("N13 first payment by invoice, overdue", [0, 10_000, 5_000, "free"], async (s) => {
    await s.subscribe("starter", { netDays: 30 });
    await s.until(30.9);
    await s.until(45);
  }),
  attack(
    "N15 dunning gives up and makes active, 4 months",
    [9_900, 200_000, 250_000, "free"],
    withDunning(["past_due", "uncollectible"], async (s) => {
      await s.subscribe("business");
      await s.until(1);
      s.card("declines");
      await s.until(130);
    }),
  ),
  attack(
    "N17 renewal paid and plan raised on day 20 before a look",
    [4_372, 74_285, 80_000, "business"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(0);
      s.unseenUntil(51);
      await s.change(sub, "business", { anchor: "unchanged" });
      await s.until(51);
    },
  ),
  attack(
    "an upgrade in the second in which February begins",
    [10_800, 210_000, 255_000, "business"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(31);
      await s.change(sub, "business");
      await s.until(40);
    },
  ),
  attack(
    "the same by our own link: refused while the renewal is a draft, had when it is paid",
    [10_802, 210_017, 255_008, "business"],
    async (s) => {
      await s.subscribe("starter");
      await s.until(31);
      expect(await s.take("business")).to.equal("waiting for draft");
      await s.until(31.05);
      expect(await s.take("business")).to.equal(undefined);
      await s.until(40);
    },
  ),
  attack(
    "an upgrade in the second of the purchase",
    [9_900, 200_000, 250_000, "business"],
    async (s) => {
      const sub = await s.subscribe("pro");
      await s.change(sub, "business");
      await s.until(20);
    },
  ),
  attack("the same by our own link", [9_900, 200_000, 250_000, "business"], async (s) => {
    await s.subscribe("pro");
    expect(await s.take("business")).to.equal(undefined);
    await s.until(20);
  }),
  attack("two renewals paid in the wrong order", [2_700, 30_000, 10_000, "starter"], async (s) => {
    s.dunning("past_due");
    await s.subscribe("starter");
    await s.until(1);
    s.card("declines");
    await s.until(61);
    s.pay(s.open().at(-1));
    await s.until(62);
    s.pay();
    await s.until(63);
  }),
  attack(
    "a dearer plan in processing beside a paid one",
    [12_800, 250_000, 300_000, "business"],
    async (s) => {
      const sub = await s.subscribe("pro");
      await s.until(3);
      await s.stripe.subscriptions.update(sub, { cancel_at_period_end: true });
      s.card("debit");
      await s.subscribe("business");
      await s.until(20);
    },
  ),
  attack(
    "upgrade under a pause that is then lifted",
    [900, 11_612, 5_806, "starter"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(5);
      const paused = { behavior: "mark_uncollectible" } as const;
      await s.stripe.subscriptions.update(sub, { pause_collection: paused });
      await s.change(sub, "business");
      await s.until(6);
      await s.stripe.subscriptions.update(sub, { pause_collection: "" });
      await s.until(20);
    },
  ),
  attack(
    "raised and lowered three times in one month",
    [7_641, 151_612, 185_483, "business"],
    async (s) => {
      const sub = await s.subscribe("pro");
      for (const day of [10, 12, 14]) {
        await s.until(day);
        await s.change(sub, "business", { anchor: "unchanged" });
        await s.until(day + 1);
        await s.change(sub, "pro", { anchor: "unchanged" });
      }
      await s.until(16);
      await s.change(sub, "business", { anchor: "unchanged" });
      await s.until(20);
    },
  ),
];
