import { type Fault, GreedyTenant } from "./greedy_tenant.ts";
import type { Dunning, StripeModel } from "./stripe_model.ts";

/** What a history comes to, where the rule holds. */
export interface History {
  readonly name: string;
  /** Minor units. */
  readonly paid: number;
  readonly tokens: number;
  readonly emails: number;
  readonly plan: string;
  readonly play: (fault?: Fault) => GreedyTenant;
}

type Script = (tenant: GreedyTenant, stripe: StripeModel) => void;

/** A history with what it comes to: paid, tokens and e-mails used, the plan in the end. */
export function history(
  name: string,
  [paid, tokens, emails, plan]: [number, number, number, string],
  script: Script,
  start?: string,
): History {
  return {
    ...{ name, paid, tokens, emails, plan },
    play: (fault) => {
      const tenant = new GreedyTenant(start, fault);
      script(tenant, tenant.stripe);
      return tenant;
    },
  };
}

function withDunning(dunning: Dunning, script: Script): Script {
  return (tenant, stripe) => {
    stripe.dunning = dunning;
    script(tenant, stripe);
  };
}

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

const G: readonly History[] = [
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

const L: readonly History[] = [
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

const N: readonly History[] = [
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

/** Histories of tenants and operators, with what attackers have got out of earlier rules. */
export const HISTORIES: readonly History[] = [...G, ...L, ...N];

function twoCheckouts(t: GreedyTenant, stripe: StripeModel): void {
  stripe.subscribe("starter");
  t.until(0.01);
  stripe.subscribe("business");
  t.until(5);
}

/** The first subscription that was bought. */
export function first(stripe: StripeModel) {
  const [subscription] = stripe.subscriptions;
  if (subscription === undefined) {
    throw new TypeError("no subscription");
  }
  return subscription;
}

/** Pays the oldest open invoice. */
export function payOpen(stripe: StripeModel): void {
  const open = stripe.invoices.find(({ status }) => status === "open");
  if (open === undefined) {
    throw new TypeError("nothing is open");
  }
  stripe.pay(open);
}
