import { UnreadableLedgerError } from "../../application/ports/tokens/token_ledger_store.ts";
import { LEDGER_ENTRY_KINDS, type LedgerEntry } from "../../domain/tokens/token_ledger.ts";
import type { FoundEntry } from "../../domain/tokens/token_ledger_check.ts";
import { COLLECTIONS } from "./collections.ts";
import { decodeMonths } from "./months_document.ts";
import { StoredDocument } from "./stored_document.ts";

/** Reads an entry from its document, or tells why it is unreadable. */
export function decodeEntry(found: unknown, tenantId: string): FoundEntry {
  try {
    return entryOf(found);
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    const seq: unknown = Reflect.get(Object(found), "seq");
    return { tenantId, seq: Number.isSafeInteger(seq) ? Number(seq) : null, fault };
  }
}

/**
 * Reads an entry from its document.
 *
 * @throws {UnreadableLedgerError}
 */
export function readableEntry(found: unknown, tenantId: string): LedgerEntry {
  try {
    return entryOf(found);
  } catch (error) {
    throw new UnreadableLedgerError(tenantId, error);
  }
}

function entryOf(found: unknown): LedgerEntry {
  const document = new StoredDocument(found, `a document in ${COLLECTIONS.ledger}`);
  return {
    tenantId: document.text("tenantId"),
    seq: document.integer("seq"),
    key: document.text("key"),
    kind: document.oneOf("kind", LEDGER_ENTRY_KINDS),
    amount: document.integer("amount"),
    expired: document.integer("expired"),
    monthly: document.integer("monthly"),
    packs: document.integer("packs"),
    debt: document.integer("debt"),
    reserved: document.integerOrNull("reserved") ?? 0,
    grant: document.partOrNull("grant", (grant) => ({
      key: grant.text("key"),
      tokens: grant.integer("tokens"),
      expiresAt: grant.instant("expiresAt"),
    })),
    months: document.partOrNull("months", decodeMonths),
    hold: document.partOrNull("hold", (hold) => ({
      monthly: hold.integer("monthly"),
      packs: hold.integer("packs"),
      grantKey: hold.textOrNull("grantKey"),
      expiresAt: hold.instant("expiresAt"),
    })),
    reason: document.textOrNull("reason"),
    source: document.textOrNull("source"),
    halted: document.flagOrFalse("halted"),
    at: document.instant("at"),
    previousHash: document.text("previousHash"),
    keyId: document.textOrNull("keyId"),
    hash: document.text("hash"),
  };
}
