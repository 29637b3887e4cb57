import type { DuplicatePolicy } from "../domain/billing_alert.ts";
import type { Invoice } from "../domain/invoice.ts";
import type { Subscription } from "../domain/subscription.ts";
import type { PaymentGateway } from "./ports/payment_gateway.ts";
import { PortError } from "./ports/port_error.ts";
import type { RaiseAlert } from "./ports/raise_alert.ts";

/** A tenant with more than one live subscription. */
export interface EndDuplicatesCommand {
  readonly tenantId: string;
  /** The one that counts: the oldest. */
  readonly kept: Subscription;
  /** The others, all live. */
  readonly duplicates: readonly Subscription[];
}

/**
 * Undoes a double payment (P18): gives the payment of each newer subscription back, ends it, and
 * raises an alert. In this order, so that a crash in between leaves a live duplicate, which the
 * next look ends; giving back twice gives nothing more. What is not plainly a double payment is
 * only reported: a duplicate that has renewed, or one beside an older one in bad standing.
 */
export class EndDuplicates {
  readonly #payments: PaymentGateway;
  readonly #raiseAlert: RaiseAlert;
  readonly #policy: DuplicatePolicy;
  readonly #reported = new Set<string>();

  constructor(
    ports: { payments: PaymentGateway; raiseAlert: RaiseAlert },
    settings: { duplicatePolicy: DuplicatePolicy },
  ) {
    this.#payments = ports.payments;
    this.#raiseAlert = ports.raiseAlert;
    this.#policy = settings.duplicatePolicy;
  }

  /** @throws {PortError} */
  async execute({ tenantId, kept, duplicates }: EndDuplicatesCommand): Promise<void> {
    for (const { id: duplicateId } of duplicates) {
      const about = { type: "duplicate_subscription", tenantId, keptId: kept.id } as const;
      const invoices = await this.#invoicesOf(duplicateId);
      if (this.#policy === "cancel-and-refund" && isDoublePayment(kept, invoices)) {
        const refunded = await this.#refund(invoices);
        await this.#payments.cancelSubscription(duplicateId);
        this.#raiseAlert({ ...about, duplicateId, action: "ended", refunded });
      } else if (!this.#reported.has(duplicateId)) {
        this.#reported.add(duplicateId);
        this.#raiseAlert({ ...about, duplicateId, action: "reported", refunded: 0 });
      }
    }
  }

  async #invoicesOf(subscriptionId: string): Promise<Invoice[]> {
    const invoices: Invoice[] = [];
    for await (const invoice of this.#payments.invoices(subscriptionId)) {
      invoices.push(invoice);
    }
    return invoices;
  }

  async #refund(invoices: readonly Invoice[]): Promise<number> {
    let refunded = 0;
    for (const { id } of invoices.filter(({ status, total }) => status === "paid" && total > 0)) {
      refunded += (await this.#refundOnce(id)).refunded;
    }
    return refunded;
  }

  /** A failure that is stored under the key is got over with another one (P22). */
  async #refundOnce(invoiceId: string): Promise<{ refunded: number }> {
    const key = `refund-duplicate:${invoiceId}`;
    try {
      return await this.#payments.refundInvoice(invoiceId, key);
    } catch (error) {
      if (!(error instanceof PortError && error.keySpent)) {
        throw error;
      }
      return await this.#payments.refundInvoice(invoiceId, `${key}:${crypto.randomUUID()}`);
    }
  }
}

function isDoublePayment(kept: Subscription, invoices: readonly Invoice[]): boolean {
  const hasRenewed = invoices.some(
    ({ billingReason, status }) => billingReason === "subscription_cycle" && status === "paid",
  );
  return (kept.status === "active" || kept.status === "trialing") && !hasRenewed;
}
