import type { WireInvoiceLine } from "../../state/wire.ts";

/** What a line charges after its discounts, before taxes that are added. */
export function netOf(line: WireInvoiceLine): number {
  return (line.discount_amounts ?? []).reduce((net, { amount }) => net - amount, line.amount);
}
