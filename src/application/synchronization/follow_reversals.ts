import type { AttentionRecord } from "../../domain/attention/attention_item.ts";
import type { Catalog } from "../../domain/catalog/catalog.ts";
import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import type { CustomerSnapshot } from "../../domain/subscription/customer_snapshot.ts";
import {
  chargedBack,
  REVERSAL_KINDS,
  reversalFindings,
} from "../../domain/subscription/reversal_findings.ts";
import type { NameAttentionCommand } from "../attention/name_attention.ts";
import type { AttentionStore } from "../ports/attention/attention_store.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";

/** What a look has found of a tenant. */
export interface FollowReversalsCommand {
  /** As the look has saved it. */
  readonly account: BillingAccount;
  readonly customerId: string;
  readonly snapshot: CustomerSnapshot;
  readonly catalog: Catalog;
  /** Whether to ask the payment provider, even where nothing is named yet. */
  readonly wanted: boolean;
}

/** What `FollowReversals` needs. */
export interface FollowReversalsPorts {
  readonly attention: Pick<AttentionStore, "known">;
  readonly payments: Pick<PaymentGateway, "reversedPayments" | "cancelSubscription">;
  readonly nameAttention: { execute(command: NameAttentionCommand): Promise<unknown> };
}

/**
 * Names what was paid for a plan and then refunded by hand or charged back (P41); by the policy
 * `end`, also ends the subscription whose payment was charged back. Asks the payment provider only
 * where an event or a comparison wants it, and while such an item is open, so that it resolves
 * itself. What an operator has resolved ends nothing.
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
   * Answers whether a subscription was ended, so that the account has to be looked at again. Named
   * first: a crash in between names it again, and ends it.
   *
   * @throws {PortError}
   */
  async execute(command: FollowReversalsCommand): Promise<{ ended: boolean }> {
    const { attention, payments, nameAttention } = this.#ports;
    const { customerId, wanted } = command;
    const { tenantId, revision } = command.account;
    const known = (await attention.known(tenantId)).filter(isReversal);
    if (!wanted && known.every(({ state }) => state !== "open")) {
      return { ended: false };
    }
    const reversals = await payments.reversedPayments(customerId);
    const found = reversalFindings(reversals, { ...command, tenantId });
    await nameAttention.execute({ tenantId, revision, found, looked: REVERSAL_KINDS });
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
