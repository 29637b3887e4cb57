import type { AttentionItem } from "../../domain/attention/attention_item.ts";
import { attentionItem } from "../../domain/attention/attention_kinds.ts";
import type { BillingAccount, EndedDuplicate } from "../../domain/subscription/billing_account.ts";
import {
  type DuplicateRefund,
  type DuplicateSubscription,
  paymentsFor,
} from "../../domain/subscription/current_subscription.ts";
import type { CustomerSnapshot } from "../../domain/subscription/customer_snapshot.ts";
import { isLive } from "../../domain/subscription/subscription.ts";
import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import type { RaiseAlert } from "../ports/subscription/raise_alert.ts";
import { updateAccount } from "../subscription/update_account.ts";

/** What a look found: a tenant with more than one live subscription. */
export interface EndDuplicatesCommand {
  /** The account as the look saved it, including the double payments to end. */
  readonly account: BillingAccount;
  readonly customerId: string;
  readonly snapshot: CustomerSnapshot;
  /** Duplicates to report only. */
  readonly reported: readonly DuplicateSubscription[];
}

/** What `EndDuplicates` needs. */
export interface EndDuplicatesPorts {
  readonly accounts: AccountStore;
  readonly payments: PaymentGateway;
  readonly raiseAlert: RaiseAlert;
  readonly clock: Clock;
}

/**
 * Undoes double payments (P18): ends each subscription that the account lists as one, and gives
 * back whatever was paid for it, in money and by balance, even if it is paid later. Every step is
 * safe to repeat: ends what is still live and gives back what is not recorded as given back. A
 * refused refund prevents nothing else.
 */
export class EndDuplicates {
  readonly #ports: EndDuplicatesPorts;
  readonly #refundDuplicates: boolean;
  readonly #reported = new Set<string>();

  constructor(ports: EndDuplicatesPorts, settings: { refundDuplicates: boolean }) {
    this.#ports = ports;
    this.#refundDuplicates = settings.refundDuplicates;
  }

  /**
   * Returns the items that need an operator: money that could not be given back.
   *
   * @throws {PortError}
   */
  async execute(command: EndDuplicatesCommand): Promise<readonly AttentionItem[]> {
    const { account, reported } = command;
    for (const { subscriptionId: duplicateId, keptId } of reported) {
      if (!this.#reported.has(duplicateId)) {
        this.#reported.add(duplicateId);
        this.#alert(command, { duplicateId, keptId, action: "reported", refunded: 0 });
      }
    }
    const stuck: AttentionItem[] = [];
    for (const duplicate of account.endedDuplicates) {
      stuck.push(...(await this.#undo(duplicate, command)));
    }
    return stuck;
  }

  async #undo(
    { id, givenBack }: EndedDuplicate,
    command: EndDuplicatesCommand,
  ): Promise<AttentionItem[]> {
    const { account, snapshot } = command;
    const isAlive = snapshot.subscriptions.some((one) => one.id === id && isLive(one.status));
    const due = paymentsFor(id, snapshot).filter(({ invoiceId }) =>
      givenBack.every((one) => one.invoiceId !== invoiceId),
    );
    if (!this.#refundDuplicates) {
      return due.map((refund) => this.#item("duplicate_paid_late", id, refund, command));
    }
    if (isAlive) {
      await this.#ports.payments.cancelSubscription(id);
    }
    const stuck: AttentionItem[] = [];
    let refunded = 0;
    for (const refund of due) {
      const reason = await this.#refusal(() => this.#giveBack(refund, command));
      if (reason === null) {
        refunded += refund.money + refund.balance;
      } else {
        stuck.push(this.#item("refund_refused", id, refund, { ...command, reason }));
      }
    }
    if (isAlive || refunded > 0) {
      const keptId = account.standing?.subscription?.id ?? "";
      this.#alert(command, { duplicateId: id, keptId, action: "ended", refunded });
    }
    return stuck;
  }

  /** Runs work; returns why it was refused for good, or `null` on success. */
  async #refusal(work: () => Promise<void>): Promise<string | null> {
    try {
      await work();
      return null;
    } catch (error) {
      if (error instanceof PortError && !error.transient) {
        return error.message;
      }
      throw error;
    }
  }

  /**
   * Gives the payment back first, then records it; after a crash in between, repeating it has no
   * effect.
   */
  async #giveBack(
    { invoiceId, money, balance }: DuplicateRefund,
    { account, customerId, snapshot }: EndDuplicatesCommand,
  ): Promise<void> {
    const { payments, accounts } = this.#ports;
    const invoice = snapshot.invoices.find(({ id }) => id === invoiceId);
    if (money > 0) {
      await this.#once(`refund-duplicate:${invoiceId}`, (key) =>
        payments.refundInvoice(invoiceId, key),
      );
    }
    if (balance > 0 && invoice !== undefined) {
      const credit = { customerId, invoiceId, amount: balance, currency: invoice.currency };
      await this.#once(`credit-duplicate:${invoiceId}`, (key) =>
        payments.creditBalance(credit, key),
      );
    }
    const amount = money + balance;
    await updateAccount(accounts, account.tenantId, (found) => ({
      ...found,
      endedDuplicates: found.endedDuplicates.map((one) =>
        one.id === invoice?.subscriptionId
          ? { ...one, givenBack: [...one.givenBack, { invoiceId, amount }] }
          : one,
      ),
    }));
  }

  /** Retries a call under a new key if a failure is stored under the first one (P22). */
  async #once(key: string, call: (key: string) => Promise<unknown>): Promise<void> {
    try {
      await call(key);
    } catch (error) {
      if (!(error instanceof PortError && error.keySpent)) {
        throw error;
      }
      await call(`${key}:${crypto.randomUUID()}`);
    }
  }

  #item(
    kind: "refund_refused" | "duplicate_paid_late",
    subscriptionId: string,
    { invoiceId, money, balance }: DuplicateRefund,
    {
      account: { tenantId },
      snapshot,
      reason = "",
    }: EndDuplicatesCommand & { readonly reason?: string },
  ): AttentionItem {
    const invoice = snapshot.invoices.find(({ id }) => id === invoiceId);
    return attentionItem(kind, {
      tenantId,
      subject: invoiceId,
      subscriptionId,
      money: { amount: money + balance, currency: invoice?.currency ?? "" },
      since: invoice?.paidAt ?? this.#ports.clock(),
      reason,
    });
  }

  #alert(
    { account: { tenantId } }: EndDuplicatesCommand,
    alert: { duplicateId: string; keptId: string; action: "ended" | "reported"; refunded: number },
  ): void {
    this.#ports.raiseAlert({ type: "duplicate_subscription", tenantId, ...alert });
  }
}
