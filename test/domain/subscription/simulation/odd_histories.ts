import { type History, history, withDunning } from "./history.ts";

/** What else Stripe lets happen. */
export const ODD_HISTORIES: readonly History[] = [
  history(
    "N1 second Checkout by bank debit fails beside a paid year",
    [29_000, 100_000, 100_000, "pro"],
    (t, stripe) => {
      stripe.subscribe("pro", { interval: "year" });
      t.until(10);
      stripe.card = "debit_fails";
      stripe.subscribe("business");
      t.until(45);
    },
  ),
  history(
    "N2 renewal by bank debit that will fail (lent)",
    [9_900, 400_000, 500_000, "business"],
    (t, stripe) => {
      stripe.subscribe("business");
      t.until(1);
      stripe.card = "debit_fails";
      t.until(40);
    },
  ),
  history("N5 first look in grace (d40)", [2_900, 50_000, 50_000, "pro"], (t, stripe) => {
    stripe.subscribe("pro");
    stripe.card = "declines";
    t.unseenUntil(40);
    t.until(40);
  }),
  history(
    "N7 short first period of 5 days",
    [1_950, 21_666, 10_833, "starter"],
    (t, stripe) => {
      stripe.subscribe("starter", { firstDays: 5 });
      t.until(41);
    },
    "2027-04-26T00:00:00Z",
  ),
  history(
    "N8 year from leap day, two years",
    [87_000, 1_300_000, 1_300_000, "pro"],
    (t, stripe) => {
      stripe.subscribe("pro", { interval: "year" });
      t.until(765);
    },
    "2028-02-29T00:00:00Z",
  ),
  history(
    "N8b monthly from 31 January",
    [20_300, 350_000, 350_000, "pro"],
    (t, stripe) => {
      stripe.subscribe("pro");
      t.until(191);
    },
    "2027-01-31T00:00:00Z",
  ),
  history(
    "N9 reservation released after a change",
    [99_319, 206_451, 258_064, "business"],
    (t, stripe) => {
      const sub = stripe.subscribe("business");
      t.until(0);
      const held = t.usage.tokens.current ?? "";
      t.until(1);
      stripe.change(sub, "business", { interval: "year" });
      t.until(3);
      t.release("tokens", held, 50_000);
      t.release("emails", held, 50_000);
      t.until(20);
    },
  ),
  history(
    "N10 declined change voided by operator, credited by the next",
    [70_900, 10_000, 5_000, "starter"],
    (t, stripe) => {
      const sub = stripe.subscribe("starter");
      t.until(5);
      stripe.card = "declines";
      const declined = stripe.change(sub, "pro", { interval: "year" });
      if (declined !== undefined) declined.status = "void";
      stripe.card = "good";
      stripe.change(sub, "business", { interval: "year" });
      t.until(20);
    },
  ),
  history(
    "N11 renewal marked uncollectible, subscription active (Stripe docs)",
    [9_900, 200_000, 250_000, "business"],
    (t, stripe) => {
      const sub = stripe.subscribe("business");
      t.until(1);
      stripe.card = "declines";
      t.until(33);
      const renewal = stripe.invoices.at(-1);
      if (renewal !== undefined) renewal.status = "uncollectible";
      sub.status = "active";
      t.until(40);
    },
  ),
  history("N13 net-30 first payment overdue", [0, 10_000, 5_000, "free"], (t, stripe) => {
    stripe.subscribe("starter", { netDays: 30 });
    t.until(45);
  }),
  history(
    "N15 dunning marks uncollectible and Stripe sets active, 4 months",
    [9_900, 200_000, 250_000, "free"],
    withDunning("uncollectible", (t, stripe) => {
      stripe.subscribe("business");
      t.until(1);
      stripe.card = "declines";
      t.until(130);
    }),
  ),
  history(
    "N17 renewal paid and plan raised (unchanged anchor) on day 20 before a look",
    [4_372, 74_285, 80_000, "business"],
    (t, stripe) => {
      const sub = stripe.subscribe("starter");
      t.until(0);
      t.unseenUntil(51);
      stripe.change(sub, "business", { anchor: "unchanged" });
      t.until(51);
    },
  ),
];
