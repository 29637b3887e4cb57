import type { PlanChoice } from "../catalog/plan_choice.ts";
import type { Period } from "../subscription/billing_period.ts";
import {
  type CustomerSnapshot,
  isCredit,
  type SnapshotItem,
  type SnapshotLine,
  type SnapshotSubscription,
} from "../subscription/customer_snapshot.ts";

/** A line of a previewed invoice, as far as it decides anything. */
export type SupposedLine = Pick<
  SnapshotLine,
  "priceId" | "amount" | "period" | "proration" | "credited"
>;

/** A purchase or a change of plan that is supposed to have happened and to be paid. */
export interface Supposition {
  readonly tenantId: string;
  readonly customerId: string;
  readonly choice: Pick<PlanChoice, "plan" | "price">;
  /** The period that it opens. */
  readonly period: Period;
  readonly isTrial: boolean;
  readonly billingReason: "subscription_create" | "subscription_update" | "subscription_cycle";
  /** What is changed; nothing for a purchase. */
  readonly changed?: { readonly subscription: SnapshotSubscription; readonly item: SnapshotItem };
  /** What is invoiced for it, credits for unused time among it. */
  readonly lines: readonly SupposedLine[];
}

const NOTHING: CustomerSnapshot = {
  deleted: false,
  balance: 0,
  subscriptions: [],
  invoices: [],
  pendingLines: [],
};

/** The snapshot that a look would find after a purchase or a change that was paid. */
export function supposedSnapshot(
  snapshot: CustomerSnapshot | null,
  supposition: Supposition,
): CustomerSnapshot {
  const { period, choice, changed, billingReason } = supposition;
  const { subscriptions, invoices, ...rest } = snapshot ?? NOTHING;
  const subscription = subscriptionAfter(supposition);
  const others = subscriptions.filter(({ id }) => id !== subscription.id);
  const credits = supposition.lines.filter((line) => isCredit({ ...line, ...UNKNOWN }));
  const lines = credits.map((line, index) => ({
    ...line,
    id: `il_credit_${index}`,
    subscriptionId: subscription.id,
    productId: line.priceId === changed?.item.priceId ? changed.item.productId : null,
    licensed: line.priceId === changed?.item.priceId,
  }));
  const charge: SnapshotLine = {
    ...UNKNOWN,
    id: "il_supposed",
    subscriptionId: subscription.id,
    licensed: true,
    priceId: choice.price.priceId,
    productId: choice.plan.productId,
    amount: supposition.isTrial ? 0 : choice.price.amount,
    period,
    proration: false,
    credited: [],
  };
  const invoice = {
    id: "in_supposed",
    subscriptionId: subscription.id,
    status: "paid" as const,
    billingReason,
    createdAt: period.start,
    order: Number.MAX_SAFE_INTEGER,
    dueAt: null,
    finalizedAt: period.start,
    paidAt: period.start,
    attempted: true,
    currency: choice.price.currency,
    total: charge.amount,
    taxAdded: 0,
    amountPaid: charge.amount,
    amountRemaining: 0,
    amountProcessing: 0,
    hostedUrl: null,
    startingBalance: 0,
    endingBalance: 0,
    finalizationError: null,
    uncollectibleReason: null,
    lines: [...lines, charge],
  };
  return {
    ...rest,
    subscriptions: [...others, subscription],
    invoices: [...invoices, invoice],
  };
}

const UNKNOWN = { id: "", subscriptionId: null, productId: null, licensed: false };

function subscriptionAfter(supposition: Supposition): SnapshotSubscription {
  const { tenantId, customerId, choice, period, isTrial, changed } = supposition;
  const { plan, price } = choice;
  const quantity = changed?.item.quantity ?? 1;
  const item: SnapshotItem = {
    id: changed?.item.id ?? "si_supposed",
    priceId: price.priceId,
    productId: plan.productId ?? "",
    licensed: true,
    quantity,
    interval: price.interval,
    intervalCount: 1,
    amount: price.amount * quantity,
    period,
  };
  return {
    ...(changed?.subscription ?? {
      id: "sub_supposed",
      customerId,
      tenantId,
      createdAt: period.start,
      endedAt: null,
      endReason: null,
      pauseCollection: null,
      collectionMethod: "charge_automatically" as const,
      taxTurnedOff: false,
      pendingUpdate: null,
      discounts: [],
      paymentMethod: null,
    }),
    status: isTrial ? "trialing" : "active",
    items: [item],
    billingCycleAnchor: period.start,
    trialEnd: isTrial ? period.end : (changed?.subscription.trialEnd ?? null),
    cancelAt: null,
    cancelAtPeriodEnd: false,
    schedule: null,
  };
}
