import { PortError } from "../../src/application/ports/port_error.ts";
import type { BillingDetails } from "../../src/application/ports/subscription/billing_details.ts";
import type { CustomerSnapshots } from "../../src/application/ports/subscription/customer_snapshots.ts";
import type {
  BalanceCredit,
  CheckoutRequest,
  CheckoutSession,
  PaymentGateway,
  PortalRequest,
  PreviewPart,
  PriceChange,
  PriceChangePreview,
  Purchase,
  Resumption,
} from "../../src/application/ports/subscription/payment_gateway.ts";
import type { Money } from "../../src/domain/catalog/money.ts";
import type { Redaction } from "../../src/domain/subscription/billing_account.ts";
import type {
  CustomerSnapshot,
  SnapshotInvoice,
  SnapshotSubscription,
} from "../../src/domain/subscription/customer_snapshot.ts";
import type { InvoiceReversal } from "../../src/domain/subscription/payment_reversal.ts";
import { sampleBillingDetails } from "../samples/checkout.ts";

type Method = keyof PaymentGateway | keyof CustomerSnapshots;
type Step = () => void | Promise<void>;

/** A Checkout at the scripted provider. */
export interface ScriptedCheckout {
  readonly session: CheckoutSession;
  readonly request: CheckoutRequest;
  state: "open" | "expired" | "complete";
}

/** A call that was stopped on its way; it goes on once released. */
export interface HeldCall {
  readonly reached: Promise<void>;
  release(): void;
}

/**
 * A payment provider whose truth a test sets and changes, also in the middle of a call. It keeps
 * the idempotency promises: one key makes one thing, other parameters under it are refused, and a
 * failure can be kept under its key.
 */
export class ScriptedPayments implements PaymentGateway, CustomerSnapshots {
  readonly customers = new Map<string, { tenantId: string | null; deleted: boolean }>();
  readonly checkouts: ScriptedCheckout[] = [];
  readonly portals: Parameters<PaymentGateway["createPortalSession"]>[0][] = [];
  readonly keys: string[] = [];
  readonly previews: (PriceChange | Purchase)[] = [];
  readonly resumptions: Resumption[] = [];
  /** What a resumption makes true. */
  onResume: (resumption: Resumption) => void = () => undefined;
  readonly refunds: string[] = [];
  readonly credits: BalanceCredit[] = [];
  /** What every customer that is not deleted says of itself. */
  details: BillingDetails = sampleBillingDetails();
  /** The refunds and disputes of every customer. */
  reversals: readonly InvoiceReversal[] = [];
  /** What is left of payments, and why it cannot be read, by id. */
  readonly kept = new Map<string, number>();
  readonly unreadable = new Map<string, Error>();
  /** Thrown by every call, while set. */
  failure: unknown = null;
  /** What every preview answers. */
  preview: PriceChangePreview = {
    dueNow: 700,
    total: 900,
    startingBalance: -200,
    tax: 0,
    taxIncluded: 0,
    currency: "eur",
    lines: [
      {
        description: "1 x Business",
        amount: 900,
        priceId: "price_business_month",
        period: { start: new Date(0), end: new Date(1) },
        proration: false,
        credited: [],
      },
    ],
    discount: 0,
  };
  /** What every preview of what recurs answers, where it differs. */
  recurring: Partial<PriceChangePreview> = { dueNow: 4_000, total: 4_000 };
  readonly #subscriptions = new Map<string, readonly SnapshotSubscription[]>();
  readonly #invoices = new Map<string, readonly SnapshotInvoice[]>();
  readonly #answers = new Map<string, { parameters: string; answer: () => unknown }>();
  readonly #steps = new Map<string, Step[]>();
  readonly #counts = new Map<Method, number>();

  /** Sets the invoices of a subscription, newest first. */
  setInvoices(subscriptionId: string, invoices: readonly SnapshotInvoice[]): void {
    const own = invoices.map((invoice, index) => ({
      ...invoice,
      subscriptionId,
      order: invoices.length - index,
    }));
    this.#invoices.set(subscriptionId, own);
  }

  /** Sets what is true of a customer: its subscriptions, and the invoices of the first one. */
  setTruth(
    customerId: string,
    truth: {
      subscriptions: readonly SnapshotSubscription[];
      invoices?: readonly SnapshotInvoice[];
    },
  ): void {
    this.#subscriptions.set(customerId, truth.subscriptions);
    const [first] = truth.subscriptions;
    if (first !== undefined) {
      this.setInvoices(first.id, truth.invoices ?? []);
    }
  }

  /** Lets all that was created so far have been created with other parameters. */
  rememberOtherParameters(): void {
    for (const [key, { answer }] of this.#answers) {
      this.#answers.set(key, { parameters: "as an earlier release sent them", answer });
    }
  }

  /** How often a method was called. */
  count(method: Method): number {
    return this.#counts.get(method) ?? 0;
  }

  /** Runs a step at the start of the next call of a method; what it throws the call throws. */
  before(method: Method, step: Step): void {
    this.#queue(`before ${method}`, step);
  }

  /** Runs a step when the next call of a method has its answer but did not give it back yet. */
  after(method: Method, step: Step): void {
    this.#queue(`after ${method}`, step);
  }

  /** Holds the next answer of a method back: the caller goes on with an old look. */
  hold(method: Method): HeldCall {
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    this.after(method, () => {
      reached.resolve();
      return released.promise;
    });
    return { reached: reached.promise, release: released.resolve };
  }

  /** {@inheritDoc} */
  async createCustomer(
    customer: { tenantId: string },
    idempotencyKey: string,
  ): Promise<{ customerId: string }> {
    return await this.#once("createCustomer", idempotencyKey, customer, () => {
      const customerId = `cus_${this.customers.size + 1}`;
      this.customers.set(customerId, { tenantId: customer.tenantId, deleted: false });
      return { customerId };
    });
  }

  /** {@inheritDoc} */
  async findCustomer(tenantId: string): Promise<string | undefined> {
    return await this.#call("findCustomer", () => {
      const found = [...this.customers].find(
        ([, customer]) => customer.tenantId === tenantId && !customer.deleted,
      );
      return found?.[0];
    });
  }

  /** {@inheritDoc} */
  async tenantOfCustomer(customerId: string): Promise<string | null> {
    return await this.#call("tenantOfCustomer", () => {
      const customer = this.customers.get(customerId);
      return customer === undefined || customer.deleted ? null : customer.tenantId;
    });
  }

  /** {@inheritDoc} */
  async billingDetails(customerId: string): Promise<BillingDetails | undefined> {
    return await this.#call("billingDetails", () => {
      const customer = this.customers.get(customerId);
      return customer === undefined || customer.deleted ? undefined : this.details;
    });
  }

  /** {@inheritDoc} */
  async read(customerId: string): Promise<CustomerSnapshot> {
    return await this.#call("read", () => {
      const deleted = this.customers.get(customerId)?.deleted ?? false;
      const subscriptions = deleted ? [] : (this.#subscriptions.get(customerId) ?? []);
      return {
        deleted,
        balance: 0,
        subscriptions,
        invoices: subscriptions.flatMap(({ id }) => this.#invoices.get(id) ?? []),
        pendingLines: [],
      };
    });
  }

  /** {@inheritDoc} */
  async createCheckout(request: CheckoutRequest, idempotencyKey: string): Promise<CheckoutSession> {
    return await this.#once("createCheckout", idempotencyKey, request, () => {
      const id = `cs_${this.checkouts.length + 1}`;
      const session = { id, url: `https://pay.example/${id}`, attempt: request.attempt };
      this.checkouts.push({ session, request, state: "open" });
      return session;
    });
  }

  /** {@inheritDoc} */
  async openCheckouts(customerId: string): Promise<readonly CheckoutSession[]> {
    return await this.#call("openCheckouts", () =>
      this.checkouts
        .filter(({ state, request }) => state === "open" && request.customerId === customerId)
        .map(({ session }) => session),
    );
  }

  /** {@inheritDoc} */
  async expireCheckout(sessionId: string): Promise<void> {
    await this.#call("expireCheckout", () => {
      const checkout = this.checkouts.find(({ session }) => session.id === sessionId);
      if (checkout?.state === "open") {
        checkout.state = "expired";
      }
    });
  }

  /** {@inheritDoc} */
  async createPortalSession(request: PortalRequest): Promise<{ url: string }> {
    return await this.#call("createPortalSession", () => {
      this.portals.push(request);
      return { url: `https://portal.example/${this.portals.length}` };
    });
  }

  /** {@inheritDoc} */
  async previewChange(
    change: PriceChange | Purchase,
    part: PreviewPart,
  ): Promise<PriceChangePreview> {
    return await this.#call("previewChange", () => {
      this.previews.push(change);
      return part !== "now" ? { ...this.preview, ...this.recurring } : this.preview;
    });
  }

  /** {@inheritDoc} */
  async resumeSubscription(resumption: Resumption, idempotencyKey: string): Promise<void> {
    await this.#once("resumeSubscription", idempotencyKey, resumption, () => {
      this.resumptions.push(resumption);
      this.onResume(resumption);
    });
  }

  /** {@inheritDoc} */
  async reversedPayments(): Promise<readonly InvoiceReversal[]> {
    return await this.#call("reversedPayments", () => this.reversals);
  }

  /** {@inheritDoc} */
  async keptMoney(paymentId: string): Promise<Money> {
    return await this.#call("keptMoney", () => {
      const unreadable = this.unreadable.get(paymentId);
      if (unreadable !== undefined) {
        throw unreadable;
      }
      return { amount: this.kept.get(paymentId) ?? 500, currency: "eur" };
    });
  }

  /** {@inheritDoc} */
  async cancelSubscription(subscriptionId: string): Promise<void> {
    await this.#call("cancelSubscription", () => {
      for (const [customerId, subscriptions] of this.#subscriptions) {
        const left = subscriptions.map((found) =>
          found.id === subscriptionId
            ? { ...found, status: "canceled" as const, endedAt: found.createdAt }
            : found,
        );
        this.#subscriptions.set(customerId, left);
      }
    });
  }

  /** {@inheritDoc} */
  async cancelAtPeriodEnd(subscriptionId: string): Promise<void> {
    await this.#call("cancelAtPeriodEnd", () => {
      for (const [customerId, subscriptions] of this.#subscriptions) {
        const left = subscriptions.map((found) =>
          found.id === subscriptionId ? { ...found, cancelAtPeriodEnd: true } : found,
        );
        this.#subscriptions.set(customerId, left);
      }
    });
  }

  /** {@inheritDoc} */
  async redactCustomer(customerId: string, how: Redaction): Promise<void> {
    await this.#call("redactCustomer", () => {
      const tenantId = this.customers.get(customerId)?.tenantId ?? null;
      this.customers.set(customerId, { tenantId, deleted: how === "delete" });
    });
  }

  /** {@inheritDoc} */
  async refundPart({ invoiceId, dryRun = false }: { invoiceId: string; dryRun?: boolean }) {
    await this.#call("refundPart", () => {
      if (!dryRun) {
        this.refunds.push(invoiceId);
      }
    });
  }

  /** {@inheritDoc} */
  async refundInvoice(invoiceId: string, idempotencyKey: string): Promise<{ refunded: number }> {
    return await this.#once("refundInvoice", idempotencyKey, { invoiceId }, () => {
      this.refunds.push(invoiceId);
      return { refunded: 3_000 };
    });
  }

  /** {@inheritDoc} */
  async creditBalance(credit: BalanceCredit, idempotencyKey: string): Promise<void> {
    await this.#once("creditBalance", idempotencyKey, credit, () => {
      this.credits.push(credit);
    });
  }

  #count(method: Method): void {
    this.#counts.set(method, this.count(method) + 1);
    if (this.failure !== null) {
      throw this.failure;
    }
  }

  #queue(moment: string, step: Step): void {
    this.#steps.set(moment, [...(this.#steps.get(moment) ?? []), step]);
  }

  async #run(moment: string): Promise<void> {
    await this.#steps.get(moment)?.shift()?.();
  }

  async #call<T>(method: Method, answer: () => T): Promise<T> {
    this.#count(method);
    await this.#run(`before ${method}`);
    const answered = answer();
    await this.#run(`after ${method}`);
    return answered;
  }

  async #once<T>(method: Method, key: string, parameters: object, make: () => T): Promise<T> {
    this.keys.push(key);
    this.#count(method);
    const content = JSON.stringify(parameters);
    const known = this.#answers.get(key);
    if (known !== undefined && known.parameters !== content) {
      throw new PortError(`Cannot ${method}: key "${key}" was used with other parameters`, {
        transient: false,
        replayed: true,
      });
    }
    if (known !== undefined) {
      return known.answer() as T;
    }
    try {
      await this.#run(`before ${method}`);
    } catch (error) {
      this.#keepFailure(key, content, error);
      throw error;
    }
    const raced = this.#answers.get(key);
    const made = raced === undefined ? make() : (raced.answer() as T);
    this.#answers.set(key, { parameters: content, answer: () => made });
    await this.#run(`after ${method}`);
    return made;
  }

  #keepFailure(key: string, parameters: string, error: unknown): void {
    if (error instanceof PortError && error.keySpent) {
      const answer = () => {
        throw error;
      };
      this.#answers.set(key, { parameters, answer });
    }
  }
}
