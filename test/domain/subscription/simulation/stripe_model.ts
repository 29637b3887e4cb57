import type { CustomerSnapshot } from "../../../../src/domain/subscription/customer_snapshot.ts";
import { type Invoice, StripeInvoices, type Subscription } from "./stripe_invoices.ts";
import { chargeLine, creditLines, type Line } from "./stripe_lines.ts";
import { clampedMonths, HOUR, type PlanSlug, PRICES, priceId } from "./stripe_prices.ts";

const PENDING_UPDATE_MS = 23 * HOUR;

/**
 * One customer at Stripe, as far as invoices go: written from Stripe's documentation ("How
 * subscriptions work", "Prorations", "Customer invoice balance", "Smart Retries", "Pending
 * updates", "Pause payment collection"), and from nothing of ours.
 */
export class StripeModel extends StripeInvoices {
  readonly #pending: Line[] = [];

  /** Everything that a look reads. */
  snapshot(): CustomerSnapshot {
    return structuredClone({
      deleted: false,
      balance: this.balance,
      subscriptions: this.subscriptions,
      invoices: this.invoices,
      pendingLines: this.#pending,
    });
  }

  /** A Checkout that was completed, or a subscription that an operator made. */
  subscribe(
    plan: PlanSlug,
    {
      interval = "month",
      trialDays = 0,
      netDays = null,
      firstDays = null,
    }: {
      interval?: "month" | "year";
      trialDays?: number;
      netDays?: number | null;
      firstDays?: number | null;
    } = {},
  ): Subscription {
    const id = `sub_${this.subscriptions.length + 1}`;
    const start = this.now;
    const first = firstDays ?? (trialDays > 0 ? trialDays : null);
    const anchor = first === null ? start : start + first * 24 * HOUR;
    const end =
      first === null ? clampedMonths(start, interval === "month" ? 1 : 12, start) : anchor;
    const subscription: Subscription = {
      id,
      customerId: "cus_1",
      tenantId: "clacme0001",
      status: trialDays > 0 ? "trialing" : "active",
      items: [],
      billingCycleAnchor: new Date(anchor),
      createdAt: new Date(start),
      endedAt: null,
      endReason: null,
      cancelAt: null,
      cancelAtPeriodEnd: false,
      trialEnd: trialDays > 0 ? new Date(end) : null,
      pauseCollection: null,
      taxTurnedOff: false,
      collectionMethod: netDays === null ? "charge_automatically" : "send_invoice",
      schedule: null,
      pendingUpdate: null,
      discounts: [],
      paymentMethod: null,
      plan,
      interval,
      netDays,
    };
    this.subscriptions.push(subscription);
    this.#setItem(subscription, { start, end });
    const full = PRICES[plan][interval];
    const amount =
      trialDays > 0 ? 0 : firstDays === null ? full : Math.round((full * firstDays) / 30);
    const invoice = this.draft(subscription, "subscription_create", [
      chargeLine(subscription, amount, { proration: firstDays !== null }),
    ]);
    this.finalise(subscription, invoice);
    this.#scheduleRenewal(subscription);
    return subscription;
  }

  /** A change of price: by a deep link (the default), or as an operator wants it. */
  change(
    subscription: Subscription,
    plan: PlanSlug,
    {
      interval = "month",
      anchor = "now",
      proration = "always_invoice",
      behavior = "allow_incomplete",
    }: {
      interval?: "month" | "year";
      anchor?: "now" | "unchanged";
      proration?: "always_invoice" | "create_prorations" | "none";
      behavior?: "allow_incomplete" | "pending_if_incomplete";
    } = {},
  ): Invoice | undefined {
    const credit =
      proration === "none"
        ? []
        : creditLines(subscription, {
            now: this.now,
            invoices: this.invoices,
            pending: this.#pending,
          });
    const before = { ...subscription, items: subscription.items };
    const [item] = subscription.items;
    if (item === undefined) {
      throw new TypeError("no item");
    }
    Object.assign(subscription, { plan, interval });
    const oldEnd = +item.period.end;
    const months = interval === "month" ? 1 : 12;
    const end = anchor === "now" ? clampedMonths(this.now, months, this.now) : oldEnd;
    if (anchor === "now") {
      subscription.billingCycleAnchor = new Date(this.now);
      subscription.trialEnd =
        subscription.status === "trialing" ? new Date(this.now) : subscription.trialEnd;
      subscription.status = subscription.status === "trialing" ? "active" : subscription.status;
    }
    const full = PRICES[plan][interval];
    const share = (oldEnd - this.now) / (oldEnd - +item.period.start);
    this.#setItem(subscription, { start: anchor === "now" ? this.now : +item.period.start, end });
    const debit =
      anchor === "now"
        ? [chargeLine(subscription, full, { proration: false })]
        : proration === "none"
          ? []
          : [
              chargeLine(subscription, Math.round(full * share), {
                proration: true,
                start: this.now,
              }),
            ];
    const lines = [...credit, ...debit];
    if (anchor === "now") {
      this.#scheduleRenewal(subscription);
    } else if (proration === "create_prorations") {
      this.#pending.push(...lines);
      return undefined;
    }
    if (lines.length === 0) {
      return undefined;
    }
    const invoice = this.draft(subscription, "subscription_update", lines);
    if (subscription.pauseCollection === "keep_as_draft") {
      return invoice;
    }
    const parked = behavior === "pending_if_incomplete" && this.card === "declines";
    this.finalise(subscription, invoice);
    if (parked) {
      Object.assign(subscription, before, { status: before.status });
      subscription.pendingUpdate = { expiresAt: new Date(this.now + PENDING_UPDATE_MS) };
      this.at(this.now + PENDING_UPDATE_MS, () => {
        invoice.status = "void";
        subscription.pendingUpdate = null;
      });
    }
    return invoice;
  }

  #setItem(subscription: Subscription, { start, end }: { start: number; end: number }): void {
    const { plan, interval, id } = subscription;
    subscription.items = [
      {
        id: `si_${id}`,
        priceId: priceId(plan, interval),
        productId: `prod_${plan}`,
        licensed: true,
        quantity: 1,
        interval,
        intervalCount: 1,
        amount: PRICES[plan][interval],
        period: { start: new Date(start), end: new Date(end) },
      },
    ];
  }

  #scheduleRenewal(subscription: Subscription): void {
    const [item] = subscription.items;
    const end = +(item?.period.end ?? 0);
    this.at(end, () => {
      if (+(subscription.items[0]?.period.end ?? 0) === end) {
        this.#renew(subscription, end);
      }
    });
  }

  #renew(subscription: Subscription, start: number): void {
    if (subscription.status === "canceled") {
      return;
    }
    if (subscription.cancelAtPeriodEnd) {
      subscription.status = "canceled";
      subscription.endedAt = new Date(start);
      return;
    }
    subscription.status = subscription.status === "trialing" ? "active" : subscription.status;
    const months = subscription.interval === "month" ? 1 : 12;
    const end = clampedMonths(start, months, +subscription.billingCycleAnchor);
    this.#setItem(subscription, { start, end });
    const pending = this.#pending.splice(0);
    const invoice = this.draft(subscription, "subscription_cycle", [
      ...pending,
      chargeLine(subscription, PRICES[subscription.plan][subscription.interval], {
        proration: false,
      }),
    ]);
    const stays =
      subscription.status === "unpaid" || subscription.pauseCollection === "keep_as_draft";
    if (!stays) {
      this.at(start + HOUR, () => this.finalise(subscription, invoice));
    }
    this.#scheduleRenewal(subscription);
  }
}
