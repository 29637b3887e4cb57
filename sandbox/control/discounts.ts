import type { Account } from "../account.ts";
import { createDiscount, redeemable } from "../engine/invoicing/discounts.ts";
import { emitChange } from "../engine/transaction.ts";
import type { WireDiscount } from "../state/wire.ts";
import { ControlError, readBody, text } from "./json_body.ts";

/** Gives a customer a coupon, which the dashboard can and the API cannot. */
export function discountCustomer(
  account: Account,
  customerId: string,
  body: unknown,
): WireDiscount {
  const { coupon: id } = readBody({ coupon: text }, body);
  const customer = account.state.customers.get(customerId);
  if (customer === undefined || id === undefined) {
    throw new ControlError("No such customer, or no coupon given", 404);
  }
  return account.transact((tx) => {
    const target = { customer: customerId, currency: customer.currency ?? "usd" };
    const { coupon } = redeemable(tx, { coupon: id }, target, "discounts[0]");
    const discount = createDiscount(tx, { coupon, code: null, target });
    emitChange(tx, "customer.updated", customer, (changed) => {
      changed.discount = discount;
    });
    return discount;
  });
}
