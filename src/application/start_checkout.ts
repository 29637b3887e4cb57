import type { BillingAccount, CheckoutIntent } from "../domain/billing_account.ts";
import {
  type Catalog,
  findPlan,
  type Interval,
  isFree,
  type Plan,
  type PlanPrice,
} from "../domain/catalog.ts";
import {
  type RedirectPolicy,
  type RedirectProblem,
  redirectProblems,
} from "../domain/redirect_url.ts";
import { isLive, type SubscriptionStatus } from "../domain/subscription.ts";
import type { AccountStore } from "./ports/account_store.ts";
import type { CatalogStore } from "./ports/catalog_store.ts";
import type { Clock } from "./ports/clock.ts";
import type { CheckoutSession, PaymentGateway } from "./ports/payment_gateway.ts";
import { PortError } from "./ports/port_error.ts";
import { requireCatalog } from "./require_catalog.ts";
import type { SyncSubscription } from "./sync_subscription.ts";
import { updateAccount } from "./update_account.ts";

/** How long a Checkout can be paid: an hour less than the most that Stripe allows. */
const CHECKOUT_LIFETIME_MS = 23 * 3_600_000;
/** An intent with less time left is replaced: Stripe wants at least 30 minutes. */
const CHECKOUT_REUSE_MS = 35 * 60_000;
/** How often a Checkout that turns out to be closed is replaced within one call. */
const MAX_SESSIONS = 3;

/** A tenant's wish to pay for a plan. */
export interface StartCheckoutCommand {
  readonly tenantId: string;
  readonly planSlug: string;
  /** Default: `month`. */
  readonly interval?: Interval | undefined;
  readonly successUrl: string;
  readonly cancelUrl: string;
}

/** What became of the wish. */
export type StartCheckoutOutcome =
  | { readonly type: "started"; readonly url: string }
  | { readonly type: "invalid_redirect"; readonly problems: readonly RedirectProblem[] }
  | { readonly type: "unknown_plan"; readonly planSlug: string }
  | { readonly type: "plan_not_purchasable"; readonly planSlug: string; readonly reason: string }
  | { readonly type: "already_on_plan"; readonly planSlug: string }
  | {
      readonly type: "subscription_exists";
      readonly planSlug: string | null;
      readonly status: SubscriptionStatus;
    }
  /** Another Checkout of the same tenant was started meanwhile; that one counts. */
  | { readonly type: "superseded" };

/**
 * Starts the Checkout of a new subscription. One customer per tenant (P16), never a Checkout beside
 * a subscription (P17), at most one open Checkout (P18), prices from the catalogue only and
 * redirects to allowed origins only (P20).
 */
export class StartCheckout {
  readonly #accounts: AccountStore;
  readonly #catalog: CatalogStore;
  readonly #payments: PaymentGateway;
  readonly #syncSubscription: SyncSubscription;
  readonly #clock: Clock;
  readonly #redirects: RedirectPolicy;

  constructor(
    ports: {
      accounts: AccountStore;
      catalog: CatalogStore;
      payments: PaymentGateway;
      syncSubscription: SyncSubscription;
      clock: Clock;
    },
    settings: { redirects: RedirectPolicy },
  ) {
    this.#accounts = ports.accounts;
    this.#catalog = ports.catalog;
    this.#payments = ports.payments;
    this.#syncSubscription = ports.syncSubscription;
    this.#clock = ports.clock;
    this.#redirects = settings.redirects;
  }

  /** @throws {PortError} */
  async execute(command: StartCheckoutCommand): Promise<StartCheckoutOutcome> {
    const { successUrl, cancelUrl, planSlug, tenantId } = command;
    const problems = redirectProblems({ successUrl, cancelUrl }, this.#redirects);
    if (problems.length > 0) {
      return { type: "invalid_redirect", problems };
    }
    const catalog = await requireCatalog(this.#catalog);
    const choice = choosePrice(catalog, planSlug, command.interval ?? "month");
    if ("type" in choice) {
      return choice;
    }
    const synchronized = await this.#syncSubscription.execute({ tenantId });
    const refusal = refusalOf(synchronized, choice);
    if (refusal !== undefined) {
      return refusal;
    }
    const customerId = await this.#customerOf(tenantId);
    return await this.#openCheckout(command, { ...choice, customerId });
  }

  /** The tenant's customer, made on first use. The revision makes its idempotency key (P22). */
  async #customerOf(tenantId: string): Promise<string> {
    const account = await updateAccount(this.#accounts, tenantId, async (found) => {
      if (found.customerId !== null) {
        return undefined;
      }
      const key = `customer:${tenantId}:${found.revision}`;
      const { customerId } = await this.#withFreshKeyAfterFailure(found, () =>
        this.#payments.createCustomer({ tenantId }, key),
      );
      return { ...found, customerId };
    });
    if (account.customerId === null) {
      throw new TypeError(`Cannot start checkout: the account of "${tenantId}" lost its customer`);
    }
    return account.customerId;
  }

  async #openCheckout(
    command: StartCheckoutCommand,
    choice: { plan: Plan; price: PlanPrice; customerId: string },
  ): Promise<StartCheckoutOutcome> {
    let closedAttempt: number | undefined;
    for (let tries = 1; tries <= MAX_SESSIONS; tries += 1) {
      const { account, intent } = await this.#intend(command, choice.price, closedAttempt);
      const refusal = refusalOf(account, choice);
      if (refusal !== undefined) {
        return refusal;
      }
      const session = await this.#createSession(account, intent, choice.customerId);
      const open = await this.#payments.openCheckouts(choice.customerId);
      const latest = await this.#accounts.find(command.tenantId);
      if (latest?.checkout?.attempt !== intent.attempt) {
        await this.#payments.expireCheckout(session.id);
        return { type: "superseded" };
      }
      await this.#expireOthers(open, session);
      if (open.some(({ id }) => id === session.id)) {
        return { type: "started", url: session.url };
      }
      // It has expired, or was paid a moment ago, which the next turn must know.
      await this.#syncSubscription.execute({ tenantId: command.tenantId });
      closedAttempt = intent.attempt;
    }
    throw new PortError("Cannot start checkout: every session was closed at once", {
      transient: true,
    });
  }

  /**
   * Records what is about to be created, before it is: a crash in between, a repeated click or a
   * parallel request finds the same intent and so the same session.
   */
  async #intend(
    command: StartCheckoutCommand,
    price: PlanPrice,
    closedAttempt: number | undefined,
  ): Promise<{ account: BillingAccount; intent: CheckoutIntent }> {
    const now = this.#clock();
    const wanted = {
      planSlug: command.planSlug,
      interval: price.interval,
      priceId: price.priceId,
      successUrl: command.successUrl,
      cancelUrl: command.cancelUrl,
    };
    const account = await updateAccount(this.#accounts, command.tenantId, (found) => {
      const current = found.checkout;
      const reusable =
        current !== null &&
        current.attempt !== closedAttempt &&
        current.expiresAt.getTime() - now.getTime() > CHECKOUT_REUSE_MS &&
        isSameWish(current, wanted);
      if (reusable) {
        return undefined;
      }
      const expiresAt = new Date(now.getTime() + CHECKOUT_LIFETIME_MS);
      return { ...found, checkout: { ...wanted, attempt: found.revision + 1, expiresAt } };
    });
    if (account.checkout === null) {
      throw new TypeError("Cannot start checkout: the intent was not kept");
    }
    return { account, intent: account.checkout };
  }

  async #createSession(
    account: BillingAccount,
    intent: CheckoutIntent,
    customerId: string,
  ): Promise<CheckoutSession> {
    const { tenantId } = account;
    const key = `checkout:${tenantId}:${intent.attempt}`;
    return await this.#withFreshKeyAfterFailure({ ...account, checkout: null }, () =>
      this.#payments.createCheckout({ tenantId, customerId, ...intent }, key),
    );
  }

  async #expireOthers(open: readonly CheckoutSession[], kept: CheckoutSession): Promise<void> {
    for (const { id, attempt } of open) {
      if (id !== kept.id && attempt !== null) {
        await this.#payments.expireCheckout(id);
      }
    }
  }

  /**
   * Runs a call under an idempotency key that comes from the account's revision. When the key is
   * spent by a failure, saving `retired` moves the revision on, so the next call gets another key.
   */
  async #withFreshKeyAfterFailure<T>(retired: BillingAccount, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof PortError && error.keySpent) {
        await this.#accounts.save(retired);
      }
      throw error;
    }
  }
}

function choosePrice(
  catalog: Catalog,
  planSlug: string,
  interval: Interval,
): { plan: Plan; price: PlanPrice } | StartCheckoutOutcome {
  const plan = findPlan(catalog, planSlug);
  if (plan === undefined) {
    return { type: "unknown_plan", planSlug };
  }
  const notPurchasable = (reason: string): StartCheckoutOutcome => ({
    type: "plan_not_purchasable",
    planSlug,
    reason,
  });
  if (!plan.active) {
    return notPurchasable("it is no longer offered");
  }
  if (isFree(plan)) {
    return notPurchasable("it is free");
  }
  const price = plan.prices.find((candidate) => candidate.interval === interval);
  return price ? { plan, price } : notPurchasable(`it has no price per ${interval}`);
}

function refusalOf(
  { subscription }: BillingAccount,
  { plan, price }: { plan: Plan; price: PlanPrice },
): StartCheckoutOutcome | undefined {
  if (subscription === null || !isLive(subscription.status)) {
    return undefined;
  }
  const { planSlug, interval, status } = subscription;
  return planSlug === plan.slug && interval === price.interval
    ? { type: "already_on_plan", planSlug }
    : { type: "subscription_exists", planSlug, status };
}

function isSameWish(
  a: Omit<CheckoutIntent, "attempt" | "expiresAt">,
  b: Omit<CheckoutIntent, "attempt" | "expiresAt">,
): boolean {
  return a.priceId === b.priceId && a.successUrl === b.successUrl && a.cancelUrl === b.cancelUrl;
}
