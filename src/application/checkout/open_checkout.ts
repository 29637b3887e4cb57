import type { Paperwork } from "../../domain/catalog/paperwork.ts";
import type { BillingAccount, CheckoutIntent } from "../../domain/subscription/billing_account.ts";
import { isLive } from "../../domain/subscription/subscription.ts";
import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { CheckoutSession, PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import { updateAccount } from "../subscription/update_account.ts";
import type { SynchronizeTenant } from "../synchronization/synchronize_tenant.ts";
import type { ProvideCustomer } from "./provide_customer.ts";

/** How long a Checkout stays open: one hour less than Stripe's maximum. */
const CHECKOUT_LIFETIME_MS = 23 * 3_600_000;
/** An intent with less time left is replaced, because Stripe requires at least 30 minutes. */
const CHECKOUT_REUSE_MS = 35 * 60_000;
/** How often to replace a Checkout that turns out to be closed, or whose customer is gone. */
const MAX_SESSIONS = 3;

/** A request for the Checkout of a plan. */
export interface OpenCheckoutCommand {
  readonly tenantId: string;
  readonly wish: Omit<CheckoutIntent, "attempt" | "expiresAt">;
  readonly paperwork: Paperwork;
}

/** The outcome of opening a Checkout. */
export type OpenCheckoutOutcome =
  | { readonly type: "started"; readonly url: string }
  /** The tenant has a subscription in the meantime. */
  | { readonly type: "subscribed" }
  /** Another Checkout of the same tenant was started in the meantime and replaces this one. */
  | { readonly type: "superseded" };

/** What to record an intent for. */
interface Intention {
  readonly tenantId: string;
  readonly customerId: string;
  /** An attempt whose Checkout is closed. */
  readonly closedAttempt: number | undefined;
}

/** Opens the only Checkout that a tenant without a subscription can have (P16, P18). */
export class OpenCheckout {
  readonly #accounts: AccountStore;
  readonly #payments: PaymentGateway;
  readonly #synchronizeTenant: SynchronizeTenant;
  readonly #provideCustomer: ProvideCustomer;
  readonly #clock: Clock;

  constructor(dependencies: {
    accounts: AccountStore;
    payments: PaymentGateway;
    synchronizeTenant: SynchronizeTenant;
    provideCustomer: ProvideCustomer;
    clock: Clock;
  }) {
    this.#accounts = dependencies.accounts;
    this.#payments = dependencies.payments;
    this.#synchronizeTenant = dependencies.synchronizeTenant;
    this.#provideCustomer = dependencies.provideCustomer;
    this.#clock = dependencies.clock;
  }

  /** @throws {PortError} */
  async execute(command: OpenCheckoutCommand): Promise<OpenCheckoutOutcome> {
    const { tenantId, wish, paperwork } = command;
    let closedAttempt: number | undefined;
    for (let tries = 1; tries <= MAX_SESSIONS; tries += 1) {
      const customerId = await this.#provideCustomer.execute({ tenantId });
      const account = await this.#intend({ tenantId, customerId, closedAttempt }, wish);
      const intent = account.checkout;
      if (account.customerId !== customerId || intent === null) {
        continue;
      }
      if (account.subscription !== null && isLive(account.subscription.status)) {
        return { type: "subscribed" };
      }
      // While the first Checkout is open, Stripe refuses a second one in another currency.
      const older = await this.#payments.openCheckouts(customerId);
      if (!(await this.#isLatest(tenantId, intent))) {
        return { type: "superseded" };
      }
      await this.#expireAllBut(({ attempt }) => attempt === intent.attempt, older);
      const session = await this.#createSession(account, intent, { customerId, paperwork });
      if (session === undefined) {
        closedAttempt = intent.attempt;
        continue;
      }
      const open = await this.#payments.openCheckouts(customerId);
      if (!(await this.#isLatest(tenantId, intent))) {
        await this.#payments.expireCheckout(session.id);
        return { type: "superseded" };
      }
      await this.#expireAllBut(({ id }) => id === session.id, open);
      if (open.some(({ id }) => id === session.id)) {
        return { type: "started", url: session.url };
      }
      // It has expired or was just paid; the next turn must know which.
      await this.#synchronizeTenant.look({ tenantId });
      closedAttempt = intent.attempt;
    }
    throw new PortError("Cannot start checkout: every session was closed at once", {
      transient: true,
    });
  }

  /**
   * Records the intent before creating the session: after a crash, a repeated click or a parallel
   * request finds the same intent and therefore the same session. Leaves the account alone if its
   * customer was deleted in the meantime, because only the next customer may be saved with it.
   */
  async #intend(
    { tenantId, customerId, closedAttempt }: Intention,
    wish: OpenCheckoutCommand["wish"],
  ): Promise<BillingAccount> {
    const now = this.#clock();
    return await updateAccount(this.#accounts, tenantId, (found) => {
      const current = found.checkout;
      const reusable =
        current !== null &&
        current.attempt !== closedAttempt &&
        current.expiresAt.getTime() - now.getTime() > CHECKOUT_REUSE_MS &&
        isSameWish(current, wish);
      if (reusable || found.customerId !== customerId) {
        return undefined;
      }
      const expiresAt = new Date(now.getTime() + CHECKOUT_LIFETIME_MS);
      return { ...found, checkout: { ...wish, attempt: found.revision + 1, expiresAt } };
    });
  }

  /**
   * Creates the session of an intent under the intent's own key. If Stripe has stored a failure
   * under it, uses whatever the failed call left behind; if that is nothing, retires the intent so
   * that the next call gets another key (P22). Returns `undefined` if a new key helps at once: the
   * key was used with other parameters, as an earlier release sent them, or repeats an earlier
   * failure.
   */
  async #createSession(
    account: BillingAccount,
    intent: CheckoutIntent,
    buyer: { readonly customerId: string; readonly paperwork: Paperwork },
  ): Promise<CheckoutSession | undefined> {
    const { tenantId } = account;
    // The time distinguishes the keys of a restored or recreated database.
    const key = `checkout:${tenantId}:${intent.attempt}:${intent.expiresAt.getTime()}`;
    try {
      return await this.#payments.createCheckout({ tenantId, ...buyer, ...intent }, key);
    } catch (error) {
      if (!(error instanceof PortError && error.keySpent)) {
        throw error;
      }
      if (!error.transient) {
        return undefined;
      }
      const open = await this.#payments.openCheckouts(buyer.customerId);
      const left = open.find(({ attempt }) => attempt === intent.attempt);
      if (left === undefined && !error.replayed) {
        await this.#accounts.save({ ...account, checkout: null });
        throw error;
      }
      return left;
    }
  }

  async #isLatest(tenantId: string, { attempt }: CheckoutIntent): Promise<boolean> {
    return (await this.#accounts.find(tenantId))?.checkout?.attempt === attempt;
  }

  async #expireAllBut(
    isKept: (session: CheckoutSession) => boolean,
    open: readonly CheckoutSession[],
  ): Promise<void> {
    for (const session of open) {
      if (!isKept(session) && session.attempt !== null) {
        await this.#payments.expireCheckout(session.id);
      }
    }
  }
}

function isSameWish(a: OpenCheckoutCommand["wish"], b: OpenCheckoutCommand["wish"]): boolean {
  return (
    a.priceId === b.priceId &&
    a.successUrl === b.successUrl &&
    a.cancelUrl === b.cancelUrl &&
    a.trialDays === b.trialDays
  );
}
