import type { AccountStore } from "./ports/account_store.ts";
import type { PaymentGateway } from "./ports/payment_gateway.ts";
import { PortError } from "./ports/port_error.ts";
import { updateAccount } from "./update_account.ts";

/** Gives a tenant its one customer at the payment provider, on first use (P16). */
export class ProvideCustomer {
  readonly #accounts: AccountStore;
  readonly #payments: PaymentGateway;

  constructor(ports: { accounts: AccountStore; payments: PaymentGateway }) {
    this.#accounts = ports.accounts;
    this.#payments = ports.payments;
  }

  /**
   * The tenant's customer. The account's revision makes the idempotency key of its creation. When
   * a failure is stored under the key, what the failed call may have left is looked for; else
   * saving the account moves the revision on, so that the next call gets another key (P22).
   *
   * @throws {PortError}
   */
  async execute({ tenantId }: { tenantId: string }): Promise<string> {
    const account = await updateAccount(this.#accounts, tenantId, async (found) => {
      if (found.customerId !== null) {
        return undefined;
      }
      const key = `customer:${tenantId}:${found.revision}`;
      try {
        const { customerId } = await this.#payments.createCustomer({ tenantId }, key);
        return { ...found, customerId };
      } catch (error) {
        if (!(error instanceof PortError && error.keySpent)) {
          throw error;
        }
        const left = await this.#payments.findCustomer(tenantId);
        if (left === undefined) {
          await this.#accounts.save(found);
          throw error;
        }
        return { ...found, customerId: left };
      }
    });
    if (account.customerId === null) {
      throw new TypeError(`Cannot start checkout: the account of "${tenantId}" lost its customer`);
    }
    return account.customerId;
  }
}
