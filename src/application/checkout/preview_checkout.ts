import type { Catalog, PlanPrice } from "../../domain/catalog/catalog.ts";
import { type PaperworkSettings, paperworkOf } from "../../domain/catalog/paperwork.ts";
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
import { wholeSecond } from "../../domain/subscription/month.ts";
import { trialDaysFor } from "../../domain/subscription/subscription.ts";
import { monthsOfLedger } from "../../domain/tokens/earlier_months.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { Clock } from "../ports/clock.ts";
import type { EmailUsageStore } from "../ports/quota/email_usage_store.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import { requireNotEnding } from "../ports/tenant_ended_error.ts";
import type { TokenLedgerStore } from "../ports/tokens/token_ledger_store.ts";
import type { SynchronizeTenant } from "../synchronization/synchronize_tenant.ts";
import { changeCosts, laterCosts, listPrice, type PlanCosts, purchaseCosts } from "./plan_costs.ts";

const DAY_MS = 86_400_000;

/** A request to preview a choice of plan. */
export interface PreviewCheckoutCommand extends PlanSelection {
  readonly tenantId: string;
}

/** The effects of choosing a plan. */
export interface CheckoutPreview extends PlanOutlook, PlanCosts {
  readonly planSlug: string;
  readonly interval: PlanPrice["interval"];
  /** Where the choice leads: to Checkout, or to the Portal's confirmation. */
  readonly mode: "checkout" | "portal";
  /** When the plan takes effect, once it is paid or confirmed. */
  readonly timing: ChangeTiming;
  readonly nextPaymentAt: Date;
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

/**
 * Previews what choosing a plan costs, when it takes effect and what it allows. Changes no plan
 * (P19); only reads and asks for previews.
 */
export class PreviewCheckout {
  readonly #ports: PreviewCheckoutPorts;
  readonly #settings: PreviewSettings;

  constructor(ports: PreviewCheckoutPorts, settings: PreviewSettings) {
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
    requireNotEnding(look.account);
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
    const { payments } = this.#ports;
    const { price, plan } = choice;
    const { tenantId, customerId } = look.account;
    const trialDays = trialDaysFor(plan, look.snapshot?.subscriptions ?? [], tenantId);
    const trialEnd = trialDays === null ? null : new Date(now.getTime() + trialDays * DAY_MS);
    const start = wholeSecond(now);
    const nextPaymentAt = trialEnd ?? intervalEnd(start, price);
    const { automaticTax } = paperworkOf(plan, this.#settings);
    const purchase = { priceId: price.priceId, trialEnd, automaticTax };
    const costs =
      customerId === null
        ? listPrice(choice, trialEnd)
        : await purchaseCosts(payments, { customerId, ...purchase }, question);
    return {
      ...offerOf(choice),
      mode: "checkout",
      timing: { effective: "now", at: now },
      trialDays,
      ...costs,
      nextPaymentAt,
      ...(await this.#outlook(question, now, {
        period: { start, end: nextPaymentAt },
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
    const { payments } = this.#ports;
    const common = { ...offerOf(choice), mode: "portal" as const, timing, trialDays: null };
    const change = {
      customerId: subscription.customerId,
      subscriptionId: subscription.id,
      itemId: item.id,
      priceId: price.priceId,
      quantity: item.quantity,
      endsTrial: subscription.status === "trialing",
    };
    const start = wholeSecond(timing.at);
    const period = { start, end: intervalEnd(start, price) };
    const supposed = { changed: { subscription, item }, period, isTrial: false };
    if (timing.effective === "now") {
      const about = { subscription, until: period.end, catalog: question.catalog };
      const { costs, lines } = await changeCosts(payments, change, about);
      const billingReason = "subscription_update";
      const outlook = await this.#outlook(question, now, { ...supposed, billingReason, lines });
      return { ...common, ...costs, nextPaymentAt: period.end, ...outlook };
    }
    const billingReason = "subscription_cycle";
    return {
      ...common,
      ...(await laterCosts(payments, change, { subscription, at: timing.at })),
      nextPaymentAt: timing.at,
      ...(await this.#outlook(question, timing.at, { ...supposed, billingReason, lines: [] })),
    };
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

/** What an operator has decided about it. */
export type PreviewSettings = PaperworkSettings & {
  readonly graceDays: number;
  readonly refundDuplicates: boolean;
};

/** The dependencies of `PreviewCheckout`. */
export interface PreviewCheckoutPorts {
  readonly synchronizeTenant: SynchronizeTenant;
  readonly catalog: CatalogStore;
  readonly payments: PaymentGateway;
  readonly usage: Pick<EmailUsageStore, "findMonths">;
  readonly ledger: Pick<TokenLedgerStore, "last">;
  readonly clock: Clock;
}

function offerOf({ plan, price }: PlanChoice) {
  return { planSlug: plan.slug, interval: price.interval };
}

function intervalEnd(start: Date, { interval }: PlanPrice): Date {
  return addMonths(start, interval === "year" ? 12 : 1);
}
