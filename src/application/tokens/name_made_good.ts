import type { AttentionItem } from "../../domain/attention/attention_item.ts";
import { type AttentionKind, attentionItem } from "../../domain/attention/attention_kinds.ts";
import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import type { Clock } from "../ports/clock.ts";
import type { NextMonthEntry } from "./next_month_entry.ts";

/** Raises attention items; see `NameAttention`. */
export interface NameOne {
  execute(command: {
    tenantId: string;
    revision: number;
    found: readonly AttentionItem[];
    looked: readonly AttentionKind[];
  }): Promise<unknown>;
}

/**
 * Tells operators of a month whose tokens are made good (P41). Comes before the entry: after a crash
 * in between, both happen again.
 *
 * @throws {PortError}
 */
export async function nameMadeGood(
  { nameAttention, clock }: { nameAttention: NameOne; clock: Clock },
  { tenantId, revision }: Pick<BillingAccount, "tenantId" | "revision">,
  { fact, madeGood }: NextMonthEntry,
): Promise<void> {
  if (madeGood !== null && fact.packTokens > 0) {
    const { name: subject, start } = madeGood;
    const item = attentionItem("month_made_good", {
      tenantId,
      subject,
      subscriptionId: subject.split(":")[0] ?? subject,
      start,
      tokens: fact.packTokens,
      since: clock(),
    });
    await nameAttention.execute({ tenantId, revision, found: [item], looked: [] });
  }
}
