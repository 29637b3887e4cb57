import type { WireInvoice, WireSubscription } from "../../state/wire.ts";
import { emit, emitChange, type Transaction } from "../transaction.ts";
import { couponOf } from "./coupons.ts";
import { activeDiscounts } from "./discounts.ts";

/** The discounts of a subscription's next invoice: its own, or else the customer's. */
export function discountsOf(tx: Transaction, subscription: WireSubscription): string[] {
  const own = subscription.discounts;
  const of = tx.state.customers.get(subscription.customer)?.discount?.id;
  const ids = own.length > 0 ? own : of === undefined ? [] : [of];
  return activeDiscounts(tx.state, ids, tx.now).map(({ id }) => id);
}

/**
 * Ends the discounts that are over once this draft is written: those for one invoice that took
 * something off, and those whose months are over. Emits `customer.discount.deleted` for each;
 * `subscription` is changed by the caller's event.
 */
export function spendDiscounts(
  tx: Transaction,
  invoice: WireInvoice,
  subscription: WireSubscription,
): void {
  const used = new Set((invoice.total_discount_amounts ?? []).map(({ discount }) => discount));
  const isOver = (id: string) => {
    const discount = tx.state.discounts.get(id);
    if (discount === undefined) {
      return true;
    }
    const once = couponOf(tx.state, discount)?.duration === "once" && used.has(id);
    return once || (discount.end !== null && discount.end <= tx.now);
  };
  for (const id of subscription.discounts.filter(isOver)) {
    emitEnd(tx, id);
  }
  subscription.discounts = subscription.discounts.filter((id) => !isOver(id));
  for (const item of subscription.items.data) {
    item.discounts = item.discounts.filter((id) => !isOver(id));
  }
  const customer = tx.state.customers.get(subscription.customer);
  const own = customer?.discount?.id;
  if (customer !== undefined && own !== undefined && isOver(own)) {
    emitEnd(tx, own);
    emitChange(tx, "customer.updated", customer, (changed) => {
      changed.discount = null;
    });
  }
}

function emitEnd(tx: Transaction, id: string): void {
  const discount = tx.state.discounts.get(id);
  if (discount !== undefined) {
    emit(tx, "customer.discount.deleted", discount);
  }
}
