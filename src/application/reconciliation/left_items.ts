import type { AttentionRecord } from "../../domain/attention/attention_item.ts";
import type { AttentionKind } from "../../domain/attention/attention_kinds.ts";
import { dueBack } from "../../domain/subscription/reversal_findings.ts";
import type { NameAttentionCommand } from "../attention/name_attention.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { BackgroundPayments } from "../ports/subscription/payment_records.ts";

/** Kinds about money, which looks name; nobody looks at that of a customer that was deleted. */
export const LEFT_KINDS = [
  "unexplained_payment",
  "unexplained_pack",
  "refund_refused",
  "refund_failed",
  "duplicate_paid_late",
] as const satisfies readonly AttentionKind[];

/** What clearing needs. */
export interface ClearingPorts {
  readonly accounts: Pick<AccountStore, "find">;
  readonly nameAttention: { execute(command: NameAttentionCommand): Promise<unknown> };
}

/** Whether an item is about money that a look has named. */
export function isLeft({ tenantId, kind }: AttentionRecord): boolean {
  const kinds: readonly string[] = LEFT_KINDS;
  return tenantId !== null && kinds.includes(kind);
}

/**
 * Clears what a look has named of a customer that its tenant no longer has, once the money went back.
 *
 * @throws {PortError}
 */
export async function clearIfGivenBack(
  { accounts, nameAttention }: ClearingPorts,
  item: AttentionRecord,
  { records, gateway }: Pick<BackgroundPayments, "gateway" | "records">,
): Promise<readonly never[]> {
  const { tenantId, subject, kind } = item;
  const account = tenantId === null ? undefined : await accounts.find(tenantId);
  const payment = await records.payment(subject);
  if (payment === null || payment.customerId === account?.customerId) {
    return [];
  }
  const { id, amount: amountPaid } = payment;
  const due =
    kind === "refund_failed" && account ? dueBack(account, { id, amountPaid }) : amountPaid;
  if ((await gateway.keptMoney(subject)).amount <= amountPaid - due) {
    const gone = { found: [], looked: LEFT_KINDS, known: [item] };
    await nameAttention.execute({ tenantId, revision: account?.revision ?? 0, ...gone });
  }
  return [];
}
