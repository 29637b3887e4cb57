import type { Catalog } from "../catalog/catalog.ts";
import {
  type BillingAccount,
  type Ending,
  type EndingRefund,
  isEnded,
  type Redaction,
} from "./billing_account.ts";
import {
  type CustomerSnapshot,
  chargedPerUnit,
  type SnapshotSubscription,
} from "./customer_snapshot.ts";
import { chargedPlan, planItem } from "./plan_item.ts";
import { isLive, scheduledEnd } from "./subscription.ts";

/** How an operator wants a tenant to end. */
export interface EndingWish {
  readonly when: "now" | "period_end";
  /** Whether the unused share of the last paid plan line is given back; only with `now`. */
  readonly refund: boolean;
  /** `null`: the customer stays as it is. */
  readonly redact: Redaction | null;
}

/** What ending a tenant comes to. */
export interface EndingPlan {
  readonly ending: Ending;
  /** Live subscriptions that end. */
  readonly subscriptionIds: readonly string[];
  /** Whether it ends at once, and not with its period. */
  readonly endsNow: boolean;
  /** Whether it had ended before. */
  readonly wasEnded: boolean;
}

/**
 * Decides how a tenant ends (P44). One that has ended keeps its end and its refund, so that a
 * repetition changes nothing; its customer can still be emptied or deleted.
 *
 * @param snapshot `null` for a tenant without a customer
 */
export function endingPlan(
  account: BillingAccount,
  snapshot: CustomerSnapshot | null,
  { catalog, wish, now }: { catalog: Catalog; wish: EndingWish; now: Date },
): EndingPlan {
  const live = liveSubscriptions(account, snapshot, catalog);
  const subscriptionIds = live.map(({ id }) => id);
  const { ending } = account;
  if (ending !== null && isEnded(account, now)) {
    const redact = [ending.redact, wish.redact].includes("delete")
      ? "delete"
      : (ending.redact ?? wish.redact);
    return { ending: { ...ending, redact }, subscriptionIds, endsNow: true, wasEnded: true };
  }
  const { when, redact } = wish;
  const at = when === "now" ? now : periodEnd(live, catalog, now);
  const refund =
    wish.refund && when === "now" ? unusedShare(live, snapshot, { catalog, now }) : null;
  const endsNow = at <= now;
  return { ending: { at, when, refund, redact }, subscriptionIds, endsNow, wasEnded: false };
}

/**
 * Lists what the tenant has resumed at the provider, although it ends with the period: it would pay
 * for what gives it nothing.
 */
export function resumedSubscriptions(
  account: BillingAccount,
  snapshot: CustomerSnapshot,
  { catalog, now }: { catalog: Catalog; now: Date },
): readonly string[] {
  if (account.ending === null || isEnded(account, now)) {
    return [];
  }
  return liveSubscriptions(account, snapshot, catalog)
    .filter((one) => {
      const item = planItem(one, catalog)?.item;
      const runs = one.status === "active" || one.status === "trialing";
      return runs && item !== undefined && scheduledEnd(one, item.period) === null;
    })
    .map(({ id }) => id);
}

function liveSubscriptions(
  { tenantId }: BillingAccount,
  snapshot: CustomerSnapshot | null,
  catalog: Catalog,
): readonly SnapshotSubscription[] {
  return (snapshot?.subscriptions ?? []).filter(
    (one) =>
      isLive(one.status) && (one.tenantId === tenantId || planItem(one, catalog) !== undefined),
  );
}

function periodEnd(live: readonly SnapshotSubscription[], catalog: Catalog, now: Date): Date {
  const ends = live.map((one) => planItem(one, catalog)?.item.period.end ?? now);
  return new Date(Math.max(+now, ...ends.map(Number)));
}

/**
 * The unused share of the plan line that ends last among those paid for in money, after the discount
 * and with the tax of its invoice, rounded down.
 */
function unusedShare(
  live: readonly SnapshotSubscription[],
  snapshot: CustomerSnapshot | null,
  { catalog, now }: { catalog: Catalog; now: Date },
): EndingRefund | null {
  const paid = (snapshot?.invoices ?? []).filter(
    ({ status, amountPaid, subscriptionId }) =>
      status === "paid" && amountPaid > 0 && live.some(({ id }) => id === subscriptionId),
  );
  const shares = paid.flatMap((invoice) =>
    invoice.lines
      .filter((line) => chargedPlan(line, catalog) !== undefined && line.period.end > now)
      .map((line) => ({ invoice, line })),
  );
  const last = shares.toSorted(
    (a, b) =>
      +a.line.period.end - +b.line.period.end || +a.invoice.createdAt - +b.invoice.createdAt,
  );
  const found = last.at(-1);
  if (found === undefined) {
    return null;
  }
  const { invoice, line } = found;
  const { start, end } = line.period;
  const unused = (+end - Math.max(+now, +start)) / (+end - +start);
  const share = Math.floor(line.amount * chargedPerUnit(invoice) * unused);
  const amount = Math.min(share, invoice.amountPaid);
  return amount > 0 ? { invoiceId: invoice.id, amount, currency: invoice.currency } : null;
}
