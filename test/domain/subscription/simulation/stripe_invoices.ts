import type {
  SnapshotInvoice,
  SnapshotSubscription,
} from "../../../../src/domain/subscription/customer_snapshot.ts";
import type { Line } from "./stripe_lines.ts";
import { HOUR, type Mutable, type PlanSlug } from "./stripe_prices.ts";

/** What happens to a payment that is tried. */
export type Card = "good" | "declines" | "debit_fails" | "debit_succeeds";

/** What Stripe is set to do when all retries of a renewal have failed. */
export type Dunning = "cancel" | "unpaid" | "past_due" | "uncollectible";

/** An invoice, to be changed. */
export type Invoice = Mutable<SnapshotInvoice>;

/** A subscription, to be changed. */
export type Subscription = Mutable<SnapshotSubscription> & {
  plan: PlanSlug;
  interval: "month" | "year";
  netDays: number | null;
};

/** Retries end this long after the first failure. */
const DUNNING_MS = 21 * 24 * HOUR;
const DEBIT_MS = 4 * 24 * HOUR;

/**
 * The invoices of one customer and their payment, as Stripe's documentation has it: "Customer
 * invoice balance", "Smart Retries", "Pause payment collection", "Bank debits".
 */
export class StripeInvoices {
  now: number;
  card: Card = "good";
  dunning: Dunning = "past_due";
  balance = 0;
  /** What came in, in minor units, less what was given back. */
  received = 0;
  readonly subscriptions: Subscription[] = [];
  readonly invoices: Invoice[] = [];
  readonly #agenda: { at: number; run: () => void }[] = [];

  constructor(start: string) {
    this.now = Date.parse(start);
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

  protected at(at: number, run: () => void): void {
    this.#agenda.push({ at, run });
  }

  protected draft(subscription: Subscription, billingReason: string, lines: Line[]): Invoice {
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
      taxAdded: 0,
      amountPaid: 0,
      amountRemaining: 0,
      amountProcessing: 0,
      hostedUrl: null,
      startingBalance: 0,
      endingBalance: null,
      finalizationError: null,
      uncollectibleReason: null,
      lines,
    };
    this.invoices.push(invoice);
    return invoice;
  }

  protected finalise(subscription: Subscription, invoice: Invoice): void {
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
      this.at(+(invoice.dueAt ?? 0), () => this.#fail(subscription, invoice));
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
        this.at(this.now + DEBIT_MS, () => {
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
      this.at(this.now + day * 24 * HOUR, () => this.#retry(subscription, invoice));
    }
    this.at(this.now + DUNNING_MS, () => this.#giveUp(subscription, invoice));
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
}
