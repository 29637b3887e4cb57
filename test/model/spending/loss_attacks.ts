import { type Attack, attack, withDunning } from "./attack.ts";

/** Tenants who pay, and must not get less. */
export const LOSS_ATTACKS: readonly Attack[] = [
  attack("L1 first purchase in a used free month", [900, 10_000, 5_000, "starter"], async (s) => {
    await s.until(5);
    await s.subscribe("starter");
    await s.until(20);
  }),
  attack("L2 cancelled at the period's end", [900, 10_000, 5_000, "free"], async (s) => {
    const sub = await s.subscribe("starter");
    await s.until(5);
    await s.stripe.subscriptions.update(sub, { cancel_at_period_end: true });
    await s.until(40);
  }),
  attack(
    "L3 payment after grace",
    [1_800, 20_000, 10_000, "starter"],
    withDunning(["past_due"], async (s) => {
      await s.subscribe("starter");
      await s.until(1);
      s.card("declines");
      await s.until(50);
      s.pay();
      await s.until(55);
    }),
  ),
  attack("L4 declined upgrade keeps the paid plan", [2_900, 50_000, 50_000, "pro"], async (s) => {
    const sub = await s.subscribe("pro");
    await s.until(5);
    s.card("declines");
    await s.change(sub, "business");
    await s.until(19);
  }),
  attack(
    "L5 renewal declined, upgrade by a new card, retries pay",
    [12_810, 250_178, 300_000, "business"],
    async (s) => {
      const sub = await s.subscribe("pro");
      await s.until(1);
      s.card("declines");
      await s.until(31.1);
      s.card("good");
      await s.change(sub, "business");
      await s.until(40);
    },
  ),
  attack("L6 follow-up bought early", [10_800, 210_000, 255_000, "starter"], async (s) => {
    const sub = await s.subscribe("business");
    await s.until(5);
    await s.stripe.subscriptions.update(sub, { cancel_at_period_end: true });
    await s.until(25);
    await s.subscribe("starter");
    await s.until(40);
  }),
  attack("L7 net 30 paid on day 29", [2_900, 150_000, 150_000, "pro"], async (s) => {
    await s.subscribe("pro", { netDays: 30 });
    await s.until(29);
    s.pay();
    await s.until(59.2);
  }),
  attack(
    "L8 a year, declined change, dunning cancels",
    [29_000, 150_000, 150_000, "free"],
    withDunning(["cancel"], async (s) => {
      const sub = await s.subscribe("pro", { interval: "year" });
      await s.until(65);
      s.card("declines");
      await s.change(sub, "business", { interval: "year" });
      await s.until(100);
    }),
  ),
  attack("L9 used trial, then bought", [9_900, 210_000, 255_000, "business"], async (s) => {
    const sub = await s.subscribe("starter", { trialDays: 14 });
    await s.until(5);
    await s.change(sub, "business", { endTrial: true });
    await s.until(20);
  }),
  attack(
    "L12 bought again a day after a regular end",
    [19_800, 400_000, 500_000, "business"],
    async (s) => {
      const sub = await s.subscribe("business");
      await s.until(5);
      await s.stripe.subscriptions.update(sub, { cancel_at_period_end: true });
      await s.until(32);
      await s.subscribe("business");
      await s.until(40);
    },
  ),
  attack("L13 an invoice of 30 days", [1_800, 20_000, 10_000, "starter"], async (s) => {
    await s.subscribe("starter", { netDays: 30 });
    await s.until(20);
    s.pay();
    await s.until(50);
    s.pay();
    await s.until(55);
  }),
];
