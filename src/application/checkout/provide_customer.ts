import { type BillingAccount, withCustomer } from "../../domain/subscription/billing_account.ts";
import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import { requireNotEnding } from "../ports/tenant_ended_error.ts";
import { updateAccount } from "../subscription/update_account.ts";

/** Creates a tenant's only customer at the payment provider, on first use (P16). */
export class ProvideCustomer {
  readonly #accounts: AccountStore;
  readonly #payments: PaymentGateway;
  readonly #clock: Clock;

  constructor(ports: { accounts: AccountStore; payments: PaymentGateway; clock: Clock }) {
    this.#accounts = ports.accounts;
    this.#payments = ports.payments;
    this.#clock = ports.clock;
  }

  /**
   * Returns the tenant's customer: one that Stripe already has, for example after a restored
   * backup, or a new one. The creation's idempotency key contains the account's revision, and
   * nothing else saves an account without a customer, so all concurrent calls get the same one. If
   * Stripe has stored a failure under the key, saving the account changes its revision and with it
   * the key (P22).
   *
   * @throws {PortError}
   */
  async execute({ tenantId }: { tenantId: string }): Promise<string> {
    try {
      return await this.#provide(tenantId);
    } catch (error) {
      // Stripe replays an earlier failure; the next revision's key makes a real call.
      if (error instanceof PortError && error.replayed) {
        return await this.#provide(tenantId);
      }
      throw error;
    }
  }

  async #provide(tenantId: string): Promise<string> {
    const account = await updateAccount(this.#accounts, tenantId, async (found) => {
      requireNotEnding(found);
      return found.customerId === null
        ? withCustomer(found, await this.#findOrCreate(found), this.#clock())
        : undefined;
    });
    if (account.customerId === null) {
      throw new TypeError(`Cannot start checkout: the account of "${tenantId}" lost its customer`);
    }
    return account.customerId;
  }

  async #findOrCreate(account: BillingAccount): Promise<string> {
    const { tenantId, revision } = account;
    const known = await this.#payments.findCustomer(tenantId);
    if (known !== undefined) {
      return known;
    }
    try {
      const key = `customer:${tenantId}:${revision}`;
      return (await this.#payments.createCustomer({ tenantId }, key)).customerId;
    } catch (error) {
      if (!(error instanceof PortError && error.keySpent)) {
        throw error;
      }
      const left = await this.#payments.findCustomer(tenantId);
      if (left === undefined) {
        await this.#accounts.save(account);
        throw error;
      }
      return left;
    }
  }
}
