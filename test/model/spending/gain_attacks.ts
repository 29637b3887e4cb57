import type { Attack } from "./attack.ts";
import { attack, withDunning } from "./attack.ts";
import type { Scene } from "./scene.ts";

async function upgradeCreditsUnpaidRenewal(s: Scene): Promise<void> {
  const sub = await s.subscribe("pro");
  await s.until(1);
  s.card("declines");
  await s.until(31.1);
  s.card("good");
  await s.change(sub, "business");
  s.card("declines");
  await s.until(75);
}

async function declinedYearThenMonthOverNothing(s: Scene): Promise<void> {
  const sub = await s.subscribe("starter");
  await s.until(5);
  s.card("declines");
  await s.change(sub, "pro", { interval: "year" });
  await s.until(6);
  await s.change(sub, "starter");
  await s.until(75);
}

async function twoCheckouts(s: Scene): Promise<string> {
  const sub = await s.subscribe("starter");
  await s.until(0.01);
  await s.subscribe("business");
  await s.until(5);
  return sub;
}

/** Attempts to get more than was paid for, with what they come to: paid, tokens, e-mails, plan. */
export const GAIN_ATTACKS: readonly Attack[] = [
  attack("G1 draft hour of a renewal", [9_900, 200_000, 250_000, "business"], async (s) => {
    await s.subscribe("business");
    await s.until(31.02);
  }),
  attack("G2 declined renewal and declined upgrade", [900, 10_000, 5_000, "free"], async (s) => {
    const sub = await s.subscribe("starter");
    await s.until(1);
    s.card("declines");
    await s.until(32);
    await s.change(sub, "business");
    await s.until(45);
  }),
  ...(["past_due", "cancel", "unpaid"] as const).map((dunning) =>
    attack(
      `G3 upgrade credits an unpaid renewal, ${dunning}`,
      [9_910, 50_000, 50_000, "free"],
      withDunning([dunning], upgradeCreditsUnpaidRenewal),
    ),
  ),
  ...(["past_due", "cancel", "unpaid"] as const).map((dunning) =>
    attack(
      `G4 declined year, then month over nothing, ${dunning}`,
      [900, 10_000, 5_000, "free"],
      withDunning([dunning], declinedYearThenMonthOverNothing),
    ),
  ),
  attack(
    "G4 declined year, then month over nothing, uncollectible",
    [900, 10_000, 5_000, "free"],
    withDunning(["past_due", "uncollectible"], declinedYearThenMonthOverNothing),
  ),
  attack(
    "G4c after dunning, bought again by balance",
    [900, 10_000, 5_000, "free"],
    withDunning(["cancel"], async (s) => {
      await declinedYearThenMonthOverNothing(s);
      await s.subscribe("pro");
      await s.until(90);
    }),
  ),
  attack(
    "G5 voided pending update, then renewal declined",
    [900, 10_000, 5_000, "starter"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(5);
      s.card("declines");
      await s.change(sub, "pro", { behavior: "pending_if_incomplete" });
      await s.until(40);
    },
  ),
  attack("G5b applied change voided by an operator", [900, 10_000, 5_000, "starter"], async (s) => {
    const sub = await s.subscribe("starter");
    await s.until(5);
    s.card("declines");
    await s.change(sub, "pro");
    await s.until(6);
    await s.stripe.invoices.voidInvoice(s.open()[0]?.id ?? "");
    await s.until(20);
  }),
  attack("G6d upgrade under a pause", [900, 10_000, 5_000, "free"], async (s) => {
    const sub = await s.subscribe("starter");
    await s.until(5);
    await s.stripe.subscriptions.update(sub, { pause_collection: { behavior: "keep_as_draft" } });
    await s.until(6);
    await s.change(sub, "pro");
    await s.until(40);
  }),
  attack("G7 F1 switching the interval", [29_603, 211_287, 262_900, "pro"], async (s) => {
    const sub = await s.subscribe("business");
    await s.until(1);
    await s.change(sub, "pro", { interval: "year" });
    await s.until(2);
    await s.change(sub, "pro");
    await s.until(3);
    await s.change(sub, "pro", { interval: "year" });
    await s.until(4);
    await s.change(sub, "business");
    await s.until(4.1);
    await s.change(sub, "pro", { interval: "year" });
    await s.until(20);
  }),
  attack(
    "G7b business spent, then pro by the year",
    [29_319, 256_451, 258_064, "pro"],
    async (s) => {
      const sub = await s.subscribe("business");
      await s.until(1);
      await s.change(sub, "pro", { interval: "year" });
      await s.until(130);
    },
  ),
  attack("G8 two Checkouts, the dearer refunded", [900, 10_000, 5_000, "starter"], async (s) => {
    await twoCheckouts(s);
  }),
  attack("G8b then a declined upgrade", [900, 10_000, 5_000, "starter"], async (s) => {
    const sub = await twoCheckouts(s);
    s.card("declines");
    await s.change(sub, "pro");
    await s.until(19);
  }),
  attack("G8c then its renewal declined", [900, 10_000, 5_000, "starter"], async (s) => {
    await twoCheckouts(s);
    s.card("declines");
    await s.until(40);
  }),
  attack(
    "G8d first set to end, second paid and spent, first resumed",
    [10_800, 210_000, 255_000, "business"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(1);
      await s.stripe.subscriptions.update(sub, { cancel_at_period_end: true });
      await s.until(2);
      await s.subscribe("business");
      await s.until(3);
      await s.stripe.subscriptions.update(sub, { cancel_at_period_end: false });
      await s.until(10);
    },
  ),
  attack(
    "G9 plan raised on day 27, anchor kept",
    [2_061, 34_516, 36_612, "business"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(27);
      await s.change(sub, "business", { anchor: "unchanged" });
      await s.until(30);
    },
  ),
  attack(
    "G9c raised on day 1, first look on day 20",
    [9_610, 193_870, 242_096, "business"],
    async (s) => {
      s.tenant.spends = false;
      const sub = await s.subscribe("starter");
      s.unseenUntil(1);
      await s.change(sub, "business", { anchor: "unchanged" });
      s.unseenUntil(20);
      s.tenant.spends = true;
      await s.until(20);
    },
  ),
  attack(
    "G10 unpaid, only the oldest paid",
    [19_800, 400_000, 500_000, "business"],
    withDunning(["unpaid"], async (s) => {
      await s.subscribe("business");
      await s.until(1);
      s.card("declines");
      await s.until(63);
      s.pay();
      await s.until(64);
    }),
  ),
  attack(
    "G11 link confirmed inside the draft hour, card removed",
    [9_902, 50_000, 50_000, "free"],
    async (s) => {
      const sub = await s.subscribe("pro");
      await s.until(31.02);
      await s.change(sub, "business");
      s.card("declines");
      await s.until(60);
    },
  ),
  attack("G12 two links in a chain", [99_035, 200_000, 250_000, "free"], async (s) => {
    const sub = await s.subscribe("business");
    await s.until(1);
    s.card("declines");
    await s.until(31.1);
    s.card("good");
    await s.change(sub, "business", { interval: "year" });
    await s.until(31.2);
    await s.change(sub, "pro");
    s.card("declines");
    await s.until(75);
  }),
  attack(
    "G13 link confirmed after a declined renewal",
    [2_903, 10_000, 5_000, "free"],
    async (s) => {
      const sub = await s.subscribe("starter");
      await s.until(1);
      s.card("declines");
      await s.until(31.1);
      s.card("good");
      await s.change(sub, "pro");
      s.card("declines");
      await s.until(60);
    },
  ),
  attack("O2 look 19 days late", [9_994, 201_612, 251_612, "business"], async (s) => {
    const sub = await s.subscribe("pro");
    await s.until(0);
    s.unseenUntil(1);
    await s.change(sub, "business");
    s.unseenUntil(20);
    await s.until(20);
  }),
];
