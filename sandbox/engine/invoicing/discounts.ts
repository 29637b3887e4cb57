import { newId } from "../../state/ids.ts";
import type { State } from "../../state/state.ts";
import type { WireCoupon, WireDiscount, WirePromotionCode } from "../../state/wire.ts";
import { periodEnd } from "../billing_period.ts";
import { invalidRequest, referenceMissing } from "../request_error.ts";
import { emit, type Transaction } from "../transaction.ts";
import { amountOff, isRedeemable } from "./coupons.ts";

/** A coupon or promotion code to redeem, or a discount to take over. */
export interface DiscountRequest {
  coupon?: string | undefined;
  promotion_code?: string | undefined;
  discount?: string | undefined;
}

/** What a discount shall be for; its currency and amount decide whether a code may be used. */
export interface DiscountTarget {
  customer: string | null;
  currency: string;
  /** In minor units; undefined where nothing is charged yet. */
  amount?: number;
  subscription?: string;
  subscriptionItem?: string;
  invoice?: string;
  invoiceItem?: string;
  checkoutSession?: string;
}

/**
 * Redeems coupons and promotion codes; answers the ids of their discounts. Emits
 * `customer.discount.created` for those of a customer or a subscription.
 * @throws {RequestError} where one cannot be redeemed, or not for this
 */
export function redeemAll(
  tx: Transaction,
  requests: readonly DiscountRequest[],
  target: DiscountTarget,
  param = "discounts",
): string[] {
  return requests.map((request, index) => {
    const name = `${param}[${index}]`;
    if (request.discount !== undefined) {
      if (!tx.state.discounts.has(request.discount)) {
        throw referenceMissing("discount", request.discount, `${name}[discount]`);
      }
      return request.discount;
    }
    const { coupon, code } = redeemable(tx, request, target, name);
    return createDiscount(tx, { coupon, code, target }).id;
  });
}

/**
 * What a request would redeem.
 * @throws {RequestError} where it cannot be redeemed, or not for this
 */
export function redeemable(
  tx: Transaction,
  request: DiscountRequest,
  target: DiscountTarget,
  param: string,
): { coupon: WireCoupon; code: WirePromotionCode | null } {
  if ((request.coupon === undefined) === (request.promotion_code === undefined)) {
    throw invalidRequest("Give exactly one of `coupon` and `promotion_code`.", param);
  }
  const code = request.promotion_code === undefined ? null : codeOf(tx, request, param);
  const id = code?.promotion.coupon ?? request.coupon ?? "";
  const coupon = tx.state.coupons.get(id);
  if (coupon === undefined || tx.state.deletedCoupons.has(id)) {
    throw referenceMissing("coupon", id, `${param}[coupon]`);
  }
  if (!isRedeemable(tx.state, coupon, tx.now)) {
    throw invalidRequest(`Coupon expired: ${id}`, `${param}[coupon]`, "coupon_expired");
  }
  if (coupon.amount_off !== null && amountOff(coupon, target.currency) === null) {
    throw invalidRequest(
      `The coupon \`${id}\` has no amount in ${target.currency}; it is in ${coupon.currency}.`,
      `${param}[coupon]`,
    );
  }
  if (code !== null) {
    checkCode(tx, code, target, `${param}[promotion_code]`);
  }
  return { coupon, code };
}

function codeOf(tx: Transaction, request: DiscountRequest, param: string): WirePromotionCode {
  const code = tx.state.promotionCodes.get(request.promotion_code ?? "");
  if (code === undefined) {
    const id = request.promotion_code ?? "";
    throw referenceMissing("promotion code", id, `${param}[promotion_code]`);
  }
  return code;
}

/** Whether a promotion code can still be used at `now`, whoever uses it. */
export function isUsable(code: WirePromotionCode, now: number): boolean {
  const { active, expires_at: until, max_redemptions: most, times_redeemed: times } = code;
  return active && (until === null || until > now) && (most === null || times < most);
}

/** The promotion code that somebody typed, if it can still be used at `now`. */
export function codeNamed(
  { promotionCodes }: Pick<State, "promotionCodes">,
  typed: string,
  now: number,
): WirePromotionCode | undefined {
  return [...promotionCodes.values()].find(
    (known) => known.code.toLowerCase() === typed.toLowerCase() && isUsable(known, now),
  );
}

function checkCode(
  tx: Transaction,
  code: WirePromotionCode,
  target: DiscountTarget,
  param: string,
): void {
  if (!isUsable(code, tx.now)) {
    throw invalidRequest("This promotion code is inactive, expired or used up.", param);
  }
  if (code.customer !== null && code.customer !== target.customer) {
    throw invalidRequest("This promotion code cannot be redeemed by this customer.", param);
  }
  const { first_time_transaction: first, minimum_amount_currency: currency } = code.restrictions;
  if (first && hasPaid(tx.state, target.customer)) {
    throw invalidRequest(
      "This promotion code cannot be redeemed because the associated customer has prior " +
        "transactions.",
      param,
    );
  }
  const least =
    currency === target.currency
      ? code.restrictions.minimum_amount
      : (code.restrictions.currency_options?.[target.currency]?.minimum_amount ?? null);
  if (least !== null && target.amount !== undefined && target.amount < least) {
    throw invalidRequest(
      "This promotion code cannot be redeemed because the minimum amount is not reached.",
      param,
    );
  }
}

/** Whether a customer has paid before (docs.stripe.com/billing/subscriptions/coupons). */
function hasPaid(state: State, customer: string | null): boolean {
  return [...state.charges.values()].some(
    (charge) => charge.customer === customer && charge.paid && customer !== null,
  );
}

/** Makes a discount of a coupon, and counts the redemption. */
export function createDiscount(
  tx: Transaction,
  {
    coupon,
    code,
    target,
  }: { coupon: WireCoupon; code: WirePromotionCode | null; target: DiscountTarget },
): WireDiscount {
  const months = coupon.duration === "repeating" ? coupon.duration_in_months : null;
  const discount: WireDiscount = {
    id: newId("di"),
    object: "discount",
    checkout_session: target.checkoutSession ?? null,
    customer: target.customer,
    customer_account: null,
    end:
      months === null
        ? null
        : periodEnd(tx.now, { interval: "month", interval_count: months }, tx.now),
    invoice: target.invoice ?? null,
    invoice_item: target.invoiceItem ?? null,
    promotion_code: code?.id ?? null,
    source: { coupon: coupon.id, type: "coupon" },
    start: tx.now,
    subscription: target.subscription ?? null,
    subscription_item: target.subscriptionItem ?? null,
  };
  tx.state.discounts.set(discount.id, discount);
  coupon.times_redeemed += 1;
  if (code !== null) {
    code.times_redeemed += 1;
  }
  if (target.invoice === undefined && target.invoiceItem === undefined) {
    emit(tx, "customer.discount.created", discount);
  }
  return discount;
}

/** The discounts of these that still hold at `now`. */
export function activeDiscounts(state: State, ids: readonly string[], now: number): WireDiscount[] {
  return ids
    .flatMap((id) => state.discounts.get(id) ?? [])
    .filter(({ end }) => end === null || end > now);
}
