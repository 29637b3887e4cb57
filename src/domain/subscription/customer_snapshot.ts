import type { Period } from "./billing_period.ts";
import type { SubscriptionStatus } from "./subscription.ts";

/** One price that a subscription charges for. */
export interface SnapshotItem {
  readonly id: string;
  readonly priceId: string;
  readonly productId: string;
  /** Whether the price is recurring and licensed; metered and one-time prices are not. */
  readonly licensed: boolean;
  readonly quantity: number;
  readonly interval: "day" | "week" | "month" | "year";
  readonly intervalCount: number;
  /** Minor units per interval for all of the quantity; `null` where that is no whole number. */
  readonly amount: number | null;
  /** The item's own current period; items of one subscription may differ (P11). */
  readonly period: Period;
}

/** A subscription as Stripe has it at one moment. */
export interface SnapshotSubscription {
  readonly id: string;
  readonly customerId: string;
  /** The `tenantId` of its metadata; `null` for one that was made by hand. */
  readonly tenantId: string | null;
  readonly status: SubscriptionStatus;
  readonly items: readonly SnapshotItem[];
  readonly billingCycleAnchor: Date;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly cancelAt: Date | null;
  readonly cancelAtPeriodEnd: boolean;
  readonly trialEnd: Date | null;
  /** What Stripe does with invoices while collection is paused; `null` when it is not. */
  readonly pauseCollection: "keep_as_draft" | "mark_uncollectible" | "void" | null;
  readonly collectionMethod: "charge_automatically" | "send_invoice";
  /** An attached schedule; `changeAt` is the start of its next phase. */
  readonly schedule: {
    readonly id: string;
    readonly changeAt: Date | null;
    /** Prices of the items in that phase. */
    readonly nextPriceIds: readonly string[];
  } | null;
  /** A change that waits for its payment. */
  readonly pendingUpdate: { readonly expiresAt: Date } | null;
  /** Coupons on it, each with the one or the other. */
  readonly discounts: readonly SnapshotDiscount[];
  /** What it is paid by: its own, else the customer's default. */
  readonly paymentMethod: SnapshotPaymentMethod | null;
}

/** What a coupon takes off every invoice. */
export interface SnapshotDiscount {
  readonly percentOff: number | null;
  /** Minor units. */
  readonly amountOff: number | null;
}

/** What a subscription is paid by, as its payer knows it. */
export interface SnapshotPaymentMethod {
  /** Of a card its network; of anything else its kind, as in `sepa_debit`. */
  readonly brand: string;
  readonly last4: string | null;
  /** 1 to 12; `null` where it does not expire. */
  readonly expMonth: number | null;
  readonly expYear: number | null;
}

/** A position of an invoice, or one that waits for the next invoice. */
export interface SnapshotLine {
  readonly id: string;
  readonly subscriptionId: string | null;
  /** `null` where the position is no price. */
  readonly priceId: string | null;
  readonly productId: string | null;
  /** Whether its price is recurring and licensed. */
  readonly licensed: boolean;
  /** Minor units before discounts; negative for a credit. */
  readonly amount: number;
  /** What the position pays for, or gives back. */
  readonly period: Period;
  /** Whether it settles a change within a period. */
  readonly proration: boolean;
  /** The positions whose unused time it gives back (`credited_items`); empty where not said. */
  readonly credited: readonly { readonly invoiceId: string; readonly lineId: string }[];
}

/** An invoice of the customer as Stripe has it at one moment. */
export interface SnapshotInvoice {
  readonly id: string;
  /** `null` for invoices of no subscription. */
  readonly subscriptionId: string | null;
  readonly status: "draft" | "open" | "paid" | "uncollectible" | "void";
  /** Stripe's `billing_reason`. */
  readonly billingReason: string;
  readonly createdAt: Date;
  /** Place among the invoices of the same second: a newer one has a higher number. */
  readonly order: number;
  /** When it has to be paid; only invoices by e-mail have one. */
  readonly dueAt: Date | null;
  readonly finalizedAt: Date | null;
  readonly paidAt: Date | null;
  /** Whether a payment was tried. */
  readonly attempted: boolean;
  /** ISO 4217, lower case. */
  readonly currency: string;
  /** Minor units after discounts and taxes, before the customer's balance. */
  readonly total: number;
  /** Minor units that were paid in money. */
  readonly amountPaid: number;
  /** Minor units that are still to be paid. */
  readonly amountRemaining: number;
  /** Stripe's page that shows it, and takes the payment while it is open. */
  readonly hostedUrl: string | null;
  /** The customer's balance before the invoice; negative is a credit. */
  readonly startingBalance: number;
  /** The customer's balance after it; `null` before it is finalised. */
  readonly endingBalance: number | null;
  /** Stripe's `status_details.uncollectible.reason`. */
  readonly uncollectibleReason: string | null;
  readonly lines: readonly SnapshotLine[];
}

/** What Stripe says about a customer at one moment: the only source of state (P09). */
export interface CustomerSnapshot {
  /** A deleted customer can never be used again. */
  readonly deleted: boolean;
  /** The customer's balance in minor units; negative is a credit. */
  readonly balance: number;
  /** All of its subscriptions, in every status, those of other products included. */
  readonly subscriptions: readonly SnapshotSubscription[];
  /** Its invoices, with all their lines, in any order. They were read after the subscriptions. */
  readonly invoices: readonly SnapshotInvoice[];
  /** Positions that no invoice has yet. */
  readonly pendingLines: readonly SnapshotLine[];
}

/** The invoices of a snapshot, oldest first: by creation, then in Stripe's order. */
export function oldestFirst(invoices: readonly SnapshotInvoice[]): SnapshotInvoice[] {
  return invoices.toSorted((a, b) => +a.createdAt - +b.createdAt || a.order - b.order);
}

/** Minor units of the customer's balance that paid for an invoice. */
export function paidByBalance({ startingBalance, endingBalance }: SnapshotInvoice): number {
  const used = (endingBalance ?? startingBalance) - startingBalance;
  return startingBalance < 0 ? Math.max(0, used) : 0;
}

/** Whether a position gives something back; it never bills a plan. */
export function isCredit({ amount, credited }: SnapshotLine): boolean {
  return amount < 0 || credited.length > 0;
}

/** Whether a position gives back time that was charged for, so that it can be inherited. */
export function creditsTime({ amount, proration, credited }: SnapshotLine): boolean {
  return amount < 0 && (proration || credited.length > 0);
}
