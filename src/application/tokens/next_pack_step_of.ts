import type { LedgerEntry } from "../../domain/tokens/token_ledger.ts";
import {
  nextPackStep,
  type PackStep,
  packKey,
  reversalKey,
} from "../../domain/tokens/token_ledger_packs.ts";
import type { PackPurchase } from "../../domain/tokens/token_pack.ts";
import type { AppendableLedger } from "../ports/tokens/token_ledger_store.ts";

/**
 * Returns what a ledger lacks of a pack's payment, refunds and disputes; `undefined` if nothing.
 *
 * @throws {PortError}
 */
export async function nextPackStepOf(
  ledger: Pick<AppendableLedger, "find">,
  tenantId: string,
  purchase: PackPurchase,
): Promise<PackStep | undefined> {
  const pack = await ledger.find(tenantId, packKey(purchase.sessionId));
  const recorded = new Map<string, readonly LedgerEntry[]>();
  if (pack !== undefined && purchase.reversals.length > 0) {
    for (const id of [purchase.sessionId, ...purchase.reversals.map((reversal) => reversal.id)]) {
      recorded.set(id, await recordedOf(ledger, tenantId, id));
    }
  }
  return nextPackStep(purchase, { credited: pack !== undefined, recorded });
}

async function recordedOf(
  ledger: Pick<AppendableLedger, "find">,
  tenantId: string,
  id: string,
): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (;;) {
    const entry = await ledger.find(tenantId, reversalKey(id, entries.length + 1));
    if (entry === undefined) {
      return entries;
    }
    entries.push(entry);
  }
}
