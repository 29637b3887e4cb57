import { type History, history, payOpen, withDunning } from "./history.ts";

/** Tenants who pay, and must not get less. */
export const LOSS_HISTORIES: readonly History[] = [
  history(
    "L1 first purchase in a used free month",
    [900, 10_000, 5_000, "starter"],
    (t, stripe) => {
      t.until(5);
      stripe.subscribe("starter");
      t.until(20);
    },
  ),
  history(
    "L2 cancelled at period end, then free whole",
    [900, 10_000, 5_000, "free"],
    (t, stripe) => {
      const sub = stripe.subscribe("starter");
      t.until(5);
      sub.cancelAtPeriodEnd = true;
      t.until(40);
    },
  ),
  history("L3 payment after grace", [1_800, 20_000, 10_000, "starter"], (t, stripe) => {
    stripe.subscribe("starter");
    t.until(1);
    stripe.card = "declines";
    t.until(50);
    payOpen(stripe);
    t.until(55);
  }),
  history(
    "L4 declined upgrade keeps the paid plan",
    [2_900, 50_000, 50_000, "pro"],
    (t, stripe) => {
      const sub = stripe.subscribe("pro");
      t.until(5);
      stripe.card = "declines";
      stripe.change(sub, "business");
      t.until(20);
    },
  ),
  history(
    "L5 renewal declined, upgrade by new card, retries pay 29",
    [12_810, 250_178, 300_000, "business"],
    (t, stripe) => {
      const sub = stripe.subscribe("pro");
      t.until(1);
      stripe.card = "declines";
      t.until(31.1);
      stripe.card = "good";
      stripe.change(sub, "business");
      t.until(40);
    },
  ),
  history(
    "L6 follow-up subscription bought early",
    [10_800, 210_000, 255_000, "starter"],
    (t, stripe) => {
      const sub = stripe.subscribe("business");
      t.until(5);
      sub.cancelAtPeriodEnd = true;
      t.until(25);
      stripe.subscribe("starter");
      t.until(40);
    },
  ),
  history("L7 net 30 paid on day 29", [2_900, 150_000, 150_000, "pro"], (t, stripe) => {
    stripe.subscribe("pro", { netDays: 30 });
    t.until(29);
    payOpen(stripe);
    t.until(59.2);
  }),
  history(
    "L8 pro/year, declined change, dunning cancels (named)",
    [29_000, 150_000, 150_000, "free"],
    withDunning("cancel", (t, stripe) => {
      const sub = stripe.subscribe("pro", { interval: "year" });
      t.until(65);
      stripe.card = "declines";
      stripe.change(sub, "business", { interval: "year" });
      t.until(100);
    }),
  ),
  history("L9 used trial, then bought", [9_900, 210_000, 255_000, "business"], (t, stripe) => {
    const sub = stripe.subscribe("starter", { trialDays: 14 });
    t.until(5);
    stripe.change(sub, "business");
    t.until(20);
  }),
  history(
    "L12 bought again a day after a regular end",
    [19_800, 400_000, 500_000, "business"],
    (t, stripe) => {
      const sub = stripe.subscribe("business");
      t.until(5);
      sub.cancelAtPeriodEnd = true;
      t.until(32);
      stripe.subscribe("business");
      t.until(40);
    },
  ),
  history("L13 an invoice of 30 days", [1_800, 20_000, 10_000, "starter"], (t, stripe) => {
    stripe.subscribe("starter", { netDays: 30 });
    t.until(20);
    payOpen(stripe);
    t.until(50);
    payOpen(stripe);
    t.until(55);
  }),
];
