import { type BillingAccount, withCustomer } from "../../domain/subscription/billing_account.ts";
import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import { updateAccount } from "../subscription/update_account.ts";

/** Gives a tenant its one customer at the payment provider, on first use (P16). */
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
   * The tenant's customer: the one that Stripe has for it, as after a restored backup, or a new one.
   * The account's revision makes the idempotency key of the creation, and nothing else saves an
   * account without a customer, so that all who create at once get the same one. Where a failure is
   * kept under the key, saving the account moves the revision on and the key with it (P22).
   *
   * @throws {PortError}
   */
  async execute({ tenantId }: { tenantId: string }): Promise<string> {
    try {
      return await this.#provide(tenantId);
    } catch (error) {
      // What failed before has kept its key: with the next revision's the call is made at last.
      if (error instanceof PortError && error.replayed) {
        return await this.#provide(tenantId);
      }
      throw error;
    }
  }

  async #provide(tenantId: string): Promise<string> {
    const account = await updateAccount(this.#accounts, tenantId, async (found) =>
      found.customerId === null
        ? withCustomer(found, await this.#findOrCreate(found), this.#clock())
        : undefined,
    );
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
