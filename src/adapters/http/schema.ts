import { type Static, type TObject, type TProperties, type TSchema, Type } from "typebox";
import { INTERVALS } from "../../domain/catalog/catalog.ts";
import { TAX_BEHAVIORS } from "../../domain/catalog/paperwork.ts";

/** A value as its schema describes it, which nobody may change. */
export type Shown<T extends TSchema> = Unchanging<Static<T>>;

type Unchanging<T> = T extends object ? { readonly [K in keyof T]: Unchanging<T[K]> } : T;

/** An object without other fields than these. */
export function closed<T extends TProperties>(
  properties: T,
  about: { readonly title?: string; readonly description?: string } = {},
): TObject<T> {
  return Type.Object(properties, { additionalProperties: false, ...about });
}

/** A value, or `null` where there is none. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** One of these texts. */
export function oneOf<const T extends readonly string[]>(texts: T) {
  return Type.Unsafe<T[number]>({ type: "string", enum: texts });
}

/** A part of a list, and where the next part begins. */
export function pageOf<T extends TSchema>(entry: T) {
  return closed({
    data: Type.Array(entry),
    meta: closed({ nextCursor: nullable(Type.String()) }),
  });
}

/** All of a list. */
export function listOf<T extends TSchema>(entry: T) {
  return closed({ data: Type.Array(entry) });
}

/** A moment, UTC. */
export const DATE_TIME = Type.String({ format: "date-time" });
/** Minor units of the currency beside it. */
export const AMOUNT = Type.Integer({ description: "Minor units of the currency" });
/** A currency. */
export const CURRENCY = Type.String({ pattern: "^[a-z]{3}$", description: "ISO 4217, lower case" });
/** How many there are, or may be. */
export const COUNT = Type.Integer({ minimum: 0 });
/** How many there may be; `null` is any number. */
export const LIMIT = nullable(COUNT);
/** How often a plan is billed. */
export const INTERVAL = oneOf(INTERVALS);
/** How a price relates to the tax that who buys it now pays. */
export const TAX = Type.Union([oneOf(TAX_BEHAVIORS), Type.Null()], {
  description:
    "`exclusive`: tax is added; `inclusive`: the amount contains it; null: no tax is computed, or " +
    "nobody has said",
});
/** The name of a plan or pack in a request. */
export const SLUG = Type.String({ minLength: 1, maxLength: 64 });
/** A plan to take. */
export const UPGRADE = nullable(closed({ planSlug: Type.String() }));
/** The length of a page of a list. */
export const PAGE_LENGTH = Type.Integer({ minimum: 1, maximum: 100 });
/** When a change takes effect. */
export const EFFECTIVE = oneOf(["now", "period_end"]);
/** An address as its owner wrote it. */
export const ADDRESS = closed({
  line1: nullable(Type.String()),
  line2: nullable(Type.String()),
  postalCode: nullable(Type.String()),
  city: nullable(Type.String()),
  state: nullable(Type.String()),
  country: nullable(Type.String()),
});
/** A card, or something else that is charged. */
export const PAYMENT_METHOD = closed({
  brand: Type.String({ description: "The network of a card, else the kind: `visa`, `sepa_debit`" }),
  last4: nullable(Type.String()),
  expMonth: nullable(Type.Integer({ minimum: 1, maximum: 12 })),
  expYear: nullable(Type.Integer()),
});
