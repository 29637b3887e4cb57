import type { Stripe } from "stripe";
import { couponAsOf } from "../../engine/invoicing/coupons.ts";
import { invalidRequest, resourceMissing } from "../../engine/request_error.ts";
import { emit, emitChange, type Transaction } from "../../engine/transaction.ts";
import { newShortId } from "../../state/ids.ts";
import type { WireCoupon } from "../../state/wire.ts";
import { created, inRange, newestFirst, PAGE, page } from "../listing.ts";
import {
  between,
  clearable,
  given,
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  type Read,
  required,
  type ShapeOf,
  text,
  upTo,
} from "../params.ts";
import { type Route, route } from "../route.ts";
import { byName, percentage } from "./money_params.ts";

const PATH = "/v1/coupons";

const currencyOptions = byName(hash({ amount_off: required(between(1, 99_999_999)) }));

const NEW_COUPON = {
  amount_off: between(1, 99_999_999),
  applies_to: hash({ products: list(text) }),
  currency: text,
  currency_options: currencyOptions,
  duration: oneOf("forever", "once", "repeating"),
  duration_in_months: between(1, 120),
  id: text,
  max_redemptions: between(1, 2_147_483_647),
  metadata,
  name: upTo(40),
  percent_off: percentage,
  redeem_by: integer,
} satisfies ShapeOf<Stripe.CouponCreateParams>;

/** The coupon with this id, which was not deleted. */
export function existingCoupon(tx: Transaction, id: string): WireCoupon {
  const coupon = tx.state.coupons.get(id);
  if (coupon === undefined || tx.state.deletedCoupons.has(id)) {
    throw resourceMissing("coupon", id, "coupon");
  }
  return coupon;
}

export const couponRoutes: Route[] = [
  route("POST", PATH, {
    params: NEW_COUPON,
    returns: "coupon",
    check: checkCoupon,
    handle: ({ tx, params }) => createCoupon(tx, params),
  }),
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: "coupon",
    handle: ({ tx, id }) => couponAsOf(tx.state, existingCoupon(tx, id), tx.now),
  }),
  route("POST", `${PATH}/:id`, {
    params: {
      currency_options: currencyOptions,
      metadata,
      name: clearable(upTo(40)),
    } satisfies ShapeOf<Stripe.CouponUpdateParams>,
    returns: "coupon",
    handle: ({ tx, id, params }) => {
      const coupon = existingCoupon(tx, id);
      emitChange(tx, "coupon.updated", coupon, (changed) => {
        Object.assign(changed, given({ name: params.name }));
        changed.metadata = mergeMetadata(coupon.metadata ?? {}, params.metadata);
        if (params.currency_options !== undefined) {
          changed.currency_options = { ...coupon.currency_options, ...params.currency_options };
        }
      });
      return couponAsOf(tx.state, coupon, tx.now);
    },
  }),
  route("GET", PATH, {
    params: { ...PAGE, created } satisfies ShapeOf<Stripe.CouponListParams>,
    returns: "list:coupon",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.coupons,
        (coupon) =>
          !tx.state.deletedCoupons.has(coupon.id) && inRange(coupon.created, params.created),
      );
      const shown = [...found].map((coupon) => couponAsOf(tx.state, coupon, tx.now));
      return page(PATH, shown, params);
    },
  }),
  route("DELETE", `${PATH}/:id`, {
    params: {},
    returns: "deleted",
    handle: ({ tx, id }) => {
      const coupon = existingCoupon(tx, id);
      tx.state.deletedCoupons.set(id, { deletedAt: tx.now });
      emit(tx, "coupon.deleted", { ...coupon, valid: false });
      return { id, object: "coupon", deleted: true } satisfies Stripe.DeletedCoupon;
    },
  }),
];

function checkCoupon(params: Read<typeof NEW_COUPON>): void {
  const { amount_off: amount, percent_off: percent, currency, duration } = params;
  if ((amount === undefined) === (percent === undefined)) {
    throw invalidRequest("You must pass exactly one of `amount_off` and `percent_off`.");
  }
  if (percent === 0) {
    throw invalidRequest("Invalid percent_off: must be greater than 0.", "percent_off");
  }
  if (amount !== undefined && currency === undefined) {
    throw invalidRequest("You must pass `currency` with `amount_off`.", "currency");
  }
  if ((duration === "repeating") !== (params.duration_in_months !== undefined)) {
    throw invalidRequest(
      "`duration_in_months` is required for, and only allowed with, `repeating` coupons.",
      "duration_in_months",
    );
  }
}

function createCoupon(tx: Transaction, params: Read<typeof NEW_COUPON>): WireCoupon {
  const id = params.id ?? newShortId("").slice(1, 9);
  if (tx.state.coupons.has(id)) {
    throw invalidRequest("Coupon already exists.", "id", "resource_already_exists");
  }
  if (params.redeem_by !== undefined && params.redeem_by <= tx.now) {
    throw invalidRequest("Invalid redeem_by: must be in the future.", "redeem_by");
  }
  const { amount_off: amount = null, percent_off: percent = null, currency } = params;
  const products = params.applies_to?.products;
  const coupon: WireCoupon = {
    id,
    object: "coupon",
    amount_off: amount,
    ...(products !== undefined && { applies_to: { products } }),
    created: tx.now,
    currency: amount === null ? null : (currency?.toLowerCase() ?? null),
    ...(params.currency_options !== undefined && { currency_options: params.currency_options }),
    duration: params.duration ?? "once",
    duration_in_months: params.duration_in_months ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: mergeMetadata({}, params.metadata),
    name: params.name ?? null,
    percent_off: percent,
    redeem_by: params.redeem_by ?? null,
    times_redeemed: 0,
    valid: true,
  };
  tx.state.coupons.set(id, coupon);
  emit(tx, "coupon.created", coupon);
  return coupon;
}
