import type { PlanPrice } from "../../domain/catalog/catalog.ts";
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
import { trialDaysFor } from "../../domain/subscription/subscription.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { Clock } from "../ports/clock.ts";
import type {
  PaymentGateway,
  PriceChange,
  PriceChangePreview,
  Purchase,
} from "../ports/subscription/payment_gateway.ts";
import type { SynchronizeTenant } from "../synchronization/synchronize_tenant.ts";

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
  /** The lines and taxes on top of them, less what the customer's balance pays. */
  readonly dueNow: number;
  /** What is invoiced now; nothing where the plan takes effect later, or after a trial. */
  readonly lines: PriceChangePreview["lines"];
  /** Taxes of it, those that prices include among them. */
  readonly tax: number;
  /** What the customer's balance pays of it; negative where it takes or leaves something there. */
  readonly balanceApplied: number;
  /** What the payment after that takes, after the rest of the balance. */
  readonly nextPayment: number;
  readonly nextPaymentAt: Date;
  readonly currency: string;
  /** Free days before the first payment. */
  readonly trialDays: number | null;
}

/** The answer. */
export type PreviewCheckoutOutcome =
  | { readonly type: "preview"; readonly preview: CheckoutPreview }
  | PlanChoiceRefusal
  | Exclude<PlanStep, { type: "buy" | "change" }>;

/** Says what choosing a plan would cost and when it would take effect. Changes nothing (P19). */
export class PreviewCheckout {
  readonly #synchronizeTenant: SynchronizeTenant;
  readonly #catalog: CatalogStore;
  readonly #payments: PaymentGateway;
  readonly #clock: Clock;

  constructor(ports: {
    synchronizeTenant: SynchronizeTenant;
    catalog: CatalogStore;
    payments: PaymentGateway;
    clock: Clock;
  }) {
    this.#synchronizeTenant = ports.synchronizeTenant;
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
    const look = await this.#synchronizeTenant.lookClosely({ tenantId });
    const now = this.#clock();
    const step = nextPlanStep(look, choice, { catalog, now });
    switch (step.type) {
      case "buy": {
        const subscriptions = look.snapshot?.subscriptions ?? [];
        const trialDays = trialDaysFor(choice.plan, subscriptions, tenantId);
        const purchase = { now, trialDays, customerId: look.account.customerId };
        return { type: "preview", preview: await this.#purchase(choice, purchase) };
      }
      case "change":
        return { type: "preview", preview: await this.#change(choice, step, now) };
      default:
        return step;
    }
  }

  async #purchase(
    choice: PlanChoice,
    {
      now,
      trialDays,
      customerId,
    }: { now: Date; trialDays: number | null; customerId: string | null },
  ): Promise<CheckoutPreview> {
    const { price } = choice;
    const trialEnd = trialDays === null ? null : new Date(now.getTime() + trialDays * DAY_MS);
    const common = {
      ...offerOf(choice),
      mode: "checkout" as const,
      timing: { effective: "now" as const, at: now },
      trialDays,
    };
    const nextPaymentAt = trialEnd ?? intervalEnd(now, price);
    if (customerId === null) {
      return { ...common, ...listPrice(choice, trialEnd), nextPaymentAt };
    }
    const purchase = { customerId, priceId: price.priceId, trialEnd };
    return { ...common, ...(await this.#costsNow(purchase)), nextPaymentAt };
  }

  async #change(
    choice: PlanChoice,
    { subscription, item, timing }: Extract<PlanStep, { type: "change" }>,
    now: Date,
  ): Promise<CheckoutPreview> {
    const { price } = choice;
    const common = { ...offerOf(choice), mode: "portal" as const, timing, trialDays: null };
    const change = {
      customerId: subscription.customerId,
      subscriptionId: subscription.id,
      itemId: item.id,
      priceId: price.priceId,
      quantity: item.quantity,
      endsTrial: subscription.status === "trialing",
    };
    if (timing.effective === "now") {
      const costs = await this.#costsNow(change);
      return { ...common, ...costs, nextPaymentAt: intervalEnd(now, price) };
    }
    const { total, startingBalance, currency } = await this.#payments.previewChange(
      change,
      "recurring",
    );
    return {
      ...common,
      ...NOTHING_DUE,
      nextPayment: Math.max(0, total + startingBalance),
      nextPaymentAt: timing.at,
      currency,
    };
  }

  async #costsNow(change: PriceChange | Purchase) {
    const now = await this.#payments.previewChange(change, "due_now");
    const recurring = await this.#payments.previewChange(change, "recurring");
    const { dueNow, lines, tax, currency, total, startingBalance } = now;
    const balanceApplied = total - dueNow;
    const nextPayment = Math.max(0, recurring.total + startingBalance + balanceApplied);
    return { dueNow, lines, tax, balanceApplied, nextPayment, currency };
  }
}

const NOTHING_DUE = { dueNow: 0, lines: [], tax: 0, balanceApplied: 0 } as const;

/** Without a customer nobody has a balance, a coupon or an address: the list price it is. */
function listPrice({ plan, price }: PlanChoice, trialEnd: Date | null) {
  const { amount, currency } = price;
  const next = { nextPayment: amount, currency };
  return trialEnd === null
    ? { ...NOTHING_DUE, ...next, dueNow: amount, lines: [{ description: plan.name, amount }] }
    : { ...NOTHING_DUE, ...next };
}

function offerOf({ plan, price }: PlanChoice) {
  return { planSlug: plan.slug, interval: price.interval };
}

function intervalEnd(start: Date, { interval }: PlanPrice): Date {
  return addMonths(start, interval === "year" ? 12 : 1);
}
