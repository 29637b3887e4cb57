import { type Catalog, freePlan, type Interval } from "../../domain/catalog/catalog.ts";
import { nextPlan } from "../../domain/catalog/next_plan.ts";
import { type Limits, limitsOf } from "../../domain/catalog/plan_limits.ts";
import { type UpgradeAdvice, upgradeAdvice } from "../../domain/checkout/upgrade_advice.ts";
import {
  type AccountSubscription,
  type BillingAccount,
  canBuyPlan,
  isEnded,
  type OwedPayment,
  type ProcessingPayment,
} from "../../domain/subscription/billing_account.ts";
import { calendarMonth, type Period } from "../../domain/subscription/billing_period.ts";
import type { EndReason } from "../../domain/subscription/customer_snapshot.ts";
import type { Debt } from "../../domain/subscription/debts.ts";
import type { Entitlement, EntitlementReason } from "../../domain/subscription/entitlement.ts";
import { planInForce } from "../../domain/subscription/plan_in_force.ts";
import { isLive, type SubscriptionStatus } from "../../domain/subscription/subscription.ts";
import { availableTokens, type TokenBalance } from "../../domain/tokens/token_ledger.ts";
import type { Clock } from "../ports/clock.ts";
import type { EmailQuotaView } from "../quota/email_quota_view.ts";
import type { ReadUsage } from "../quota/read_usage.ts";
import type { TokensSource } from "../tokens/grant_monthly_tokens.ts";

/** The parts of a stored subscription that are shown. */
type Shown = Pick<
  AccountSubscription,
  "cancelAt" | "trialEnd" | "scheduledChange" | "nextInvoice" | "paymentMethod"
>;

type StoredView = Pick<
  SubscriptionView,
  "planSlug" | "status" | "interval" | "currentPeriod" | "resumable" | "ended"
>;

/** What to pay in all, with the date, page and amount of the oldest invoice. */
type ToPay = Omit<OwedPayment, "invoiceId"> & { readonly invoiceAmount: number };

/** A tenant's subscription as shown to its members. */
export interface SubscriptionView extends Shown {
  /** The chosen plan; `null` if it is not in the catalogue. */
  readonly planSlug: string | null;
  readonly status: SubscriptionStatus;
  readonly interval: Interval | null;
  readonly currentPeriod: Period;
  /** The plan that ended last and why, if none is live; `null` if none ever began. */
  readonly ended: {
    readonly planSlug: string | null;
    readonly at: Date;
    readonly reason: EndReason | null;
  } | null;
  /**
   * When an operator ends the tenant, and whether that is over (P44); `null` if nobody does. Nothing
   * is sold to it any more.
   */
  readonly tenantEnd: { readonly at: Date; readonly isOver: boolean } | null;
  /** Whether it is paused and the tenant can resume it. */
  readonly resumable: boolean;
  /** The reason for what the tenant may use. */
  readonly reason: EntitlementReason;
  /** When a tenant with an unpaid renewal loses its plan's limits (P36). */
  readonly graceEndsAt: Date | null;
  /** What is owed, without what is on its way. */
  readonly owed: ToPay | null;
  /** The same of what is invoiced by e-mail and not due yet. */
  readonly dueLater: ToPay | null;
  /** What is on its way: nobody has to pay it, and it gives nothing before it arrives. */
  readonly processing: ProcessingPayment | null;
  /** The plan whose limits apply now: the chosen one, or a lower one while access is lost. */
  readonly effectivePlanSlug: string;
  /** The limits that apply now. */
  readonly limits: Limits;
  readonly usage: { readonly emails: EmailQuotaView };
  readonly tokens: TokenBalance & {
    readonly available: number;
    readonly monthlyExpiresAt: Date;
  };
  /** The recommended plan if something runs short; `null` if there is none or a payment is due. */
  readonly upgrade: UpgradeAdvice | null;
  /**
   * The next higher plan, whether or not anything runs short; `null` if there is none or a payment
   * is due.
   */
  readonly nextPlanSlug: string | null;
}

/**
 * Reads a tenant's subscription from the store, after a look at the payment provider if one is due.
 * Grants the tokens of a month that has begun unnoticed.
 */
export class ReadSubscription {
  readonly #currentTokens: TokensSource;
  readonly #readUsage: ReadUsage;
  readonly #clock: Clock;

  constructor(dependencies: { currentTokens: TokensSource; readUsage: ReadUsage; clock: Clock }) {
    this.#currentTokens = dependencies.currentTokens;
    this.#readUsage = dependencies.readUsage;
    this.#clock = dependencies.clock;
  }

  /** @throws {PortError} */
  async execute({ tenantId }: { tenantId: string }): Promise<SubscriptionView> {
    const { account, catalog, entitled, month, balance } = await this.#currentTokens.execute({
      tenantId,
    });
    const usage = await this.#readUsage.execute({ tenantId });
    const { plan, reason } = planInForce(account, entitled, catalog);
    const canBuy = canBuyPlan(account);
    const included = month?.allowance ?? 0;
    const use = { emails: usage.emails, tokens: { used: included - balance.monthly, included } };
    const now = this.#clock();
    return {
      ...subscriptionOf(account, catalog, now),
      tenantEnd: account.ending && { at: account.ending.at, isOver: isEnded(account, now) },
      reason,
      graceEndsAt: reason.startsWith("renewal_") ? entitled.graceEndsAt : null,
      ...toPayOf(account, entitled),
      processing: account.subscription?.processing ?? null,
      effectivePlanSlug: plan.slug,
      limits: limitsOf(plan),
      usage,
      tokens: {
        ...balance,
        available: availableTokens(balance),
        monthlyExpiresAt: (month ?? entitled.month).end,
      },
      upgrade: upgradeAdvice(catalog, { plan, canBuy, use }),
      nextPlanSlug: nextPlan(catalog, { plan, canBuy })?.slug ?? null,
    };
  }
}

function toPayOf(
  { subscription, standing }: BillingAccount,
  { owed }: Entitlement,
): Pick<SubscriptionView, "owed" | "dueLater"> {
  const payments = subscription?.payments ?? [];
  const of = (debts: readonly Debt[]) => {
    const ids = new Set(debts.map(({ invoiceId }) => invoiceId));
    return toPay(payments.filter(({ invoiceId }) => ids.has(invoiceId)));
  };
  return {
    owed: of(owed),
    dueLater: of((standing?.debts ?? []).filter((debt) => !owed.includes(debt))),
  };
}

function toPay(payments: readonly OwedPayment[]): ToPay | null {
  const [oldest] = payments;
  if (oldest === undefined) {
    return null;
  }
  const { currency, dueAt, invoiceUrl } = oldest;
  const amount = payments.reduce((sum, payment) => sum + payment.amount, 0);
  return { amount, currency, dueAt, invoiceUrl, invoiceAmount: oldest.amount };
}

function subscriptionOf(
  { subscription }: BillingAccount,
  catalog: Catalog,
  now: Date,
): Shown & StoredView {
  if (subscription === null || !isLive(subscription.status)) {
    return {
      planSlug: freePlan(catalog).slug,
      status: "active",
      interval: null,
      currentPeriod: calendarMonth(now),
      ended: subscription && endOf(subscription),
      resumable: false,
      cancelAt: null,
      trialEnd: null,
      scheduledChange: null,
      nextInvoice: null,
      paymentMethod: null,
    };
  }
  const { planSlug, status, interval, period: currentPeriod, cancelAt, trialEnd } = subscription;
  const { scheduledChange, nextInvoice, paymentMethod, collectionMethod } = subscription;
  const resumable = status === "paused" && collectionMethod === "charge_automatically";
  return {
    planSlug,
    status,
    interval,
    currentPeriod,
    ended: null,
    resumable,
    cancelAt,
    trialEnd,
    scheduledChange,
    nextInvoice,
    paymentMethod,
  };
}

function endOf(subscription: AccountSubscription): SubscriptionView["ended"] {
  const { status, planSlug, endedAt: at, endReason: reason } = subscription;
  return status === "canceled" && at !== null ? { planSlug, at, reason } : null;
}
