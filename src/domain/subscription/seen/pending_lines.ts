import type { CustomerSnapshot } from "../customer_snapshot.ts";
import { isLive } from "../subscription.ts";

/**
 * Whether the customer may have lines pending for the next invoice: a plan's price whose current
 * period appears on no invoice, or a change that waits for its payment.
 */
export function mayHavePendingLines({
  subscriptions,
  invoices,
}: Pick<CustomerSnapshot, "subscriptions" | "invoices">): boolean {
  const billed = invoices.flatMap(({ lines }) => lines).filter(({ amount }) => amount >= 0);
  return subscriptions
    .filter(({ status }) => isLive(status))
    .some(
      ({ items, pendingUpdate }) =>
        pendingUpdate !== null ||
        items.some(
          ({ priceId, period, licensed }) =>
            licensed &&
            !billed.some((line) => line.priceId === priceId && +line.period.end === +period.end),
        ),
    );
}
