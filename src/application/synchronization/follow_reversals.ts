import type { AttentionRecord } from "../../domain/attention/attention_item.ts";
import type { Catalog } from "../../domain/catalog/catalog.ts";
import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import type { CustomerSnapshot } from "../../domain/subscription/customer_snapshot.ts";
import { seenIn } from "../../domain/subscription/findings/unexplained.ts";
import {
  chargedBack,
  missingRefundItem,
  missingRefunds,
  REVERSAL_KINDS,
  reversalFindings,
} from "../../domain/subscription/reversal_findings.ts";
import type { NameAttentionCommand } from "../attention/name_attention.ts";
import type { Clock } from "../ports/clock.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";

/** What a look found about a tenant. */
export interface FollowReversalsCommand {
  /** The account as the look saved it. */
  readonly account: BillingAccount;
  readonly customerId: string;
  readonly snapshot: CustomerSnapshot;
  readonly catalog: Catalog;
  /** Whether to ask the payment provider even if no item is open yet. */
  readonly wanted: boolean;
  /** The tenant's open and resolved items. */
  readonly known: readonly AttentionRecord[];
}

/** What `FollowReversals` needs. */
export interface FollowReversalsPorts {
  readonly payments: Pick<PaymentGateway, "reversedPayments" | "keptMoney" | "cancelSubscription">;
  readonly nameAttention: { execute(command: NameAttentionCommand): Promise<unknown> };
  readonly clock: Clock;
}

/**
 * Raises an item for every plan payment that was refunded by hand or charged back (P41); with the
 * policy `end`, also ends the subscription whose payment was charged back. Asks the payment
 * provider only if an event or a comparison requires it, and while such an item is open, so that
 * the item can close by itself. An item that an operator has resolved ends nothing.
 */
export class FollowReversals {
  readonly #ports: FollowReversalsPorts;
  readonly #chargebackPolicy: "report" | "end";

  constructor(
    ports: FollowReversalsPorts,
    { chargebackPolicy }: { chargebackPolicy: "report" | "end" },
  ) {
    this.#ports = ports;
    this.#chargebackPolicy = chargebackPolicy;
  }

  /**
   * Returns whether it ended a subscription, which requires another look at the account. Raises the
   * item first: after a crash in between, both happen again.
   *
   * @throws {PortError}
   */
  async execute(command: FollowReversalsCommand): Promise<{ ended: boolean }> {
    const { payments, nameAttention } = this.#ports;
    const { customerId, wanted } = command;
    const { tenantId, revision } = command.account;
    const known = command.known.filter(isReversal);
    if (!wanted && known.every(({ state }) => state !== "open")) {
      return { ended: false };
    }
    const reversals = await payments.reversedPayments(customerId);
    const seen = { ...command, now: this.#ports.clock() };
    const found = reversalFindings(reversals, seen);
    for (const missing of missingRefunds(reversals, seen)) {
      const kept = await payments.keptMoney(missing.invoice.id);
      const item = missingRefundItem(missing, { tenantId, kept });
      found.push(...(item === null ? [] : [item]));
    }
    const looked = { looked: REVERSAL_KINDS, sees: seenIn(command.snapshot) };
    await nameAttention.execute({ tenantId, revision, found, ...looked, known });
    const ended =
      this.#chargebackPolicy === "end"
        ? chargedBack(reversals, command).filter(({ disputeId }) => !isResolved(disputeId, known))
        : [];
    for (const { subscriptionId } of ended) {
      await payments.cancelSubscription(subscriptionId);
    }
    return { ended: ended.length > 0 };
  }
}

function isReversal({ kind }: AttentionRecord): boolean {
  return (REVERSAL_KINDS as readonly string[]).includes(kind);
}

function isResolved(disputeId: string, known: readonly AttentionRecord[]): boolean {
  return known.some(
    ({ kind, subject, state }) =>
      kind === "payment_charged_back" && subject === disputeId && state === "resolved",
  );
}
