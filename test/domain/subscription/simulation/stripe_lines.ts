import type { SnapshotLine } from "../../../../src/domain/subscription/customer_snapshot.ts";
import type { Invoice, Subscription } from "./stripe_invoices.ts";
import { type Mutable, priceId } from "./stripe_prices.ts";

/** A position of an invoice, to be changed. */
export type Line = Mutable<SnapshotLine>;

/** A charge for the item's period, or for what is left of it. */
export function chargeLine(
  subscription: Subscription,
  amount: number,
  { proration, start }: { proration: boolean; start?: number },
): Line {
  const [item] = subscription.items;
  if (item === undefined) {
    throw new TypeError("no item");
  }
  const { period } = item;
  return {
    id: `il_${crypto.randomUUID()}`,
    subscriptionId: subscription.id,
    priceId: priceId(subscription.plan, subscription.interval),
    productId: `prod_${subscription.plan}`,
    licensed: true,
    amount,
    period: start === undefined ? period : { ...period, start: new Date(start) },
    proration,
    credited: [],
  };
}

/** Unused time is credited by what was charged for it, paid or not ("Prorations"). */
export function creditLines(
  subscription: Subscription,
  {
    now,
    invoices,
    pending,
  }: { now: number; invoices: readonly Invoice[]; pending: readonly Line[] },
): Line[] {
  const charges = [
    ...invoices.map((invoice) => ({ invoice, lines: invoice.lines })),
    { invoice: undefined, lines: pending },
  ].flatMap(({ invoice, lines }) => lines.map((line) => ({ invoice, line })));
  const covering = charges.findLast(
    ({ invoice, line }) =>
      line.subscriptionId === subscription.id &&
      line.amount >= 0 &&
      !(invoice?.status === "void" && line.priceId !== subscription.items[0]?.priceId) &&
      +line.period.start <= now &&
      now < +line.period.end,
  );
  if (covering === undefined) {
    return [];
  }
  const { invoice, line } = covering;
  const share = (+line.period.end - now) / (+line.period.end - +line.period.start);
  return [
    {
      ...line,
      id: `il_${crypto.randomUUID()}`,
      amount: 0 - Math.round(line.amount * share),
      period: { start: new Date(now), end: line.period.end },
      proration: true,
      credited: invoice ? [{ invoiceId: invoice.id, lineId: line.id }] : [],
    },
  ];
}
