import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { BillingDetails } from "../ports/subscription/billing_details.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";

const NONE: BillingDetails = {
  name: null,
  email: null,
  address: null,
  taxIds: [],
  paymentMethod: null,
};

/** Reads whom a tenant's next invoice will name, and what it will be charged to, as of now. */
export class ReadBillingDetails {
  readonly #accounts: AccountStore;
  readonly #payments: PaymentGateway;

  constructor(ports: { accounts: AccountStore; payments: PaymentGateway }) {
    this.#accounts = ports.accounts;
    this.#payments = ports.payments;
  }

  /**
   * Returns the details, all of them empty where the tenant has no customer or none any more.
   *
   * @throws {PortError}
   */
  async execute({ tenantId }: { tenantId: string }): Promise<BillingDetails> {
    const customerId = (await this.#accounts.find(tenantId))?.customerId ?? null;
    const found = customerId === null ? undefined : await this.#payments.billingDetails(customerId);
    return found ?? NONE;
  }
}
