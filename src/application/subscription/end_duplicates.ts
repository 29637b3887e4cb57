import type { FieldChange } from "../../domain/catalog/field_change.ts";
import type { Invoice } from "../../domain/subscription/invoice.ts";
import type { Subscription } from "../../domain/subscription/subscription.ts";
import type { NoteChange } from "../ports/audit/note_change.ts";
import { PortError } from "../ports/port_error.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import type { RaiseAlert } from "../ports/subscription/raise_alert.ts";

/** A tenant with more than one live subscription. */
export interface EndDuplicatesCommand {
  readonly tenantId: string;
  /** The one that counts: the oldest. */
  readonly kept: Subscription;
  /** The others, all live. */
  readonly duplicates: readonly Subscription[];
}

/** What became of a duplicate. */
export interface HandledDuplicate {
  readonly duplicateId: string;
  /** `reported`: somebody has to decide. */
  readonly action: "ended" | "reported";
}

/**
 * Undoes a double payment (P18): gives the payment of each newer subscription back, leaves an entry
 * in the audit trail, ends it, and raises an alert. In this order, so that a crash in between leaves
 * a live duplicate, which the next look ends; giving back twice gives nothing more. What is not
 * plainly a double payment is only reported: a duplicate that has renewed, or one beside an older
 * one in bad standing.
 */
export class EndDuplicates {
  readonly #payments: PaymentGateway;
  readonly #raiseAlert: RaiseAlert;
  readonly #noteChange: NoteChange;
  readonly #refundDuplicates: boolean;
  readonly #reported = new Set<string>();

  constructor(
    ports: { payments: PaymentGateway; raiseAlert: RaiseAlert; noteChange: NoteChange },
    settings: { refundDuplicates: boolean },
  ) {
    this.#payments = ports.payments;
    this.#raiseAlert = ports.raiseAlert;
    this.#noteChange = ports.noteChange;
    this.#refundDuplicates = settings.refundDuplicates;
  }

  /** @throws {PortError} */
  async execute({
    tenantId,
    kept,
    duplicates,
  }: EndDuplicatesCommand): Promise<readonly HandledDuplicate[]> {
    const handled: HandledDuplicate[] = [];
    for (const { id: duplicateId, status } of duplicates) {
      const about = { type: "duplicate_subscription", tenantId, keptId: kept.id } as const;
      const invoices = await this.#doublePayment(kept, duplicateId);
      if (invoices !== null) {
        const refunded = await this.#refund(invoices);
        const fields = endingOf({ keptId: kept.id, duplicateId, status, refunded });
        await this.#noteChange({ tenantId, fields });
        await this.#payments.cancelSubscription(duplicateId);
        this.#raiseAlert({ ...about, duplicateId, action: "ended", refunded });
        handled.push({ duplicateId, action: "ended" });
        continue;
      }
      if (!this.#reported.has(duplicateId)) {
        this.#reported.add(duplicateId);
        this.#raiseAlert({ ...about, duplicateId, action: "reported", refunded: 0 });
      }
      handled.push({ duplicateId, action: "reported" });
    }
    return handled;
  }

  /** The invoices of a duplicate that is to be undone; `null` for one that is only reported. */
  async #doublePayment(kept: Subscription, duplicateId: string): Promise<Invoice[] | null> {
    if (!this.#refundDuplicates) {
      return null;
    }
    const invoices: Invoice[] = [];
    for await (const invoice of this.#payments.invoices(duplicateId)) {
      invoices.push(invoice);
    }
    return isDoublePayment(kept, invoices) ? invoices : null;
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

/** The end of a duplicate, as the audit trail tells it; `refunded` in minor units. */
function endingOf({
  keptId,
  duplicateId,
  status,
  refunded,
}: {
  keptId: string;
  duplicateId: string;
  status: string;
  refunded: number;
}): readonly FieldChange[] {
  const path = `duplicates.${duplicateId}`;
  return [
    { field: `${path}.keptInstead`, before: null, after: keptId },
    { field: `${path}.refunded`, before: null, after: refunded },
    { field: `${path}.status`, before: status, after: "canceled" },
  ];
}

function isDoublePayment(kept: Subscription, invoices: readonly Invoice[]): boolean {
  const hasRenewed = invoices.some(
    ({ billingReason, status }) => billingReason === "subscription_cycle" && status === "paid",
  );
  return (kept.status === "active" || kept.status === "trialing") && !hasRenewed;
}
