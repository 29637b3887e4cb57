import type { Buyer, CheckoutDetails } from "../../state/checkout_details.ts";
import { copyOf } from "../../state/copy_of.ts";
import type { WireCheckoutSession, WireInvoice, WireLineItem } from "../../state/wire.ts";
import { amountOf, isMetered } from "../../subscriptions/subscription_item.ts";
import { priceIn } from "../catalog/price_in.ts";
import { createCustomer } from "../customers.ts";
import { addTaxId } from "../invoicing/tax_ids.ts";
import { asideOf } from "../preview.ts";
import type { Transaction } from "../transaction.ts";
import { draftOf } from "./purchase.ts";

/**
 * Computes the amounts of a session and its line items: discounts, and taxes where the buyer's
 * address is known. Nothing else is changed: the purchase happens beside, and is forgotten.
 * @throws {RequestError} where a coupon or code cannot be redeemed, or a tax id is none
 */
export function priceSession(
  tx: Transaction,
  session: WireCheckoutSession,
  typed: Buyer | null = null,
): void {
  const details = tx.state.checkoutDetails.get(session.id);
  const buyer = typed ?? details?.buyer;
  if (details === undefined || session.mode === "setup") {
    return;
  }
  const aside = besideOf(tx, session, details);
  const customer = aside.state.customers.get(session.customer ?? "") ?? createCustomer(aside, {});
  if (buyer?.address) {
    customer.address = buyer.address;
  }
  if (buyer?.taxId) {
    addTaxId(aside, customer, buyer.taxId);
  }
  const purchase = { session, details, customer: customer.id, paymentMethod: null };
  const invoice = draftOf(aside, purchase);
  const onTrial = details.trialDays !== null || details.trialEnd !== null;
  for (const item of details.lineItems) {
    setAmounts(aside, item, onTrial ? undefined : invoice);
  }
  session.amount_subtotal = invoice?.subtotal ?? 0;
  session.amount_total = invoice?.total ?? 0;
  session.total_details = {
    amount_discount: sumOf(invoice?.total_discount_amounts ?? []),
    amount_shipping: 0,
    amount_tax: sumOf(invoice?.total_taxes ?? []),
  };
  if (session.automatic_tax.enabled) {
    session.automatic_tax.status = customer.address?.country
      ? "complete"
      : "requires_location_inputs";
  }
}

/** A transaction beside the real one that knows what a purchase may redeem and be taxed by. */
function besideOf(
  tx: Transaction,
  session: WireCheckoutSession,
  details: CheckoutDetails,
): Transaction {
  const aside = asideOf(tx, session.customer ?? "");
  const { coupons, promotionCodes, discounts } = aside.state;
  for (const { coupon, promotion_code: code } of details.discounts) {
    const known = tx.state.promotionCodes.get(code ?? "");
    if (known !== undefined) {
      promotionCodes.set(known.id, copyOf(known));
    }
    const redeemed = tx.state.coupons.get(known?.promotion.coupon ?? coupon ?? "");
    if (redeemed !== undefined) {
      coupons.set(redeemed.id, copyOf(redeemed));
    }
  }
  const own = tx.state.customers.get(session.customer ?? "")?.discount;
  const coupon = tx.state.coupons.get(String(own?.source.coupon ?? ""));
  if (own && coupon !== undefined) {
    discounts.set(own.id, copyOf(own));
    coupons.set(coupon.id, copyOf(coupon));
  }
  const { charges, taxRates, taxIds, deletedCoupons } = tx.state;
  Object.assign(aside.state, { charges, taxRates, deletedCoupons });
  for (const taxId of taxIds.of(session.customer ?? "")) {
    aside.state.taxIds.set(taxId.id, taxId);
  }
  return aside;
}

/** The amounts of a line item: those of its lines on the invoice, or of its price where it has none. */
function setAmounts(
  { state }: Transaction,
  item: WireLineItem,
  invoice: WireInvoice | undefined,
): void {
  const lines = (invoice?.lines.data ?? []).filter(
    ({ pricing }) => pricing?.price_details?.price === item.price?.id,
  );
  const taxes = lines.flatMap((line) => line.taxes ?? []);
  const added = taxes.filter(({ tax_behavior: behavior }) => behavior === "exclusive");
  const plain =
    item.price === null || isMetered(item.price)
      ? 0
      : amountOf(priceIn(state, item.price, item.currency), item.quantity ?? 1);
  item.amount_subtotal = lines.length === 0 ? plain : sumOf(lines);
  item.amount_discount = sumOf(lines.flatMap((line) => line.discount_amounts ?? []));
  item.amount_tax = sumOf(taxes);
  item.amount_total = item.amount_subtotal - item.amount_discount + sumOf(added);
}

function sumOf(values: readonly { amount: number }[]): number {
  return values.reduce((sum, { amount }) => sum + amount, 0);
}
