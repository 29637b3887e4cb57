import { randomInt } from "node:crypto";
import type { Stripe } from "stripe";
import { isRedeemable } from "../../engine/invoicing/coupons.ts";
import { isUsable } from "../../engine/invoicing/discounts.ts";
import { invalidRequest, referenceMissing, resourceMissing } from "../../engine/request_error.ts";
import { emit, emitChange, type Transaction } from "../../engine/transaction.ts";
import { newId } from "../../state/ids.ts";
import type { WirePromotionCode } from "../../state/wire.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "../listing.ts";
import {
  between,
  flag,
  hash,
  integer,
  mergeMetadata,
  metadata,
  oneOf,
  type Read,
  required,
  type ShapeOf,
  text,
} from "../params.ts";
import { type Route, route } from "../route.ts";
import { existingCoupon } from "./coupons.ts";
import { byName } from "./money_params.ts";

const PATH = "/v1/promotion_codes";

const currencyOptions = byName(hash({ minimum_amount: required(between(1, 99_999_999)) }));

const NEW_CODE = {
  active: flag,
  code: text,
  customer: text,
  expires_at: integer,
  max_redemptions: between(1, 2_147_483_647),
  metadata,
  promotion: required(hash({ coupon: text, type: required(oneOf("coupon")) })),
  restrictions: hash({
    currency_options: currencyOptions,
    first_time_transaction: flag,
    minimum_amount: between(1, 99_999_999),
    minimum_amount_currency: text,
  }),
} satisfies ShapeOf<Stripe.PromotionCodeCreateParams>;

export const promotionCodeRoutes: Route[] = [
  route("POST", PATH, {
    params: NEW_CODE,
    returns: "promotion_code",
    check: ({ restrictions }) => {
      const amount = restrictions?.minimum_amount !== undefined;
      if (amount !== (restrictions?.minimum_amount_currency !== undefined)) {
        throw invalidRequest(
          "`minimum_amount` and `minimum_amount_currency` must be given together.",
          "restrictions[minimum_amount]",
        );
      }
    },
    handle: ({ tx, params }) => createCode(tx, params),
  }),
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: "promotion_code",
    handle: ({ tx, id }) => asOf(tx, codeOf(tx, id)),
  }),
  route("POST", `${PATH}/:id`, {
    params: {
      active: flag,
      metadata,
      restrictions: hash({ currency_options: currencyOptions }),
    } satisfies ShapeOf<Stripe.PromotionCodeUpdateParams>,
    returns: "promotion_code",
    handle: ({ tx, id, params }) => {
      const code = codeOf(tx, id);
      emitChange(tx, "promotion_code.updated", code, (changed) => {
        changed.active = params.active ?? code.active;
        changed.metadata = mergeMetadata(code.metadata ?? {}, params.metadata);
        const options = params.restrictions?.currency_options;
        if (options !== undefined) {
          changed.restrictions.currency_options = options;
        }
      });
      return asOf(tx, code);
    },
  }),
  route("GET", PATH, {
    params: {
      ...PAGE,
      active: flag,
      code: text,
      coupon: text,
      created,
      customer: text,
    } satisfies ShapeOf<Stripe.PromotionCodeListParams>,
    returns: "list:promotion_code",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.promotionCodes,
        (code) =>
          matches(params.coupon, code.promotion.coupon) &&
          matches(params.customer, code.customer) &&
          matches(params.code?.toLowerCase(), code.code.toLowerCase()) &&
          inRange(code.created, params.created),
      );
      const shown = [...found].map((code) => asOf(tx, code));
      const wanted = shown.filter(({ active }) => matches(params.active, active));
      return page(PATH, wanted, params);
    },
  }),
];

function codeOf(tx: Transaction, id: string): WirePromotionCode {
  const code = tx.state.promotionCodes.get(id);
  if (code === undefined) {
    throw resourceMissing("promotion code", id, "promotion_code");
  }
  return code;
}

/** A code is active as long as it, and its coupon, can be redeemed. */
function asOf(tx: Transaction, code: WirePromotionCode): WirePromotionCode {
  const coupon = tx.state.coupons.get(code.promotion.coupon ?? "");
  const redeemable = coupon !== undefined && isRedeemable(tx.state, coupon, tx.now);
  return { ...code, active: isUsable(code, tx.now) && redeemable };
}

function createCode(tx: Transaction, params: Read<typeof NEW_CODE>): WirePromotionCode {
  const { customer = null, restrictions } = params;
  const coupon = existingCoupon(tx, params.promotion.coupon ?? "");
  if (customer !== null && !tx.state.customers.has(customer)) {
    throw referenceMissing("customer", customer, "customer");
  }
  const text = params.code ?? Array.from({ length: 8 }, () => LETTERS[randomInt(26)]).join("");
  const taken = [...tx.state.promotionCodes.values()].some(
    (other) => isUsable(other, tx.now) && other.code.toLowerCase() === text.toLowerCase(),
  );
  if (taken) {
    throw invalidRequest(
      `An active promotion code with \`code: ${text}\` already exists.`,
      "code",
      "resource_already_exists",
    );
  }
  const options = restrictions?.currency_options;
  const code: WirePromotionCode = {
    id: newId("promo"),
    object: "promotion_code",
    active: params.active ?? true,
    code: text,
    created: tx.now,
    customer,
    customer_account: null,
    expires_at: params.expires_at ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: mergeMetadata({}, params.metadata),
    promotion: { coupon: coupon.id, type: "coupon" },
    restrictions: {
      ...(options !== undefined && { currency_options: options }),
      first_time_transaction: restrictions?.first_time_transaction ?? false,
      minimum_amount: restrictions?.minimum_amount ?? null,
      minimum_amount_currency: restrictions?.minimum_amount_currency ?? null,
    },
    times_redeemed: 0,
  };
  tx.state.promotionCodes.set(code.id, code);
  emit(tx, "promotion_code.created", code);
  return code;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
