import type { State } from "../../state/state.ts";
import type { WireInvoice, WireInvoiceLine } from "../../state/wire.ts";
import { amountOff, couponOf } from "./coupons.ts";
import { netOf } from "./line_amounts.ts";
import { taxLines } from "./taxes.ts";

/**
 * Computes a draft's discounts, taxes and sums from its lines: discounts of lines come before those
 * of the invoice, each on what the ones before have left; taxes are on what remains. Source:
 * docs.stripe.com/billing/subscriptions/coupons and docs.stripe.com/billing/taxes/tax-rates.
 */
export function priceInvoice(state: State, invoice: WireInvoice): void {
  const lines = invoice.lines.data;
  for (const line of lines) {
    line.discount_amounts = [];
  }
  for (const line of lines) {
    for (const discount of line.discounts) {
      takeOff(state, discount, [line]);
    }
  }
  invoice.subtotal = sumOf(lines, netOf);
  for (const discount of invoice.discounts) {
    takeOff(state, discount, lines);
  }
  for (const line of lines) {
    line.pretax_credit_amounts = (line.discount_amounts ?? []).map(({ amount, discount }) => ({
      amount,
      discount,
      type: "discount",
    }));
  }
  taxLines(state, invoice);
  addUp(invoice);
}

function takeOff(state: State, id: string, lines: readonly WireInvoiceLine[]): void {
  const discount = state.discounts.get(id);
  const coupon = discount && couponOf(state, discount);
  if (coupon === undefined) {
    return;
  }
  const products = coupon.applies_to?.products;
  const eligible = lines.filter(
    (line) =>
      line.discountable &&
      netOf(line) > 0 &&
      (products?.includes(line.pricing?.price_details?.product ?? "") ?? true),
  );
  const whole = sumOf(eligible, netOf);
  const off = amountOff(coupon, lines[0]?.currency ?? "");
  const share = off === null ? (coupon.percent_off ?? 0) / 100 : Math.min(1, off / whole);
  const total = off === null ? undefined : Math.min(off, whole);
  let rest = total;
  for (const [index, line] of eligible.entries()) {
    const last = index === eligible.length - 1;
    const amount = last && rest !== undefined ? rest : Math.round(netOf(line) * share);
    rest = rest === undefined ? undefined : rest - amount;
    line.discount_amounts?.push({ amount, discount: id });
  }
}

function addUp(invoice: WireInvoice): void {
  const lines = invoice.lines.data;
  const taxes = lines.flatMap((line) => line.taxes ?? []);
  const included = sumOf(
    taxes.filter(({ tax_behavior: behavior }) => behavior === "inclusive"),
    ({ amount }) => amount,
  );
  const added = sumOf(taxes, ({ amount }) => amount) - included;
  invoice.total = sumOf(lines, netOf) + added;
  invoice.total_excluding_tax = invoice.total - added - included;
  invoice.subtotal_excluding_tax = invoice.subtotal - included;
  const off = new Map<string, number>();
  for (const { amount, discount } of lines.flatMap((line) => line.discount_amounts ?? [])) {
    off.set(discount, (off.get(discount) ?? 0) + amount);
  }
  invoice.total_discount_amounts = [...off].map(([discount, amount]) => ({ amount, discount }));
  invoice.total_pretax_credit_amounts = [...off].map(([discount, amount]) => ({
    amount,
    discount,
    type: "discount",
  }));
  const byRate = new Map<string, (typeof taxes)[number]>();
  for (const tax of taxes) {
    const key = `${tax.tax_rate_details?.tax_rate} ${tax.taxability_reason}`;
    const sum = byRate.get(key);
    byRate.set(key, {
      ...tax,
      amount: (sum?.amount ?? 0) + tax.amount,
      taxable_amount: (sum?.taxable_amount ?? 0) + (tax.taxable_amount ?? 0),
    });
  }
  invoice.total_taxes = [...byRate.values()];
}

function sumOf<T>(values: readonly T[], amountOf: (value: T) => number): number {
  return values.reduce((sum, value) => sum + amountOf(value), 0);
}
