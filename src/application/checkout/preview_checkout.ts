import type { Catalog, PlanPrice } from "../../domain/catalog/catalog.ts";
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
import { type PlanOutlook, planOutlook } from "../../domain/checkout/plan_outlook.ts";
import { type Supposition, supposedSnapshot } from "../../domain/checkout/supposed_snapshot.ts";
import { NO_MONTHS } from "../../domain/quota/usage_months.ts";
import { addMonths } from "../../domain/subscription/billing_period.ts";
import type { LookedAt } from "../../domain/subscription/looked_at.ts";
import { trialDaysFor } from "../../domain/subscription/subscription.ts";
import { monthsOfLedger } from "../../domain/tokens/earlier_months.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { Clock } from "../ports/clock.ts";
import type { EmailUsageStore } from "../ports/quota/email_usage_store.ts";
import type {
  PaymentGateway,
  PriceChange,
  PriceChangePreview,
  Purchase,
} from "../ports/subscription/payment_gateway.ts";
import type { TokenLedgerStore } from "../ports/tokens/token_ledger_store.ts";
import type { SynchronizeTenant } from "../synchronization/synchronize_tenant.ts";

const DAY_MS = 86_400_000;

/** A request to preview a choice of plan. */
export interface PreviewCheckoutCommand extends PlanSelection {
  readonly tenantId: string;
}

/** The effects of choosing a plan. Amounts are in minor units of `currency`. */
export interface CheckoutPreview extends PlanOutlook {
  readonly planSlug: string;
  readonly interval: PlanPrice["interval"];
  /** Where the choice leads: to Checkout, or to the Portal's confirmation. */
  readonly mode: "checkout" | "portal";
  /** When the plan takes effect, once it is paid or confirmed. */
  readonly timing: ChangeTiming;
  /** The lines plus added taxes, less what the customer's balance pays. */
  readonly dueNow: number;
  /** The lines invoiced now; none if the plan takes effect later or after a trial. */
  readonly lines: readonly { readonly description: string; readonly amount: number }[];
  /** The taxes on it, including those contained in prices. */
  readonly tax: number;
  /** What the customer's balance pays; negative if the balance grows. */
  readonly balanceApplied: number;
  /** The payment after that, less the rest of the balance. */
  readonly nextPayment: number;
  readonly nextPaymentAt: Date;
  readonly currency: string;
  /** Trial days before the first payment; `null` without a trial. */
  readonly trialDays: number | null;
}

/** A preview, or why there is none. */
export type PreviewCheckoutOutcome =
  | { readonly type: "preview"; readonly preview: CheckoutPreview }
  | PlanChoiceRefusal
  | Exclude<PlanStep, { type: "buy" | "change" }>;

/** The facts and rules of a preview. */
interface Question {
  readonly look: LookedAt;
  readonly catalog: Catalog;
  readonly choice: PlanChoice;
  readonly now: Date;
}

/** The cost of a choice. */
type Costs = Pick<
  CheckoutPreview,
  "dueNow" | "lines" | "tax" | "balanceApplied" | "nextPayment" | "currency"
>;

/**
 * Previews what choosing a plan costs, when it takes effect and what it allows. Changes no plan
 * (P19); only reads and asks for previews.
 */
export class PreviewCheckout {
  readonly #ports: PreviewCheckoutPorts;
  readonly #settings: { readonly graceDays: number; readonly refundDuplicates: boolean };

  constructor(
    ports: PreviewCheckoutPorts,
    settings: { graceDays: number; refundDuplicates: boolean },
  ) {
    this.#ports = ports;
    this.#settings = settings;
  }

  /** @throws {PortError} */
  async execute(command: PreviewCheckoutCommand): Promise<PreviewCheckoutOutcome> {
    const { tenantId } = command;
    const catalog = await requireCatalog(this.#ports.catalog);
    const choice = choosePlan(catalog, command);
    if (choice.type !== "chosen") {
      return choice;
    }
    const look = await this.#ports.synchronizeTenant.lookClosely({ tenantId });
    const now = this.#ports.clock();
    const step = nextPlanStep(look, choice, { catalog, now });
    const question = { look, catalog, choice, now };
    switch (step.type) {
      case "buy":
        return { type: "preview", preview: await this.#purchase(question) };
      case "change":
        return { type: "preview", preview: await this.#change(question, step) };
      default:
        return step;
    }
  }

  async #purchase(question: Question): Promise<CheckoutPreview> {
    const { look, choice, now } = question;
    const { price, plan } = choice;
    const { tenantId, customerId } = look.account;
    const trialDays = trialDaysFor(plan, look.snapshot?.subscriptions ?? [], tenantId);
    const trialEnd = trialDays === null ? null : new Date(now.getTime() + trialDays * DAY_MS);
    const nextPaymentAt = trialEnd ?? intervalEnd(now, price);
    const costs =
      customerId === null
        ? listPrice(choice, trialEnd)
        : (await this.#costsNow({ customerId, priceId: price.priceId, trialEnd })).costs;
    return {
      ...offerOf(choice),
      mode: "checkout",
      timing: { effective: "now", at: now },
      trialDays,
      ...costs,
      nextPaymentAt,
      ...(await this.#outlook(question, now, {
        period: { start: now, end: nextPaymentAt },
        isTrial: trialEnd !== null,
        billingReason: "subscription_create",
        lines: [],
      })),
    };
  }

  async #change(
    question: Question,
    { subscription, item, timing }: Extract<PlanStep, { type: "change" }>,
  ): Promise<CheckoutPreview> {
    const { choice, now } = question;
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
    const period = { start: timing.at, end: intervalEnd(timing.at, price) };
    const supposed = { changed: { subscription, item }, period, isTrial: false };
    if (timing.effective === "now") {
      const { costs, lines } = await this.#costsNow(change);
      const billingReason = "subscription_update";
      const outlook = await this.#outlook(question, now, { ...supposed, billingReason, lines });
      return { ...common, ...costs, nextPaymentAt: period.end, ...outlook };
    }
    const recurring = await this.#ports.payments.previewChange(change, "recurring");
    const { total, startingBalance, currency } = recurring;
    const billingReason = "subscription_cycle";
    return {
      ...common,
      ...NOTHING_DUE,
      nextPayment: Math.max(0, total + startingBalance),
      nextPaymentAt: timing.at,
      currency,
      ...(await this.#outlook(question, timing.at, { ...supposed, billingReason, lines: [] })),
    };
  }

  async #costsNow(
    change: PriceChange | Purchase,
  ): Promise<{ costs: Costs; lines: PriceChangePreview["lines"] }> {
    const now = await this.#ports.payments.previewChange(change, "due_now");
    const recurring = await this.#ports.payments.previewChange(change, "recurring");
    const { dueNow, lines, discount, tax, currency, total, startingBalance } = now;
    const balanceApplied = total - dueNow;
    const nextPayment = Math.max(0, recurring.total + startingBalance + balanceApplied);
    const shown = [
      ...lines.map(({ description, amount }) => ({ description, amount })),
      ...(discount === 0 ? [] : [{ description: "Discount", amount: -discount }]),
    ];
    return { costs: { dueNow, lines: shown, tax, balanceApplied, nextPayment, currency }, lines };
  }

  async #outlook(
    { look, catalog, choice, now }: Question,
    at: Date,
    supposed: Omit<Supposition, "tenantId" | "customerId" | "choice">,
  ): Promise<PlanOutlook> {
    const { account, snapshot } = look;
    const { tenantId, customerId } = account;
    const emails = await this.#ports.usage.findMonths(tenantId);
    const tokens = monthsOfLedger(await this.#ports.ledger.last(tenantId), { months: [] });
    const whose = { tenantId, customerId: customerId ?? "cus_supposed" };
    return planOutlook(account, supposedSnapshot(snapshot, { ...whose, choice, ...supposed }), {
      ...this.#settings,
      catalog,
      now,
      at,
      usage: { emails: emails?.usage ?? NO_MONTHS, tokens },
    });
  }
}

/** The dependencies of `PreviewCheckout`. */
export interface PreviewCheckoutPorts {
  readonly synchronizeTenant: SynchronizeTenant;
  readonly catalog: CatalogStore;
  readonly payments: PaymentGateway;
  readonly usage: Pick<EmailUsageStore, "findMonths">;
  readonly ledger: Pick<TokenLedgerStore, "last">;
  readonly clock: Clock;
}

const NOTHING_DUE = { dueNow: 0, lines: [], tax: 0, balanceApplied: 0 } as const;

/** Returns the list price: without a customer there is no balance, coupon or address. */
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
