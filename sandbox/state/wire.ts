import type { Stripe } from "stripe";

type Primitive = string | number | bigint | boolean | null | undefined;

/** A field that may be expanded holds the object's id, as Stripe sends it without `expand`. */
type WireField<T> = [Extract<T, string>] extends [never]
  ? Wire<T>
  : Wire<Exclude<T, { object: string }>>;

/**
 * A Stripe object as it travels in JSON: decimals are strings and expandable fields are ids.
 * Builders return it, so the compiler checks them against the pinned stripe-node.
 */
export type Wire<T> = T extends Stripe.Decimal
  ? string
  : T extends Primitive
    ? T
    : T extends ReadonlyArray<infer Element>
      ? WireField<Element>[]
      : T extends object
        ? { [Key in keyof T]: WireField<T[Key]> }
        : T;

/** The API version that the sandbox speaks: the one of the installed stripe-node. */
export const API_VERSION = "2026-10-28.endive" satisfies typeof Stripe.API_VERSION;

export type WireCustomer = Wire<Stripe.Customer>;
export type WireProduct = Wire<Stripe.Product>;
export type WirePrice = Wire<Stripe.Price>;
export type WirePaymentMethod = Wire<Stripe.PaymentMethod>;
/** A card as a source of a customer. */
export type WireCard = Omit<Wire<Stripe.Card>, "deleted">;
export type WirePaymentIntent = Wire<Stripe.PaymentIntent>;
export type WireCharge = Wire<Stripe.Charge>;
export type WireRefund = Wire<Stripe.Refund>;

export type WireBalanceTransaction = Wire<Stripe.BalanceTransaction>;
export type WireCustomerBalanceTransaction = Wire<Stripe.CustomerBalanceTransaction>;
export type WireCreditNoteLine = Wire<Stripe.CreditNoteLineItem>;
export type WireCreditNote = Omit<Wire<Stripe.CreditNote>, "lines"> & {
  lines: EmbeddedList<WireCreditNoteLine>;
};
export type WireInvoiceItem = Wire<Stripe.InvoiceItem>;
export type WireCoupon = Wire<Stripe.Coupon>;
export type WirePromotionCode = Wire<Stripe.PromotionCode>;
export type WireDiscount = Wire<Stripe.Discount>;
export type WireTaxRate = Wire<Stripe.TaxRate>;
export type WireTaxId = Wire<Stripe.TaxId>;
export type WireFraudWarning = Wire<Stripe.Radar.EarlyFraudWarning>;

/** Without what is only there while evidence is collected. */
export type WireDispute = Omit<Wire<Stripe.Dispute>, "payment_method_details">;

export type WireInvoicePayment = Wire<Stripe.InvoicePayment>;
export type WirePlan = Wire<Stripe.Plan>;
export type WireSubscriptionItem = Wire<Stripe.SubscriptionItem>;
export type WireSchedule = Wire<Stripe.SubscriptionSchedule>;
export type WireCheckoutSession = Wire<Stripe.Checkout.Session>;
export type WireLineItem = Wire<Stripe.LineItem>;
export type WirePortalSession = Wire<Stripe.BillingPortal.Session>;
export type WirePortalConfiguration = Wire<Stripe.BillingPortal.Configuration>;
export type WireSetupIntent = Wire<Stripe.SetupIntent>;
export type WireSetupAttempt = Wire<Stripe.SetupAttempt>;
export type WireMandate = Wire<Stripe.Mandate>;
export type WireMeter = Wire<Stripe.Billing.Meter>;
export type WireTestClock = Omit<Wire<Stripe.TestHelpers.TestClock>, "deleted">;
export type WireWebhookEndpoint = Wire<Stripe.WebhookEndpoint>;

/** The types still have `subscription`, which Stripe no longer sends: `parent` names it. */
export type WireInvoiceLine = Omit<Wire<Stripe.InvoiceLineItem>, "subscription">;

export type WireInvoice = Omit<Wire<Stripe.Invoice>, "lines"> & {
  lines: EmbeddedList<WireInvoiceLine>;
};

/** Stripe still sends `plan` and `quantity` beside `items`, although the types left them out. */
export type WireSubscription = Omit<Wire<Stripe.Subscription>, "items"> & {
  items: EmbeddedList<WireSubscriptionItem>;
  plan: WirePlan | null;
  quantity: number | null;
};

/** The name of an event, such as `invoice.paid`. */
export type EventType = Stripe.Event["type"];

/** An event as it was frozen when it happened. */
export type WireEvent = Wire<Omit<Stripe.EventBase, "data" | "type">> & {
  type: EventType;
  data: { object: Record<string, unknown>; previous_attributes?: Record<string, unknown> };
};

/** A list as it stands inside another object; Stripe adds a `total_count` there. */
export interface EmbeddedList<T> {
  object: "list";
  data: T[];
  has_more: boolean;
  total_count: number;
  url: string;
}

/** The complete list `data` that stands inside another object. */
export function embeddedList<T>(url: string, data: T[]): EmbeddedList<T> {
  return { object: "list", data, has_more: false, total_count: data.length, url };
}
