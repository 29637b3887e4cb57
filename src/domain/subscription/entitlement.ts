import { type Catalog, findPlan, freePlan, type Plan } from "../catalog/catalog.ts";
import { isBefore } from "../instants.ts";
import type { Debt } from "./debts.ts";
import { freeMonth, type Month } from "./month.ts";
import { monthsOf } from "./months_of.ts";
import type { SettledLine } from "./settled_line.ts";
import type { Standing, StandingSubscription } from "./standing.ts";

const DAY_MS = 86_400_000;

/**
 * Why a tenant may use what it may use. The first that applies, from the top, decides.
 *
 * - `not_subscribed`: there is no subscription, or its status gives nothing.
 * - `first_payment_owed`: nothing was ever paid for it.
 * - `change_owed`: what was settled before holds until its period ends, without grace.
 * - `no_plan_item`: it has no price of a plan (P41).
 * - `renewal_in_grace`: the settled plan and the last month continue (P36).
 * - `renewal_overdue`: the grace period is over.
 * - `in_good_standing`: the plan and period of the plan item hold.
 */
export const ENTITLEMENT_REASONS = [
  "not_subscribed",
  "first_payment_owed",
  "change_owed",
  "no_plan_item",
  "renewal_in_grace",
  "renewal_overdue",
  "in_good_standing",
] as const;

/** Which rule decides what a tenant may use. */
export type EntitlementReason = (typeof ENTITLEMENT_REASONS)[number];

/** What a tenant may use at one moment, and why. */
export interface Entitlement {
  readonly reason: EntitlementReason;
  /** The plan whose limits apply. */
  readonly plan: Plan;
  /** The month that uses count in. */
  readonly month: Month;
  /** Whether the last begun month of the subscription continues, even if it is a later one. */
  readonly goesOn: boolean;
  /** All settled months of the current subscription in order: past, current and future. */
  readonly months: readonly Month[];
  /**
   * Whether the subscription is live. The months of one that is not are never made good unasked.
   */
  readonly subscriptionLives: boolean;
  /** What the tenant owes now, oldest first. */
  readonly owed: readonly Debt[];
  /** When limits drop, or have dropped, because of an unpaid renewal; `null` if none is owed. */
  readonly graceEndsAt: Date | null;
  /** When the decision changes although nothing happens at Stripe; `null` if it does not. */
  readonly changesAt: Date | null;
}

/** When to decide. */
interface EntitlementQuestion {
  readonly now: Date;
  /** Days that the plan continues while a renewal is owed (P36). */
  readonly graceDays: number;
}

/** A decision, and what it follows from beside the standing. */
interface Decided extends EntitlementQuestion {
  readonly catalog: Catalog;
  readonly entitled: Entitlement;
}

/** What was decided last of a standing, which never changes. */
const decisions = new WeakMap<Standing, Decided>();

/**
 * Decides what a tenant may use at `now`: plan, month and allowance, with the debts and the reason.
 * The same is not decided again before it changes.
 */
export function entitlement(
  standing: Standing,
  catalog: Catalog,
  { now, graceDays }: EntitlementQuestion,
): Entitlement {
  const known = decisions.get(standing);
  if (known?.catalog === catalog && known.graceDays === graceDays && holdsAt(known, now)) {
    return known.entitled;
  }
  const entitled = decide(standing, catalog, { now, graceDays });
  decisions.set(standing, { catalog, graceDays, now, entitled });
  return entitled;
}

function holdsAt({ now: since, entitled: { changesAt } }: Decided, now: Date): boolean {
  return !isBefore(now, since) && (changesAt === null || isBefore(now, changesAt));
}

function decide(
  standing: Standing,
  catalog: Catalog,
  { now, graceDays }: EntitlementQuestion,
): Entitlement {
  const { subscription } = standing;
  const owed = standing.debts.filter(({ from }) => from === null || from <= now);
  const renewal = owed
    .filter(({ cause }) => cause === "renewal")
    .toSorted((a, b) => +a.since - +b.since)[0];
  const graceEndsAt = renewal ? new Date(+renewal.since + graceDays * DAY_MS) : null;
  const settled = waivedCapped(
    standing.lines.filter((line) => isSettledAt(line, now)),
    catalog,
  );
  const free = freeMonth(catalog, now);
  const months = monthsOf(sourceOf(subscription, catalog, settled));
  const common = {
    owed,
    graceEndsAt,
    subscriptionLives: subscription !== null && subscription.endedAt === null,
  };
  const freeUntilPaid = (reason: EntitlementReason): Entitlement =>
    decided({ ...common, reason, plan: freePlan(catalog), month: free, goesOn: false, months });
  const settledUntil = (
    reason: EntitlementReason,
    { goesOn, months: all }: Pick<Entitlement, "goesOn" | "months">,
  ): Entitlement => {
    const month = monthAt(all, now);
    const slug = settled.at(-1)?.planSlug;
    const plan = slug === undefined ? undefined : findPlan(catalog, slug);
    return month === undefined || plan === undefined
      ? freeUntilPaid(reason)
      : decided({ ...common, reason, plan, month, goesOn, months: all });
  };
  const decided = (one: Omit<Entitlement, "changesAt">): Entitlement => ({
    ...one,
    changesAt: nextChange(one, standing, now),
  });

  if (subscription === null || !hasGoodStatus(subscription)) {
    return freeUntilPaid("not_subscribed");
  }
  if (owed.some(({ cause }) => cause === "first")) {
    return freeUntilPaid("first_payment_owed");
  }
  if (owed.some(({ cause }) => cause === "change")) {
    const end = settled.at(-1)?.period.end;
    return end !== undefined && now < end
      ? settledUntil("change_owed", { goesOn: false, months })
      : freeUntilPaid("change_owed");
  }
  const { item } = subscription;
  const plan = item === null ? undefined : findPlan(catalog, item.planSlug);
  if (item === null || plan === undefined) {
    return freeUntilPaid("no_plan_item");
  }
  if (graceEndsAt !== null) {
    const raised = standing.lines.filter(
      (line) => isSettledAt(line, now) || line.basis === "pending",
    );
    const last = monthsOf(sourceOf(subscription, catalog, waivedCapped(raised, catalog)));
    return now < graceEndsAt
      ? settledUntil("renewal_in_grace", { goesOn: true, months: last })
      : freeUntilPaid("renewal_overdue");
  }
  const isGranted = subscription.collectionPaused || settled.at(-1)?.basis === "waived";
  const cap = isGranted ? lastPaid(settled, catalog) : undefined;
  const running = standing.lines
    .filter(
      (line) => isSettledAt(line, now) || line.basis === "pending" || line.basis === "running",
    )
    .map((line) =>
      line.basis === "pending" || line.basis === "running" ? capped(line, cap, catalog) : line,
    );
  const all = monthsOf(sourceOf(subscription, catalog, waivedCapped(running, catalog)));
  return decided({
    ...common,
    reason: "in_good_standing",
    plan: cap !== undefined && cap.rank < plan.rank ? cap : plan,
    month: monthAt(all, now) ?? free,
    goesOn: false,
    months: all,
  });
}

function hasGoodStatus({ status }: StandingSubscription): boolean {
  return status === "active" || status === "trialing" || status === "past_due";
}

function isSettledAt({ basis, lentUntil }: SettledLine, now: Date): boolean {
  switch (basis) {
    case "paid":
    case "waived":
      return true;
    case "lent":
      return lentUntil === null || now < lentUntil;
    case "pending":
    case "running":
      return false;
    default:
      return basis satisfies never;
  }
}

/** The plan of the last settled payment. Granted time never exceeds it. */
function lastPaid(settled: readonly SettledLine[], catalog: Catalog): Plan {
  const paid = settled.findLast(({ basis }) => basis === "paid");
  return (paid && findPlan(catalog, paid.planSlug)) ?? freePlan(catalog);
}

/** Limits waived time to the last plan paid before it. */
function waivedCapped(lines: readonly SettledLine[], catalog: Catalog): SettledLine[] {
  return lines.map((line, index) =>
    line.basis === "waived"
      ? capped(line, lastPaid(lines.slice(0, index), catalog), catalog)
      : line,
  );
}

function capped(line: SettledLine, cap: Plan | undefined, catalog: Catalog): SettledLine {
  const plan = findPlan(catalog, line.planSlug);
  const isTooHigh = cap !== undefined && plan !== undefined && cap.rank < plan.rank;
  return isTooHigh ? { ...line, planSlug: cap.slug } : line;
}

function sourceOf(
  subscription: StandingSubscription | null,
  catalog: Catalog,
  lines: readonly SettledLine[],
) {
  return {
    subscriptionId: subscription?.id ?? "",
    billingCycleAnchor: subscription?.billingCycleAnchor ?? new Date(0),
    endedAt: subscription?.endedAt ?? null,
    lines,
    catalog,
  };
}

/** Finds the month of a moment: the first before all, the last after all. */
function monthAt(months: readonly Month[], now: Date): Month | undefined {
  return months.findLast(({ start }) => start <= now) ?? months[0];
}

function nextChange(
  { month, graceEndsAt, months }: Omit<Entitlement, "changesAt">,
  { debts, lines }: Standing,
  now: Date,
): Date | null {
  const dates = [
    month.over,
    graceEndsAt,
    ...debts.map(({ from }) => from),
    ...lines.flatMap(({ lentUntil, period }) => [lentUntil, period.end]),
    months.find(({ start }) => now < start)?.start ?? null,
  ];
  const later = dates.flatMap((date) => (date !== null && now < date ? date : []));
  return later.toSorted((a, b) => +a - +b)[0] ?? null;
}
