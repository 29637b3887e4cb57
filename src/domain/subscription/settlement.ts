import type { Catalog } from "../catalog/catalog.ts";
import {
  type CustomerSnapshot,
  creditsTime,
  oldestFirst,
  paidByBalance,
  type SnapshotInvoice,
  type SnapshotLine,
  type SnapshotSubscription,
} from "./customer_snapshot.ts";
import { billingCause, chargedPlan } from "./plan_item.ts";

/**
 * What backs the time that an invoice charges for.
 *
 * - `paid`: money, or a balance that somebody paid for, or the invoice is over nothing.
 * - `waived`: the operator voided or forgave a renewal.
 * - `lent`: it counts as settled until a date or, if that is `null`, until the bank debit in
 *   processing fails.
 * - `unsettled`: nothing.
 */
export type Settlement =
  | { readonly type: "paid" | "waived" }
  | { readonly type: "unsettled" }
  | { readonly type: "lent"; readonly until: Date | null };

/** The settlement of each of a customer's invoices. */
export interface Settlements {
  /** By invoice id. */
  readonly of: ReadonlyMap<string, Settlement>;
  /** Invoices whose time was credited although nobody paid for it (P41). */
  readonly creditedUnpaid: readonly string[];
}

/** The settlement of an invoice that nothing backs. */
export const UNSETTLED: Settlement = { type: "unsettled" };

/**
 * Decides what is settled, oldest invoice first. An invoice that credits time nobody has paid for
 * does not settle. From then on nothing settles by balance or by being over nothing, because the
 * balance may be that credit.
 */
export function settlements(snapshot: CustomerSnapshot, catalog: Catalog): Settlements {
  const invoices = oldestFirst(snapshot.invoices);
  const of = new Map<string, Settlement>();
  const creditedUnpaid = new Set<string>();
  for (const [index, invoice] of invoices.entries()) {
    const owner = snapshot.subscriptions.find(({ id }) => id === invoice.subscriptionId);
    const earlier = invoices.slice(0, index);
    const credited = invoice.lines
      .filter(creditsTime)
      .flatMap((line) => creditedInvoices(line, earlier, { of: invoice, catalog }));
    const credits = credited.map((id) => of.get(id) ?? UNSETTLED);
    for (const id of credited.filter((one) => (of.get(one) ?? UNSETTLED).type === "unsettled")) {
      creditedUnpaid.add(id);
    }
    const own = ownSettlement(invoice, {
      owner,
      isNewest: isNewestFinalised(invoice, invoices),
      cleanBalance: creditedUnpaid.size === 0,
    });
    of.set(invoice.id, own.type === "unsettled" ? own : weakest([own, ...credits]));
  }
  return { of, creditedUnpaid: [...creditedUnpaid] };
}

/**
 * Finds the invoices whose time a line credits: as the line says, or else the newest one that
 * covers it.
 */
function creditedInvoices(
  line: SnapshotLine,
  earlier: readonly SnapshotInvoice[],
  { of, catalog }: { of: SnapshotInvoice; catalog: Catalog },
): readonly string[] {
  if (line.credited.length > 0) {
    return [...new Set(line.credited.map(({ invoiceId }) => invoiceId))];
  }
  const subscriptionId = line.subscriptionId ?? of.subscriptionId;
  const { start } = line.period;
  const covering = earlier.findLast(
    (invoice) =>
      invoice.subscriptionId === subscriptionId &&
      invoice.lines.some(
        (charge) =>
          chargedPlan(charge, catalog) !== undefined &&
          charge.period.start <= start &&
          start < charge.period.end,
      ),
  );
  return covering === undefined ? [] : [covering.id];
}

function ownSettlement(
  invoice: SnapshotInvoice,
  {
    owner,
    isNewest,
    cleanBalance,
  }: { owner: SnapshotSubscription | undefined; isNewest: boolean; cleanBalance: boolean },
): Settlement {
  const { status, total } = invoice;
  const isRenewal = billingCause(invoice) === "renewal";
  if (isForgiven(invoice, owner) || status === "void") {
    return isRenewal ? { type: "waived" } : UNSETTLED;
  }
  if (status === "uncollectible") {
    return UNSETTLED;
  }
  if (total <= 0) {
    return cleanBalance ? { type: "paid" } : UNSETTLED;
  }
  if (status === "paid") {
    return cleanBalance || paidByBalance(invoice) === 0 ? { type: "paid" } : UNSETTLED;
  }
  if (status === "open") {
    const inProcessing = isRenewal && invoice.attempted && isNewest && owner?.status === "active";
    if (inProcessing || invoice.dueAt !== null) {
      return { type: "lent", until: inProcessing ? null : invoice.dueAt };
    }
  }
  return UNSETTLED;
}

/** Whether an invoice was paid after its subscription had ended: that gives nothing (P41). */
export function isPaidTooLate(
  { paidAt }: Pick<SnapshotInvoice, "paidAt">,
  owner: SnapshotSubscription | undefined,
): boolean {
  const endedAt = owner?.endedAt ?? null;
  return paidAt !== null && endedAt !== null && endedAt < paidAt;
}

/**
 * Whether the operator, and not dunning, gave up an invoice. Writing off a first payment or a change
 * gives nothing (P36): nothing was ever paid for that plan.
 */
export function isForgiven(
  invoice: SnapshotInvoice,
  subscription: SnapshotSubscription | undefined,
): boolean {
  if (invoice.status !== "uncollectible") {
    return false;
  }
  switch (invoice.uncollectibleReason) {
    case "user_forgiven":
      return billingCause(invoice) === "renewal";
    case "subscription_paused":
      return (subscription?.pauseCollection ?? null) !== null;
    default:
      return false;
  }
}

function isNewestFinalised(invoice: SnapshotInvoice, invoices: readonly SnapshotInvoice[]) {
  const newest = invoices.findLast(
    ({ subscriptionId, finalizedAt }) =>
      subscriptionId === invoice.subscriptionId && finalizedAt !== null,
  );
  return newest === invoice;
}

/** Time paid by credits is worth no more than what backs the credits. */
function weakest(all: readonly Settlement[]): Settlement {
  const [first = UNSETTLED] = all;
  if (all.some(({ type }) => type === "unsettled")) {
    return UNSETTLED;
  }
  const lent = all.flatMap((one) => (one.type === "lent" ? [one] : []));
  if (lent.length === 0) {
    return first;
  }
  const dates = lent.flatMap(({ until }) => until ?? []).toSorted((a, b) => +a - +b);
  return { type: "lent", until: dates[0] ?? null };
}

/** Whether a settlement is more than a loan. */
export function isReallySettled(settlement: Settlement | undefined): boolean {
  return settlement?.type === "paid" || settlement?.type === "waived";
}
