import { advanceMonths, monthsSettledLate } from "../../../../src/domain/quota/advance_months.ts";
import type { MonthLook } from "../../../../src/domain/quota/month_look.ts";
import {
  leftOf,
  NO_MONTHS,
  type UsageMonths,
  useIn,
} from "../../../../src/domain/quota/usage_months.ts";
import {
  duplicateSubscriptions,
  type SubscriptionQuestion,
} from "../../../../src/domain/subscription/current_subscription.ts";
import { type Entitlement, entitlement } from "../../../../src/domain/subscription/entitlement.ts";
import { type Measure, paidShare } from "../../../../src/domain/subscription/month.ts";
import { settlements } from "../../../../src/domain/subscription/settlement.ts";
import { type Standing, standingOf } from "../../../../src/domain/subscription/standing.ts";
import { StripeModel } from "./stripe_model.ts";
import { HOUR, historyCatalog } from "./stripe_prices.ts";

/** What the rule is replaced by, to see that it is noticed. */
export interface Fault {
  readonly standing?: (standing: Standing) => Standing;
  readonly entitlement?: (found: Entitlement) => Entitlement;
}

const GRACE_DAYS = 14;
const CATALOG = historyCatalog();

/** A tenant that spends everything at every moment, and what it has used under paid plans. */
export class GreedyTenant {
  readonly stripe: StripeModel;
  readonly used = { emails: 0, tokens: 0 };
  /** Whether it uses what it can. */
  spends = true;
  packs = 0;
  plan = "free";
  reason = "not_subscribed";
  usage: Record<Measure, UsageMonths> = { emails: NO_MONTHS, tokens: NO_MONTHS };
  readonly #inForce = new Set<string>();
  readonly #endedDuplicates = new Set<string>();
  readonly #begunTokens = new Set<string>();
  readonly #start: number;
  readonly #fault: Fault;

  /** How long it waits between two looks. */
  stepHours = 6;

  constructor(start = "2027-01-01T00:00:00Z", fault: Fault = {}) {
    this.stripe = new StripeModel(start);
    this.#start = this.stripe.now;
    this.#fault = fault;
  }

  /** Moves time to a day after the beginning, looking and spending all the way. */
  until(day: number): void {
    const end = this.#start + day * 24 * HOUR;
    for (;;) {
      this.look();
      if (this.stripe.now >= end) {
        return;
      }
      this.stripe.advanceTo(Math.min(end, this.stripe.now + this.stepHours * HOUR));
    }
  }

  /** Moves time without a look: webhooks are lost. */
  unseenUntil(day: number): void {
    this.stripe.advanceTo(this.#start + day * 24 * HOUR);
  }

  /** One look at Stripe, by a clock that may differ, and everything is spent. */
  look(skewMs = 0): Entitlement {
    const now = new Date(this.stripe.now + skewMs);
    const question = {
      tenantId: "clacme0001",
      catalog: CATALOG,
      inForce: this.#inForce,
      endedDuplicates: this.#endedDuplicates,
    };
    this.#endDuplicates(question);
    const standing = standingOf(this.stripe.snapshot(), question);
    const seen = this.#fault.standing?.(standing) ?? standing;
    const found = entitlement(seen, CATALOG, { now, graceDays: GRACE_DAYS });
    const entitled = this.#fault.entitlement?.(found) ?? found;
    this.plan = entitled.plan.slug;
    this.reason = entitled.reason;
    if (entitled.month.subscriptionId !== null) {
      this.#inForce.add(entitled.month.subscriptionId);
    }
    this.#advance("emails", entitled, now);
    this.#advance("tokens", entitled, now);
    if (this.spends) {
      this.spend();
    }
    return entitled;
  }

  /** Uses all that is left. */
  spend(): void {
    for (const measure of ["emails", "tokens"] as const) {
      this.use(measure, leftOf(this.usage[measure]) ?? 0);
    }
    this.used.tokens += this.packs;
    this.packs = 0;
  }

  /** Uses some of the month in force; a free month's does not count as paid. */
  use(measure: Measure, amount: number): void {
    const usage = this.usage[measure];
    const month = usage.months.find(({ name }) => name === usage.current);
    this.usage[measure] = useIn(usage, usage.current, amount);
    if (month?.subscriptionId) {
      this.used[measure] += amount;
    }
  }

  /** Uses a share of what is left in the month in force. */
  useShare(share: number): void {
    for (const measure of ["emails", "tokens"] as const) {
      this.use(measure, Math.floor((leftOf(this.usage[measure]) ?? 0) * share));
    }
  }

  /** Gives back what was counted in a month. */
  release(measure: Measure, month: string, amount: number): void {
    this.usage[measure] = useIn(this.usage[measure], month, -amount);
    this.used[measure] -= amount;
  }

  #advance(measure: Measure, found: Entitlement, now: Date): void {
    const look: MonthLook = {
      measure,
      month: found.month,
      months: found.months,
      goesOn: found.goesOn,
      subscriptionLives: found.subscriptionLives,
      knownSince: null,
    };
    for (const step of advanceMonths(this.usage[measure], look, now)) {
      this.usage[measure] = step.usage;
      if (measure === "tokens") {
        this.packs += step.madeGood;
        this.#begunTokens.add(step.month);
      }
    }
    if (measure === "tokens") {
      for (const month of monthsSettledLate(this.usage.tokens, look)) {
        if (!this.#begunTokens.has(month.name)) {
          this.#begunTokens.add(month.name);
          this.packs += paidShare(month, "tokens");
        }
      }
    }
  }

  #endDuplicates(question: Omit<SubscriptionQuestion, "settled">): void {
    const snapshot = this.stripe.snapshot();
    const settled = settlements(snapshot, CATALOG);
    for (const duplicate of duplicateSubscriptions(snapshot, { ...question, settled })) {
      const found = this.stripe.subscriptions.find(({ id }) => id === duplicate.subscriptionId);
      if (duplicate.action === "end" && found !== undefined) {
        this.#endedDuplicates.add(found.id);
        this.stripe.cancel(found);
        this.stripe.received -= duplicate.refunds.reduce((sum, { money }) => sum + money, 0);
        this.stripe.balance -= duplicate.refunds.reduce((sum, { balance }) => sum + balance, 0);
      }
    }
  }
}
