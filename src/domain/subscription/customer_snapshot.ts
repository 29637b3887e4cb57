import type { Period } from "./billing_period.ts";
import type { SubscriptionStatus } from "./subscription.ts";

/** A price that a subscription charges for. */
export interface SnapshotItem {
  readonly id: string;
  readonly priceId: string;
  readonly productId: string;
  /** Whether the price is recurring and licensed; metered and one-time prices are not. */
  readonly licensed: boolean;
  readonly quantity: number;
  readonly interval: "day" | "week" | "month" | "year";
  readonly intervalCount: number;
  /** Minor units per interval for the whole quantity; `null` if that is not a whole number. */
  readonly amount: number | null;
  /** The item's own current period; items of one subscription may differ (P11). */
  readonly period: Period;
}

/**
 * Why a subscription ends: nobody paid, a payment was charged back, or somebody decided it. Stripe's
 * `cancellation_details.reason`.
 */
export const END_REASONS = [
  "payment_failed",
  "payment_disputed",
  "cancellation_requested",
] as const;

/** One of {@link END_REASONS}. */
export type EndReason = (typeof END_REASONS)[number];

/** A subscription at Stripe at one moment. */
export interface SnapshotSubscription {
  readonly id: string;
  readonly customerId: string;
  /** The `tenantId` in its metadata; `null` if it was made by hand. */
  readonly tenantId: string | null;
  readonly status: SubscriptionStatus;
  readonly items: readonly SnapshotItem[];
  readonly billingCycleAnchor: Date;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  /** Why it ended, or is set to end; `null` if Stripe does not say. */
  readonly endReason: EndReason | null;
  readonly cancelAt: Date | null;
  readonly cancelAtPeriodEnd: boolean;
  readonly trialEnd: Date | null;
  /** What Stripe does with invoices while collection is paused; `null` if it is not. */
  readonly pauseCollection: "keep_as_draft" | "mark_uncollectible" | "void" | null;
  readonly collectionMethod: "charge_automatically" | "send_invoice";
  /** Whether Stripe has turned automatic tax off, because it does not know the customer's location. */
  readonly taxTurnedOff: boolean;
  /** An attached schedule; `changeAt` is the start of its next phase. */
  readonly schedule: {
    readonly id: string;
    readonly changeAt: Date | null;
    /** The prices of that phase. */
    readonly nextPriceIds: readonly string[];
  } | null;
  /** A change that waits for payment. */
  readonly pendingUpdate: { readonly expiresAt: Date } | null;
  /** Coupons on the subscription; each takes off a percentage or an amount. */
  readonly discounts: readonly SnapshotDiscount[];
  /** The payment method: its own, or else the customer's default. */
  readonly paymentMethod: SnapshotPaymentMethod | null;
}

/** What a coupon takes off invoices. */
export interface SnapshotDiscount {
  readonly id: string;
  readonly percentOff: number | null;
  /** Minor units. */
  readonly amountOff: number | null;
  /** Whether only the next invoice gets it. */
  readonly once: boolean;
  /** Later invoices do not get it; `null` if it has no end. */
  readonly endsAt: Date | null;
}

/** A payment method as its owner knows it. */
export interface SnapshotPaymentMethod {
  /** The network of a card; otherwise the kind, as in `sepa_debit`. */
  readonly brand: string;
  readonly last4: string | null;
  /** 1 to 12; `null` if it never expires. */
  readonly expMonth: number | null;
  readonly expYear: number | null;
}

/** A line of an invoice, or one that waits for the next invoice. */
export interface SnapshotLine {
  readonly id: string;
  readonly subscriptionId: string | null;
  /** `null` if the line has no price. */
  readonly priceId: string | null;
  readonly productId: string | null;
  /** Whether its price is recurring and licensed. */
  readonly licensed: boolean;
  /** Minor units before discounts; negative for a credit. */
  readonly amount: number;
  /** The time that the line charges for or credits. */
  readonly period: Period;
  /** Whether it settles a change within a period. */
  readonly proration: boolean;
  /** The lines whose unused time it credits (`credited_items`); empty if Stripe does not say. */
  readonly credited: readonly { readonly invoiceId: string; readonly lineId: string }[];
}

/** An invoice at Stripe at one moment. */
export interface SnapshotInvoice {
  readonly id: string;
  /** `null` if it belongs to no subscription. */
  readonly subscriptionId: string | null;
  readonly status: "draft" | "open" | "paid" | "uncollectible" | "void";
  /** Stripe's `billing_reason`. */
  readonly billingReason: string;
  readonly createdAt: Date;
  /** Order among invoices of the same second; newer ones have a higher number. */
  readonly order: number;
  /** The due date; only invoices sent by e-mail have one. */
  readonly dueAt: Date | null;
  readonly finalizedAt: Date | null;
  readonly paidAt: Date | null;
  /** Whether a payment was attempted. */
  readonly attempted: boolean;
  /** ISO 4217, lower case. */
  readonly currency: string;
  /** Minor units after discounts and taxes, before the customer's balance. */
  readonly total: number;
  /** The part of it that is tax which no price contains. */
  readonly taxAdded: number;
  /** Minor units paid in money. */
  readonly amountPaid: number;
  /** Minor units still to pay. */
  readonly amountRemaining: number;
  /** Minor units of it that payments on their way will pay, as bank debits are for days. */
  readonly amountProcessing: number;
  /** Stripe's page for it, which also takes the payment while it is open. */
  readonly hostedUrl: string | null;
  /** The customer's balance before this invoice; negative is a credit. */
  readonly startingBalance: number;
  /** The customer's balance after this invoice; `null` until it is finalised. */
  readonly endingBalance: number | null;
  /** Why Stripe could not finalise a draft; `null` where it did not try or could. */
  readonly finalizationError: string | null;
  /** Stripe's `status_details.uncollectible.reason`. */
  readonly uncollectibleReason: string | null;
  readonly lines: readonly SnapshotLine[];
}

/** What Stripe says about a customer at one moment, the only source of state (P09). */
export interface CustomerSnapshot {
  /** A deleted customer can never be used again. */
  readonly deleted: boolean;
  /** The customer's balance in minor units; negative is a credit. */
  readonly balance: number;
  /** All subscriptions, in every status and of every product. */
  readonly subscriptions: readonly SnapshotSubscription[];
  /** All invoices with all lines, in any order, read after the subscriptions. */
  readonly invoices: readonly SnapshotInvoice[];
  /** Lines that are on no invoice yet. */
  readonly pendingLines: readonly SnapshotLine[];
}

/** Sorts a snapshot's invoices, oldest first: by creation, then in Stripe's order. */
export function oldestFirst(invoices: readonly SnapshotInvoice[]): SnapshotInvoice[] {
  return invoices.toSorted((a, b) => +a.createdAt - +b.createdAt || a.order - b.order);
}

/** Returns how much of an invoice the customer's balance paid, in minor units. */
export function paidByBalance({ startingBalance, endingBalance }: SnapshotInvoice): number {
  const used = (endingBalance ?? startingBalance) - startingBalance;
  return startingBalance < 0 ? Math.max(0, used) : 0;
}

/** What an invoice came to for each unit of its lines: less by discounts, more by taxes. */
export function chargedPerUnit({ total, lines }: SnapshotInvoice): number {
  const sum = lines.reduce((amount, line) => amount + line.amount, 0);
  return sum > 0 ? total / sum : 1;
}

/** Returns the discounts of an invoice at a moment, if none is made before it. */
export function discountsAt(
  { discounts }: Pick<SnapshotSubscription, "discounts">,
  at: Date,
): readonly SnapshotDiscount[] {
  return discounts.filter(({ endsAt }) => endsAt === null || at < endsAt);
}

/** Whether a line credits something. A credit never bills a plan. */
export function isCredit({ amount, credited }: SnapshotLine): boolean {
  return amount < 0 || credited.length > 0;
}

/** Whether a line credits time that was charged for, so that a month can inherit. */
export function creditsTime({ amount, proration, credited }: SnapshotLine): boolean {
  return amount < 0 && (proration || credited.length > 0);
}
