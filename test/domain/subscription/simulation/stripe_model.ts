import type {
  CustomerSnapshot,
  SnapshotInvoice,
  SnapshotLine,
  SnapshotSubscription,
} from "../../../../src/domain/subscription/customer_snapshot.ts";
import {
  clampedMonths,
  HOUR,
  type Mutable,
  type PlanSlug,
  PRICES,
  priceId,
} from "./stripe_prices.ts";

/** What happens to a payment that is tried. */
export type Card = "good" | "declines" | "debit_fails" | "debit_succeeds";

/** What Stripe is set to do when all retries of a renewal have failed. */
export type Dunning = "cancel" | "unpaid" | "past_due" | "uncollectible";

type Invoice = Mutable<SnapshotInvoice>;
type Line = Mutable<SnapshotLine>;
export type Subscription = Mutable<SnapshotSubscription> & {
  plan: PlanSlug;
  interval: "month" | "year";
  netDays: number | null;
};

/** Retries end this long after the first failure. */
const DUNNING_MS = 21 * 24 * HOUR;
const DEBIT_MS = 4 * 24 * HOUR;
const PENDING_UPDATE_MS = 23 * HOUR;

/**
 * One customer at Stripe, as far as invoices go: written from Stripe's documentation ("How
 * subscriptions work", "Prorations", "Customer invoice balance", "Smart Retries", "Pending
 * updates", "Pause payment collection"), and from nothing of ours.
 */
export class StripeModel {
  now: number;
  card: Card = "good";
  dunning: Dunning = "past_due";
  balance = 0;
  /** What came in, in minor units, less what was given back. */
  received = 0;
  readonly subscriptions: Subscription[] = [];
  readonly invoices: Invoice[] = [];
  readonly #pending: Line[] = [];
  readonly #agenda: { at: number; run: () => void }[] = [];

  constructor(start: string) {
    this.now = Date.parse(start);
  }

  /** Everything that a look reads. */
  snapshot(): CustomerSnapshot {
    return structuredClone({
      deleted: false,
      subscriptions: this.subscriptions,
      invoices: this.invoices,
      pendingLines: this.#pending,
    });
  }

  /** Moves time on; what is due happens in its order. */
  advanceTo(time: number): void {
    for (;;) {
      const [next] = this.#agenda.toSorted((a, b) => a.at - b.at);
      if (next === undefined || next.at > time) {
        break;
      }
      this.#agenda.splice(this.#agenda.indexOf(next), 1);
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = time;
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
      tenantId: "tenant_one",
      status: trialDays > 0 ? "trialing" : "active",
      items: [],
      billingCycleAnchor: new Date(anchor),
      createdAt: new Date(start),
      endedAt: null,
      cancelAt: null,
      cancelAtPeriodEnd: false,
      trialEnd: trialDays > 0 ? new Date(end) : null,
      pauseCollection: null,
      collectionMethod: netDays === null ? "charge_automatically" : "send_invoice",
      schedule: null,
      pendingUpdate: null,
      plan,
      interval,
      netDays,
    };
    this.subscriptions.push(subscription);
    this.#setItem(subscription, { start, end });
    const full = PRICES[plan][interval];
    const amount =
      trialDays > 0 ? 0 : firstDays === null ? full : Math.round((full * firstDays) / 30);
    const invoice = this.#draft(subscription, "subscription_create", [
      this.#charge(subscription, amount, { proration: firstDays !== null }),
    ]);
    this.#finalise(subscription, invoice);
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
    const credit = proration === "none" ? [] : this.#credit(subscription);
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
        ? [this.#charge(subscription, full, { proration: false })]
        : proration === "none"
          ? []
          : [
              this.#charge(subscription, Math.round(full * share), {
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
    const invoice = this.#draft(subscription, "subscription_update", lines);
    if (subscription.pauseCollection === "keep_as_draft") {
      return invoice;
    }
    const parked = behavior === "pending_if_incomplete" && this.card === "declines";
    this.#finalise(subscription, invoice);
    if (parked) {
      Object.assign(subscription, before, { status: before.status });
      subscription.pendingUpdate = { expiresAt: new Date(this.now + PENDING_UPDATE_MS) };
      this.#at(this.now + PENDING_UPDATE_MS, () => {
        invoice.status = "void";
        subscription.pendingUpdate = null;
      });
    }
    return invoice;
  }

  /** Tries to pay an open invoice now. */
  pay(invoice: Invoice): void {
    const subscription = this.subscriptions.find(({ id }) => id === invoice.subscriptionId);
    if (invoice.status === "draft") {
      invoice.finalizedAt = new Date(this.now);
    }
    this.#collect(invoice);
    if (subscription !== undefined && invoice === this.#newestFinalised(subscription)) {
      this.#paid(subscription);
    }
  }

  /** Ends a subscription at once, without proration. */
  cancel(subscription: Subscription): void {
    subscription.status = "canceled";
    subscription.endedAt = new Date(this.now);
  }

  /** Gives back what was paid for a subscription in money. */
  refund(subscription: Subscription): void {
    const paid = this.invoices.filter((one) => one.subscriptionId === subscription.id);
    this.received -= paid.reduce((sum, { amountPaid }) => sum + amountPaid, 0);
  }

  #at(at: number, run: () => void): void {
    this.#agenda.push({ at, run });
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

  #charge(
    subscription: Subscription,
    amount: number,
    { proration, start }: { proration: boolean; start?: number },
  ): Line {
    const [item] = subscription.items;
    const period = item?.period ?? { start: new Date(this.now), end: new Date(this.now) };
    return {
      id: `il_${crypto.randomUUID()}`,
      subscriptionId: subscription.id,
      priceId: priceId(subscription.plan, subscription.interval),
      productId: `prod_${subscription.plan}`,
      licensed: true,
      amount,
      period: start === undefined ? period : { ...period, start: new Date(start) },
      proration,
      credited: [],
    };
  }

  /** Unused time is credited by what was charged for it, paid or not. */
  #credit(subscription: Subscription): Line[] {
    const charges = [
      ...this.invoices.map((invoice) => ({ invoice, lines: invoice.lines })),
      { invoice: undefined, lines: this.#pending },
    ].flatMap(({ invoice, lines }) => lines.map((line) => ({ invoice, line })));
    const covering = charges.findLast(
      ({ invoice, line }) =>
        line.subscriptionId === subscription.id &&
        line.amount >= 0 &&
        !(invoice?.status === "void" && line.priceId !== subscription.items[0]?.priceId) &&
        +line.period.start <= this.now &&
        this.now < +line.period.end,
    );
    if (covering === undefined) {
      return [];
    }
    const { invoice, line } = covering;
    const share = (+line.period.end - this.now) / (+line.period.end - +line.period.start);
    return [
      {
        ...line,
        id: `il_${crypto.randomUUID()}`,
        amount: 0 - Math.round(line.amount * share),
        period: { start: new Date(this.now), end: line.period.end },
        proration: true,
        credited: invoice ? [{ invoiceId: invoice.id, lineId: line.id }] : [],
      },
    ];
  }

  #draft(subscription: Subscription, billingReason: string, lines: Line[]): Invoice {
    const { netDays } = subscription;
    const invoice: Invoice = {
      id: `in_${this.invoices.length + 1}`,
      subscriptionId: subscription.id,
      status: "draft",
      billingReason,
      createdAt: new Date(this.now),
      order: this.invoices.length,
      dueAt: netDays === null ? null : new Date(this.now + netDays * 24 * HOUR),
      finalizedAt: null,
      paidAt: null,
      attempted: false,
      currency: "eur",
      total: lines.reduce((sum, { amount }) => sum + amount, 0),
      amountPaid: 0,
      startingBalance: 0,
      endingBalance: null,
      uncollectibleReason: null,
      lines,
    };
    this.invoices.push(invoice);
    return invoice;
  }

  #finalise(subscription: Subscription, invoice: Invoice): void {
    if (invoice.status !== "draft" || subscription.status === "canceled") {
      return;
    }
    const { pauseCollection } = subscription;
    invoice.finalizedAt = new Date(this.now);
    if (pauseCollection !== null && invoice.total > 0) {
      invoice.status = pauseCollection === "void" ? "void" : "uncollectible";
      invoice.uncollectibleReason = pauseCollection === "void" ? null : "subscription_paused";
      return;
    }
    invoice.startingBalance = this.balance;
    if (invoice.total + this.balance <= 0) {
      this.balance += invoice.total;
      invoice.endingBalance = this.balance;
      invoice.status = "paid";
      invoice.paidAt = new Date(this.now);
      this.#paid(subscription);
      return;
    }
    this.balance = 0;
    invoice.endingBalance = 0;
    invoice.status = "open";
    if (subscription.netDays !== null) {
      this.#at(+(invoice.dueAt ?? 0), () => this.#fail(subscription, invoice));
      return;
    }
    invoice.attempted = true;
    switch (this.card) {
      case "good":
        this.#collect(invoice);
        this.#paid(subscription);
        break;
      case "declines":
        this.#fail(subscription, invoice);
        break;
      case "debit_succeeds":
      case "debit_fails": {
        const succeeds = this.card === "debit_succeeds";
        this.#at(this.now + DEBIT_MS, () => {
          if (succeeds) {
            this.#collect(invoice);
          } else {
            this.#fail(subscription, invoice);
          }
        });
        break;
      }
      default:
        this.card satisfies never;
    }
  }

  #collect(invoice: Invoice): void {
    const due = Math.max(0, invoice.total + invoice.startingBalance);
    invoice.status = "paid";
    invoice.paidAt = new Date(this.now);
    invoice.amountPaid = due;
    this.received += due;
  }

  #paid(subscription: Subscription): void {
    if (subscription.status === "past_due" || subscription.status === "unpaid") {
      subscription.status = "active";
    }
  }

  #fail(subscription: Subscription, invoice: Invoice): void {
    if (invoice.status !== "open" || subscription.status === "canceled") {
      return;
    }
    subscription.status = subscription.status === "unpaid" ? "unpaid" : "past_due";
    for (const day of [3, 8, 14]) {
      this.#at(this.now + day * 24 * HOUR, () => this.#retry(subscription, invoice));
    }
    this.#at(this.now + DUNNING_MS, () => this.#giveUp(subscription, invoice));
  }

  #retry(subscription: Subscription, invoice: Invoice): void {
    const isTried = subscription.netDays === null && subscription.status !== "canceled";
    if (invoice.status === "open" && isTried && this.card === "good") {
      this.pay(invoice);
    }
  }

  #giveUp(subscription: Subscription, invoice: Invoice): void {
    if (invoice.status !== "open" || subscription.status === "canceled") {
      return;
    }
    switch (this.dunning) {
      case "cancel":
        this.cancel(subscription);
        break;
      case "unpaid":
        subscription.status = "unpaid";
        break;
      case "uncollectible":
        invoice.status = "uncollectible";
        invoice.uncollectibleReason = "max_payment_attempts";
        subscription.status = "active";
        break;
      case "past_due":
        break;
      default:
        this.dunning satisfies never;
    }
  }

  #newestFinalised({ id }: Subscription): Invoice | undefined {
    return this.invoices.findLast((one) => one.subscriptionId === id && one.finalizedAt !== null);
  }

  #scheduleRenewal(subscription: Subscription): void {
    const [item] = subscription.items;
    const end = +(item?.period.end ?? 0);
    this.#at(end, () => {
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
    const invoice = this.#draft(subscription, "subscription_cycle", [
      ...pending,
      this.#charge(subscription, PRICES[subscription.plan][subscription.interval], {
        proration: false,
      }),
    ]);
    const stays =
      subscription.status === "unpaid" || subscription.pauseCollection === "keep_as_draft";
    if (!stays) {
      this.#at(start + HOUR, () => this.#finalise(subscription, invoice));
    }
    this.#scheduleRenewal(subscription);
  }
}
