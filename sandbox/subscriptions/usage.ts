import { usageOf } from "../engine/catalog/meters.ts";
import { usageLine } from "../engine/invoice_lines.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { WireInvoiceLine, WireSubscription, WireSubscriptionItem } from "../state/wire.ts";
import { isMetered } from "./subscription_item.ts";

/** The lines for what was used of metered items in their running periods, until now at the latest. */
export function usageLines(
  tx: Transaction,
  subscription: WireSubscription,
  concerns: (item: WireSubscriptionItem) => boolean = () => true,
): WireInvoiceLine[] {
  return subscription.items.data
    .filter((item) => isMetered(item.price) && concerns(item))
    .map((item) => {
      const { current_period_start: start, current_period_end: end } = item;
      const period = { start, end: Math.min(end, tx.now) };
      const quantity = usedOf(tx, subscription, item, period);
      return usageLine(tx.state, subscription, item, { quantity, period });
    });
}

/** What a metered item's customer used in a period, as its price's meter was told. */
function usedOf(
  tx: Transaction,
  { customer }: WireSubscription,
  { price }: WireSubscriptionItem,
  period: { start: number; end: number },
): number {
  const meter = tx.state.meters.get(price.recurring?.meter ?? "");
  return meter === undefined ? 0 : usageOf(tx.state, meter, { customer, ...period });
}
