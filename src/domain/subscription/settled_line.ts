import type { Catalog } from "../catalog/catalog.ts";
import type { Period } from "./billing_period.ts";
import {
  type CustomerSnapshot,
  creditsTime,
  oldestFirst,
  type SnapshotInvoice,
  type SnapshotLine,
  type SnapshotSubscription,
} from "./customer_snapshot.ts";
import { billingCause, billsPlan, chargedPlan, type PlanItem, pricedPlan } from "./plan_item.ts";
import { isPaidTooLate, type Settlement, type Settlements } from "./settlement.ts";

const HOUR_MS = 3_600_000;

/**
 * A plan's time that something backs, as stored with the account. The first group was settled by
 * invoices. `pending` (a change that no invoice bills yet, or a renewal that is owed) counts in good standing
 * and in grace; `running` (the plan item's current period if no invoice opened it) only in good
 * standing.
 */
export interface SettledLine {
  readonly basis: "paid" | "waived" | "lent" | "pending" | "running";
  /** For `lent`: until when it counts; `null` while the bank debit is being processed. */
  readonly lentUntil: Date | null;
  readonly planSlug: string;
  readonly period: Period;
  /** Whether it opens a period or raises the plan within the current one. */
  readonly opens: boolean;
  /** When the unused time of an earlier period began to be credited by whatever opened this one. */
  readonly creditedFrom: Date | null;
  readonly trial: boolean;
  readonly settledAt: Date;
}

/** Collects a subscription's settled time, oldest first. */
export function settledLines(
  subscription: SnapshotSubscription,
  snapshot: CustomerSnapshot,
  {
    catalog,
    settled,
    plan,
  }: {
    catalog: Catalog;
    settled: Settlements;
    plan: PlanItem | undefined;
  },
): SettledLine[] {
  const all = oldestFirst(snapshot.invoices).filter(
    ({ subscriptionId }) => subscriptionId === subscription.id,
  );
  const lines: SettledLine[] = [];
  let waiting: SnapshotLine[] = [];
  const given = all.filter((one) => !isPaidTooLate(one, subscription));
  for (const invoice of given.filter((one) => billsPlan(one, catalog))) {
    const settlement = settled.of.get(invoice.id);
    if (settlement !== undefined && settlement.type !== "unsettled") {
      lines.push(...linesOf(invoice, { settlement, running: lines, subscription, catalog }));
      waiting = [];
    } else if (billingCause(invoice) === "renewal") {
      // Changes that waited for an invoice, and now wait for its payment.
      waiting.push(...invoice.lines);
    }
  }
  const own = snapshot.pendingLines.filter(
    ({ subscriptionId }) => subscriptionId === subscription.id,
  );
  lines.push(...pendingLines([...waiting, ...own], { running: lines, catalog }));
  if (plan !== undefined && !isOpened(lines, plan.item.period)) {
    const opener = all.findLast(
      (invoice) =>
        billsPlan(invoice, catalog) &&
        invoice.lines.some(
          (line) =>
            chargedPlan(line, catalog) !== undefined &&
            +line.period.start === +plan.item.period.start,
        ),
    );
    lines.push({
      basis: "running",
      lentUntil: null,
      planSlug: plan.plan.slug,
      period: plan.item.period,
      opens: true,
      creditedFrom: creditStart(opener?.lines ?? own, { charges: [], catalog }),
      trial: isTrial(plan.item.period, subscription),
      settledAt: plan.item.period.start,
    });
  }
  return lines;
}

/**
 * Whether a settled line opened a period. Openings within an hour are the same: one second more or
 * less must not begin a month. An item that replaced another has the rest of the running period.
 */
function isOpened(lines: readonly SettledLine[], { start, end }: Period): boolean {
  const running = lines.findLast(({ opens }) => opens)?.period;
  const isRest = running !== undefined && running.start <= start && +running.end === +end;
  return (
    isRest || lines.some(({ opens, period }) => opens && Math.abs(+period.start - +start) < HOUR_MS)
  );
}

function linesOf(
  invoice: SnapshotInvoice,
  {
    settlement,
    running,
    subscription,
    catalog,
  }: {
    settlement: Exclude<Settlement, { type: "unsettled" }>;
    running: readonly SettledLine[];
    subscription: SnapshotSubscription;
    catalog: Catalog;
  },
): SettledLine[] {
  const charges = invoice.lines.flatMap((line) => {
    const plan = chargedPlan(line, catalog);
    return plan === undefined ? [] : [{ line, plan }];
  });
  const within = charges.filter(
    ({ line }) => billingCause(invoice) !== "first" && isWithin(line, running),
  );
  const [opener] = charges
    .filter((charge) => !within.includes(charge))
    .toSorted((a, b) => b.plan.rank - a.plan.rank || +b.line.period.end - +a.line.period.end);
  const common = {
    basis: settlement.type,
    lentUntil: settlement.type === "lent" ? settlement.until : null,
    settledAt: invoice.paidAt ?? invoice.finalizedAt ?? invoice.createdAt,
  } as const;
  const raises = within
    .toSorted((a, b) => +a.line.period.start - +b.line.period.start)
    .map(({ line, plan }) => ({
      ...common,
      planSlug: plan.slug,
      period: line.period,
      opens: false,
      creditedFrom: null,
      trial: false,
    }));
  if (opener === undefined) {
    return raises;
  }
  const { line, plan } = opener;
  const charged = within.map((charge) => charge.line);
  return [
    ...raises,
    {
      ...common,
      planSlug: plan.slug,
      period: line.period,
      opens: true,
      creditedFrom: creditStart(invoice.lines, { charges: charged, catalog }),
      trial: line.amount === 0 && isTrial(line.period, subscription),
    },
  ];
}

function pendingLines(
  own: readonly SnapshotLine[],
  { running, catalog }: { running: readonly SettledLine[]; catalog: Catalog },
): SettledLine[] {
  return own.flatMap((line): SettledLine[] => {
    const plan = chargedPlan(line, catalog);
    return plan === undefined || !isWithin(line, running)
      ? []
      : [
          {
            basis: "pending",
            lentUntil: null,
            planSlug: plan.slug,
            period: line.period,
            opens: false,
            creditedFrom: null,
            trial: false,
            settledAt: line.period.start,
          },
        ];
  });
}

/**
 * A charge for the rest of the current period, which moves no month. One that ends earlier is for a
 * shorter interval and opens a period of its own.
 */
function isWithin({ proration, period }: SnapshotLine, lines: readonly SettledLine[]): boolean {
  const running = lines.findLast(({ opens }) => opens)?.period;
  return (
    proration &&
    running !== undefined &&
    running.start <= period.start &&
    +period.end === +running.end
  );
}

/**
 * Finds where credited time begins that no other charge for the rest of the same period takes up
 * again.
 */
function creditStart(
  lines: readonly SnapshotLine[],
  { charges, catalog }: { charges: readonly SnapshotLine[]; catalog: Catalog },
): Date | null {
  const starts = lines
    .filter((line) => creditsTime(line) && pricedPlan(line, catalog) !== undefined)
    .map(({ period }) => period.start)
    .filter((start) => !charges.some(({ period }) => +period.start === +start));
  return starts.toSorted((a, b) => +a - +b)[0] ?? null;
}

function isTrial({ start, end }: Period, { trialEnd }: SnapshotSubscription): boolean {
  return trialEnd !== null && start < trialEnd && end <= trialEnd;
}
