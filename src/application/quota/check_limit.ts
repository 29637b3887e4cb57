import { nextPlan } from "../../domain/catalog/next_plan.ts";
import { type Countable, countableField } from "../../domain/catalog/plan_limits.ts";
import { accountEntitlement } from "../../domain/quota/month_look.ts";
import { canBuyPlan } from "../../domain/subscription/billing_account.ts";
import { planInForce } from "../../domain/subscription/plan_in_force.ts";
import type { Clock } from "../ports/clock.ts";
import type { QuotaSource } from "./refresh_email_quota.ts";

/** The largest count that can be checked. */
export const MAX_COUNT = 999_999_999;

/** A question about the limit of a countable thing. */
export interface CheckLimitCommand {
  readonly tenantId: string;
  readonly of: Countable;
  /** How many there would be, or how many there are, to learn how many exceed the limit. */
  readonly count: number;
}

/** What the tenant's plan says about a number of things (P45). */
export interface LimitCheck {
  /** How many the current plan allows; `null` for any number. */
  readonly limit: number | null;
  readonly count: number;
  readonly allowed: boolean;
  /** How many exceed the limit. They are reported, never deleted. */
  readonly over: number;
  /**
   * Slug of the next plan that allows the count; `null` if none is needed, none allows it or
   * none can be bought.
   */
  readonly upgrade: string | null;
}

/** Decides whether a tenant may have so many domains, members or templates (P45). */
export class CheckLimit {
  readonly #currentEmailQuota: QuotaSource;
  readonly #clock: Clock;
  readonly #graceDays: number;

  constructor(
    dependencies: { currentEmailQuota: QuotaSource; clock: Clock },
    { graceDays }: { graceDays: number },
  ) {
    this.#currentEmailQuota = dependencies.currentEmailQuota;
    this.#clock = dependencies.clock;
    this.#graceDays = graceDays;
  }

  /**
   * Decides by the current account and catalogue.
   *
   * @throws {RangeError} if plans do not limit `of`, or if `count` is not a whole number of at
   *   least 0
   * @throws {PortError}
   */
  async execute({ tenantId, of, count }: CheckLimitCommand): Promise<LimitCheck> {
    const field = countableField(of);
    if (!Number.isSafeInteger(count) || count < 0 || count > MAX_COUNT) {
      throw new RangeError(
        `Cannot check ${count} ${of}: it takes a whole number from 0 to ${MAX_COUNT}`,
      );
    }
    const { account, catalog } = await this.#currentEmailQuota.execute({ tenantId });
    const at = { now: this.#clock(), graceDays: this.#graceDays };
    const { plan } = planInForce(account, accountEntitlement(account, catalog, at), catalog);
    const limit = plan[field];
    const over = Math.max(0, count - (limit ?? count));
    const question = { plan, canBuy: canBuyPlan(account), moreThan: { [field]: count - 1 } };
    const upgrade = over === 0 ? null : (nextPlan(catalog, question)?.slug ?? null);
    return { limit, count, allowed: over === 0, over, upgrade };
  }
}
