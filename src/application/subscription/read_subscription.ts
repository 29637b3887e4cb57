import { type Catalog, freePlan, type Interval } from "../../domain/catalog/catalog.ts";
import { nextPlan } from "../../domain/catalog/next_plan.ts";
import { type Limits, limitsOf } from "../../domain/catalog/plan_limits.ts";
import { type UpgradeAdvice, upgradeAdvice } from "../../domain/checkout/upgrade_advice.ts";
import { type BillingAccount, isPaymentDue } from "../../domain/subscription/billing_account.ts";
import { calendarMonth, type Period } from "../../domain/subscription/billing_period.ts";
import { effectivePlan, graceEndsAt } from "../../domain/subscription/entitlement.ts";
import { isLive, type SubscriptionStatus } from "../../domain/subscription/subscription.ts";
import { availableTokens, type TokenBalance } from "../../domain/tokens/token_ledger.ts";
import type { Clock } from "../ports/clock.ts";
import type { EmailQuotaView } from "../quota/email_quota_view.ts";
import type { ReadUsage } from "../quota/read_usage.ts";
import type { GrantMonthlyTokens } from "../tokens/grant_monthly_tokens.ts";

/** A tenant's subscription as its admins see it. */
export interface SubscriptionView {
  /** The plan that was chosen; `null` when it is in no catalogue of ours. */
  readonly planSlug: string | null;
  readonly status: SubscriptionStatus;
  readonly interval: Interval | null;
  readonly currentPeriod: Period;
  readonly cancelAt: Date | null;
  readonly trialEnd: Date | null;
  /** Until when a tenant whose renewal is unpaid keeps its plan's limits (P36). */
  readonly graceEndsAt: Date | null;
  /** The plan whose limits hold now: the chosen one, or a lower one while access is lost. */
  readonly effectivePlanSlug: string;
  /** What holds now. */
  readonly limits: Limits;
  readonly usage: { readonly emails: EmailQuotaView };
  readonly tokens: TokenBalance & {
    readonly available: number;
    readonly monthlyExpiresAt: Date;
  };
  /** The plan to take when something runs short; `null` where none is, or a payment is due. */
  readonly upgrade: UpgradeAdvice | null;
  /** The next plan up, whether or not anything runs short; `null` where a payment is due. */
  readonly nextPlanSlug: string | null;
}

/**
 * Reads a tenant's subscription from what is stored. Tokens of a month that has begun unnoticed are
 * granted on the way.
 */
export class ReadSubscription {
  readonly #grantMonthlyTokens: GrantMonthlyTokens;
  readonly #readUsage: ReadUsage;
  readonly #clock: Clock;
  readonly #graceDays: number;

  constructor(
    dependencies: { grantMonthlyTokens: GrantMonthlyTokens; readUsage: ReadUsage; clock: Clock },
    settings: { graceDays: number },
  ) {
    this.#grantMonthlyTokens = dependencies.grantMonthlyTokens;
    this.#readUsage = dependencies.readUsage;
    this.#clock = dependencies.clock;
    this.#graceDays = settings.graceDays;
  }

  /** @throws {PortError} */
  async execute({ tenantId }: { tenantId: string }): Promise<SubscriptionView> {
    const tokens = await this.#grantMonthlyTokens.execute({ tenantId });
    const usage = await this.#readUsage.execute({ tenantId });
    const now = this.#clock();
    const { account, catalog, allowance, balance } = tokens;
    const graceDays = this.#graceDays;
    const plan = effectivePlan(account, catalog, { now, graceDays });
    const view = subscriptionOf(account, catalog, { now, graceDays });
    const paymentDue = isPaymentDue(account);
    const included = allowance.tokens;
    const use = { emails: usage.emails, tokens: { used: included - balance.monthly, included } };
    return {
      ...view,
      effectivePlanSlug: plan.slug,
      limits: limitsOf(plan),
      usage,
      tokens: {
        ...balance,
        available: availableTokens(balance),
        monthlyExpiresAt: allowance.period.end,
      },
      upgrade: upgradeAdvice(catalog, { plan, paymentDue, use }),
      nextPlanSlug: nextPlan(catalog, { plan, paymentDue })?.slug ?? null,
    };
  }
}

function subscriptionOf(
  { subscription }: BillingAccount,
  catalog: Catalog,
  { now, graceDays }: { now: Date; graceDays: number },
): Omit<
  SubscriptionView,
  "effectivePlanSlug" | "limits" | "usage" | "tokens" | "upgrade" | "nextPlanSlug"
> {
  if (subscription === null || !isLive(subscription.status)) {
    return {
      planSlug: freePlan(catalog).slug,
      status: "active",
      interval: null,
      currentPeriod: calendarMonth(now),
      cancelAt: null,
      trialEnd: null,
      graceEndsAt: null,
    };
  }
  return {
    planSlug: subscription.planSlug,
    status: subscription.status,
    interval: subscription.interval,
    currentPeriod: subscription.period,
    cancelAt: subscription.cancelAt,
    trialEnd: subscription.trialEnd,
    graceEndsAt: graceEndsAt(subscription, graceDays),
  };
}
