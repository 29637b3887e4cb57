import type { CustomerSnapshots } from "../../../src/application/ports/subscription/customer_snapshots.ts";
import type {
  CheckoutRequest,
  CheckoutSession,
  PaymentGateway,
  PortalFlow,
  PriceChange,
  Purchase,
} from "../../../src/application/ports/subscription/payment_gateway.ts";
import type { SampleSubscription } from "../../samples/subscription.ts";

/** A payment provider that remembers what it was asked, and fails when it is told to. */
export class StubPayments implements PaymentGateway, CustomerSnapshots {
  /** Thrown by every call, while set. */
  failure: unknown = null;
  readonly customers = new Map<string, { tenantId: string }>();
  readonly checkouts: (CheckoutRequest & CheckoutSession)[] = [];
  readonly portals: { returnUrl: string; flow: PortalFlow | null; customerId: string }[] = [];
  subscription: SampleSubscription | undefined;

  async createCustomer(customer: { tenantId: string }) {
    this.#failIfTold();
    const customerId = `cus_${customer.tenantId}`;
    this.customers.set(customerId, customer);
    return { customerId };
  }

  async tenantOfCustomer(customerId: string) {
    this.#failIfTold();
    return this.customers.get(customerId)?.tenantId ?? null;
  }

  async findCustomer(tenantId: string) {
    this.#failIfTold();
    return [...this.customers].find(([, customer]) => customer.tenantId === tenantId)?.[0];
  }

  async previewChange(_change: PriceChange | Purchase) {
    this.#failIfTold();
    const amounts = { dueNow: 1_200, total: 1_200, startingBalance: 0, tax: 0, currency: "eur" };
    const lines = [{ description: "Business", amount: 1_200 }];
    return { ...amounts, lines };
  }

  async cancelSubscription() {
    this.#failIfTold();
  }

  async refundInvoice() {
    this.#failIfTold();
    return { refunded: 0 };
  }

  async subscriptions() {
    this.#failIfTold();
    return this.subscription === undefined ? [] : [this.subscription];
  }

  async read() {
    const subscriptions = await this.subscriptions();
    return { deleted: false, balance: 0, subscriptions, invoices: [], pendingLines: [] };
  }

  async creditBalance() {
    this.#failIfTold();
  }

  async createCheckout(request: CheckoutRequest) {
    this.#failIfTold();
    const id = `cs_${request.attempt}`;
    const session = { id, url: `https://checkout.stripe.com/c/${id}`, attempt: request.attempt };
    this.checkouts.push({ ...request, ...session });
    return session;
  }

  async openCheckouts() {
    this.#failIfTold();
    return this.checkouts;
  }

  async expireCheckout(sessionId: string) {
    this.#failIfTold();
    const index = this.checkouts.findIndex(({ id }) => id === sessionId);
    this.checkouts.splice(index, index < 0 ? 0 : 1);
  }

  async createPortalSession(request: {
    customerId: string;
    returnUrl: string;
    flow: PortalFlow | null;
  }) {
    this.#failIfTold();
    this.portals.push(request);
    return { url: "https://billing.stripe.com/p/session/test" };
  }

  #failIfTold(): void {
    if (this.failure !== null) {
      throw this.failure;
    }
  }
}
