import type { State } from "../../state/state.ts";
import type { WireCoupon, WireDiscount } from "../../state/wire.ts";

/** Whether a coupon can still be redeemed at `now` in Unix seconds. */
export function isRedeemable(state: State, coupon: WireCoupon, now: number): boolean {
  const { id, max_redemptions: most, redeem_by: until, times_redeemed: times } = coupon;
  const spent = most !== null && times >= most;
  return !state.deletedCoupons.has(id) && !spent && (until === null || until > now);
}

/** A coupon as it stands at `now`. */
export function couponAsOf(state: State, coupon: WireCoupon, now: number): WireCoupon {
  return { ...coupon, valid: isRedeemable(state, coupon, now) };
}

/** The coupon behind a discount, also one that was deleted since. */
export function couponOf(state: State, discount: WireDiscount): WireCoupon | undefined {
  return state.coupons.get(discount.source.coupon ?? "");
}

/** What a coupon takes off in a currency; null for a share, or where it has no amount in it. */
export function amountOff(coupon: WireCoupon, currency: string): number | null {
  if (coupon.amount_off === null) {
    return null;
  }
  return coupon.currency === currency
    ? coupon.amount_off
    : (coupon.currency_options?.[currency]?.amount_off ?? null);
}
