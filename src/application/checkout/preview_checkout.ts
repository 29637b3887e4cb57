import type { Plan, PlanPrice } from "../../domain/catalog/catalog.ts";
import {
  choosePlan,
  type PlanChoice,
  type PlanChoiceRefusal,
  type PlanSelection,
} from "../../domain/catalog/plan_choice.ts";
import {
  type ChangeTiming,
  nextPlanStep,
  type PlanStep,
} from "../../domain/checkout/plan_change.ts";
import { addMonths } from "../../domain/subscription/billing_period.ts";
import {
  currentSubscription,
  type Subscription,
  trialDaysFor,
} from "../../domain/subscription/subscription.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { Clock } from "../ports/clock.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";

const DAY_MS = 86_400_000;

/** A question what choosing a plan would do. */
export interface PreviewCheckoutCommand extends PlanSelection {
  readonly tenantId: string;
}

/** What choosing a plan would do. Amounts are in minor units of `currency`. */
export interface CheckoutPreview {
  readonly planSlug: string;
  readonly interval: PlanPrice["interval"];
  /** Where the choice leads: to Checkout, or to the Portal's confirmation. */
  readonly mode: "checkout" | "portal";
  /** When the plan takes effect, once it is paid or confirmed. */
  readonly timing: ChangeTiming;
  /** After credits for what is paid already, taxes that are known, and the customer's balance. */
  readonly dueNow: number;
  readonly nextAmount: number;
  readonly nextPaymentAt: Date;
  readonly currency: string;
  /** Free days before the first payment. */
  readonly trialDays: number | null;
}

/** The answer. */
export type PreviewCheckoutOutcome =
  | { readonly type: "preview"; readonly preview: CheckoutPreview }
  | PlanChoiceRefusal
  | Extract<PlanStep, { type: "already_on_plan" | "fix_payment" | "ending" | "change_scheduled" }>;

/** Says what choosing a plan would cost and when it would take effect. Changes nothing (P19). */
export class PreviewCheckout {
  readonly #accounts: AccountStore;
  readonly #catalog: CatalogStore;
  readonly #payments: PaymentGateway;
  readonly #clock: Clock;

  constructor(ports: {
    accounts: AccountStore;
    catalog: CatalogStore;
    payments: PaymentGateway;
    clock: Clock;
  }) {
    this.#accounts = ports.accounts;
    this.#catalog = ports.catalog;
    this.#payments = ports.payments;
    this.#clock = ports.clock;
  }

  /** @throws {PortError} */
  async execute(command: PreviewCheckoutCommand): Promise<PreviewCheckoutOutcome> {
    const { tenantId } = command;
    const catalog = await requireCatalog(this.#catalog);
    const choice = choosePlan(catalog, command);
    if (choice.type !== "chosen") {
      return choice;
    }
    const now = this.#clock();
    const subscriptions = await this.#subscriptionsOf(tenantId);
    const current = currentSubscription(subscriptions, tenantId);
    const step = nextPlanStep(current, choice, { catalog, now });
    switch (step.type) {
      case "buy": {
        const trialDays = trialDaysFor(choice.plan, subscriptions, tenantId);
        return { type: "preview", preview: purchase(choice, { now, trialDays }) };
      }
      case "change":
        return { type: "preview", preview: await this.#change(choice, step, now) };
      case "already_on_plan":
      case "fix_payment":
      case "ending":
      case "change_scheduled":
        return step;
      default:
        return step satisfies never;
    }
  }

  async #subscriptionsOf(tenantId: string): Promise<readonly Subscription[]> {
    const account = await this.#accounts.find(tenantId);
    const customerId = account?.customerId ?? null;
    return customerId === null ? [] : ((await this.#payments.subscriptions(customerId)) ?? []);
  }

  async #change(
    { plan, price }: PlanChoice,
    { subscription, item, timing }: Extract<PlanStep, { type: "change" }>,
    now: Date,
  ): Promise<CheckoutPreview> {
    const common = { ...offerOf(plan, price), mode: "portal" as const, timing, trialDays: null };
    if (timing.effective === "period_end") {
      return { ...common, dueNow: 0, nextPaymentAt: timing.at };
    }
    const endsTrial = subscription.status === "trialing";
    const { dueNow, currency, newPeriodEnd } = await this.#payments.previewChange({
      customerId: subscription.customerId,
      subscriptionId: subscription.id,
      itemId: item.id,
      priceId: price.priceId,
      endsTrial,
    });
    const restarts = endsTrial || item.interval !== price.interval;
    const ownEnd = restarts ? intervalEnd(now, price) : item.period.end;
    return { ...common, dueNow, currency, nextPaymentAt: newPeriodEnd ?? ownEnd };
  }
}

function purchase(
  { plan, price }: PlanChoice,
  { now, trialDays }: { now: Date; trialDays: number | null },
): CheckoutPreview {
  const trialEnd = trialDays === null ? null : new Date(now.getTime() + trialDays * DAY_MS);
  return {
    ...offerOf(plan, price),
    mode: "checkout",
    timing: { effective: "now", at: now },
    dueNow: trialEnd === null ? price.amount : 0,
    nextPaymentAt: trialEnd ?? intervalEnd(now, price),
    trialDays,
  };
}

function offerOf(plan: Plan, price: PlanPrice) {
  return {
    planSlug: plan.slug,
    interval: price.interval,
    nextAmount: price.amount,
    currency: price.currency,
  };
}

function intervalEnd(start: Date, { interval }: PlanPrice): Date {
  return addMonths(start, interval === "year" ? 12 : 1);
}
