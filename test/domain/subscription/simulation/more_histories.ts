import { first, type History, history, payOpen } from "./history.ts";

/** Holes that were closed, beyond the histories whose figures are known from elsewhere. */
export const MORE_HISTORIES: readonly History[] = [
  history(
    "business and pro by turns, monthly and yearly",
    [29_603, 211_287, 262_900, "pro"],
    (t, stripe) => {
      const sub = stripe.subscribe("business");
      t.until(1);
      stripe.change(sub, "pro", { interval: "year" });
      t.until(2);
      stripe.change(sub, "pro");
      t.until(3);
      stripe.change(sub, "pro", { interval: "year" });
      t.until(4);
      stripe.change(sub, "business");
      t.until(4.1);
      stripe.change(sub, "pro", { interval: "year" });
      t.until(20);
    },
  ),
  // The paused time is a gift, in the plan that was paid: five days of it are in the first month.
  history(
    "upgrade under a pause that is then lifted",
    [900, 11_612, 5_806, "starter"],
    (t, stripe) => {
      const sub = stripe.subscribe("starter");
      t.until(5);
      sub.pauseCollection = "mark_uncollectible";
      stripe.change(sub, "business");
      t.until(6);
      sub.pauseCollection = null;
      t.until(20);
    },
  ),
  history(
    "raised and lowered three times in one month",
    [7_641, 151_612, 185_483, "business"],
    (t, stripe) => {
      const sub = stripe.subscribe("pro");
      t.until(10);
      for (const day of [10, 12, 14]) {
        t.until(day);
        stripe.change(sub, "business", { anchor: "unchanged" });
        t.until(day + 1);
        stripe.change(sub, "pro", { anchor: "unchanged" });
      }
      t.until(16);
      stripe.change(sub, "business", { anchor: "unchanged" });
      t.until(20);
    },
  ),
  history(
    "two renewals paid in the wrong order",
    [2_700, 30_000, 10_000, "starter"],
    (t, stripe) => {
      stripe.subscribe("starter");
      t.until(1);
      stripe.card = "declines";
      t.until(61);
      const newest = stripe.invoices.at(-1);
      if (newest !== undefined) stripe.pay(newest);
      t.until(62);
      payOpen(stripe);
      t.until(63);
    },
  ),
  history(
    "a dearer plan in processing beside a paid one",
    [12_800, 250_000, 300_000, "business"],
    (t, stripe) => {
      stripe.subscribe("pro");
      t.until(3);
      first(stripe).cancelAtPeriodEnd = true;
      stripe.card = "debit_succeeds";
      stripe.subscribe("business");
      t.until(20);
    },
  ),
  history(
    "three renewals whose webhooks were lost",
    [2_700, 30_000, 10_000, "starter"],
    (t, stripe) => {
      stripe.subscribe("starter");
      t.until(1);
      t.unseenUntil(62);
      t.until(62);
    },
  ),
  history("collection paused by the operator", [900, 30_000, 15_000, "starter"], (t, stripe) => {
    const sub = stripe.subscribe("starter");
    t.until(5);
    sub.pauseCollection = "void";
    t.until(62);
  }),
  history("two changes in one second", [9_903, 200_032, 250_016, "business"], (t, stripe) => {
    const sub = stripe.subscribe("starter");
    t.until(0.1);
    stripe.change(sub, "starter", { interval: "year" });
    t.look();
    stripe.change(sub, "business");
    t.until(31.12);
  }),
  history("three changes in one second", [9_000, 50_000, 50_000, "starter"], (t, stripe) => {
    const sub = stripe.subscribe("starter");
    t.look(5);
    stripe.change(sub, "pro");
    t.look(5);
    stripe.change(sub, "starter", { interval: "year" });
    t.until(31.02);
  }),
];
