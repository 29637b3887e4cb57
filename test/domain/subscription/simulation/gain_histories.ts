import type { GreedyTenant } from "./greedy_tenant.ts";
import { first, type History, history, payOpen, type Script, withDunning } from "./history.ts";
import type { StripeModel } from "./stripe_model.ts";

const upgradeCreditsUnpaidRenewal: Script = (t, stripe) => {
  const sub = stripe.subscribe("pro");
  t.until(1);
  stripe.card = "declines";
  t.until(31.1);
  stripe.card = "good";
  stripe.change(sub, "business");
  stripe.card = "declines";
  t.until(75);
};

const declinedYearThenMonthOverNothing: Script = (t, stripe) => {
  const sub = stripe.subscribe("starter");
  t.until(5);
  stripe.card = "declines";
  stripe.change(sub, "pro", { interval: "year" });
  t.until(6);
  stripe.change(sub, "starter");
  t.until(75);
};

/** Attempts to get more than was paid for. */
export const GAIN_HISTORIES: readonly History[] = [
  history("G1 draft hour of a renewal", [9_900, 200_000, 250_000, "business"], (t, stripe) => {
    stripe.subscribe("business");
    t.until(31.02);
  }),
  history("G2 declined renewal + declined upgrade", [900, 10_000, 5_000, "free"], (t, stripe) => {
    const sub = stripe.subscribe("starter");
    t.until(1);
    stripe.card = "declines";
    t.until(32);
    stripe.change(sub, "business");
    t.until(45);
  }),
  ...(["past_due", "cancel", "unpaid"] as const).map((dunning) =>
    history(
      `G3 upgrade credits an unpaid renewal ${dunning}`,
      [9_910, 50_000, 50_000, "free"],
      withDunning(dunning, upgradeCreditsUnpaidRenewal),
    ),
  ),
  ...(["uncollectible", "past_due", "cancel", "unpaid"] as const).map((dunning) =>
    history(
      `G4 declined year then month over nothing ${dunning}`,
      [900, 10_000, 5_000, "free"],
      withDunning(dunning, declinedYearThenMonthOverNothing),
    ),
  ),
  history(
    "G4c after dunning, bought again by balance",
    [900, 10_000, 5_000, "free"],
    withDunning("cancel", (t, stripe) => {
      declinedYearThenMonthOverNothing(t, stripe);
      stripe.subscribe("pro");
      t.until(90);
    }),
  ),
  history(
    "G5 voided pending update then renewal declined",
    [900, 10_000, 5_000, "starter"],
    (t, stripe) => {
      const sub = stripe.subscribe("starter");
      t.until(5);
      stripe.card = "declines";
      stripe.change(sub, "pro", { behavior: "pending_if_incomplete" });
      t.until(40);
    },
  ),
  history("G5b applied change voided by operator", [900, 10_000, 5_000, "starter"], (t, stripe) => {
    const sub = stripe.subscribe("starter");
    t.until(5);
    stripe.card = "declines";
    const invoice = stripe.change(sub, "pro");
    t.until(6);
    if (invoice !== undefined) invoice.status = "void";
    t.until(20);
  }),
  history("G6d upgrade under pause (keep_as_draft)", [900, 10_000, 5_000, "free"], (t, stripe) => {
    const sub = stripe.subscribe("starter");
    t.until(5);
    sub.pauseCollection = "keep_as_draft";
    t.until(6);
    stripe.change(sub, "pro");
    t.until(40);
  }),
  history(
    "G7b business/month spent then pro/year",
    [29_319, 256_451, 258_064, "pro"],
    (t, stripe) => {
      const sub = stripe.subscribe("business");
      t.until(1);
      stripe.change(sub, "pro", { interval: "year" });
      t.until(130);
    },
  ),
  history("G8 two Checkouts, dearer refunded", [900, 10_000, 5_000, "starter"], twoCheckouts),
  history(
    "G8b ... then a declined upgrade of the one kept",
    [900, 10_000, 5_000, "starter"],
    (t, stripe) => {
      twoCheckouts(t, stripe);
      stripe.card = "declines";
      stripe.change(first(stripe), "pro");
      t.until(20);
    },
  ),
  history(
    "G8c ... then its renewal declined (grace)",
    [900, 10_000, 5_000, "starter"],
    (t, stripe) => {
      twoCheckouts(t, stripe);
      stripe.card = "declines";
      t.until(40);
    },
  ),
  history(
    "G8d first set to end, second paid and spent, first resumed",
    [10_800, 210_000, 255_000, "business"],
    (t, stripe) => {
      const sub = stripe.subscribe("starter");
      t.until(1);
      sub.cancelAtPeriodEnd = true;
      t.until(2);
      stripe.subscribe("business");
      t.until(3);
      sub.cancelAtPeriodEnd = false;
      t.until(10);
    },
  ),
  history(
    "G9 plan raised on day 27, unchanged anchor",
    [2_061, 34_516, 36_612, "business"],
    (t, stripe) => {
      const sub = stripe.subscribe("starter");
      t.until(27);
      stripe.change(sub, "business", { anchor: "unchanged" });
      t.until(30);
    },
  ),
  history(
    "G9c raised on day 1, first look on day 20",
    [9_610, 193_870, 242_096, "business"],
    (t, stripe) => {
      const sub = stripe.subscribe("starter");
      t.unseenUntil(1);
      stripe.change(sub, "business", { anchor: "unchanged" });
      t.unseenUntil(20);
      t.until(20);
    },
  ),
  history(
    "G10 unpaid; only the oldest paid",
    [19_800, 400_000, 500_000, "business"],
    withDunning("unpaid", (t, stripe) => {
      stripe.subscribe("business");
      t.until(1);
      stripe.card = "declines";
      t.until(63);
      payOpen(stripe);
      t.until(64);
    }),
  ),
  history(
    "G11 link confirmed inside the draft hour, card removed",
    [9_902, 50_000, 50_000, "free"],
    (t, stripe) => {
      const sub = stripe.subscribe("pro");
      t.until(31.02);
      stripe.change(sub, "business");
      stripe.card = "declines";
      t.until(60);
    },
  ),
  history(
    "G12 two links: declined renewal credited by A, A credited by B",
    [99_035, 200_000, 250_000, "free"],
    (t, stripe) => {
      const sub = stripe.subscribe("business");
      t.until(1);
      stripe.card = "declines";
      t.until(31.1);
      stripe.card = "good";
      stripe.change(sub, "business", { interval: "year" });
      t.until(31.2);
      stripe.change(sub, "pro");
      stripe.card = "declines";
      t.until(75);
    },
  ),
  history(
    'G13 link confirmed after a declined renewal: "attempted, active"',
    [2_903, 10_000, 5_000, "free"],
    (t, stripe) => {
      const sub = stripe.subscribe("starter");
      t.until(1);
      stripe.card = "declines";
      t.until(31.1);
      stripe.card = "good";
      stripe.change(sub, "pro");
      stripe.card = "declines";
      t.until(60);
    },
  ),
  history("O2 look 19 days late", [9_994, 201_612, 251_612, "business"], (t, stripe) => {
    const sub = stripe.subscribe("pro");
    t.until(0);
    t.unseenUntil(1);
    stripe.change(sub, "business");
    t.unseenUntil(20);
    t.until(20);
  }),
];

function twoCheckouts(t: GreedyTenant, stripe: StripeModel): void {
  stripe.subscribe("starter");
  t.until(0.01);
  stripe.subscribe("business");
  t.until(5);
}
