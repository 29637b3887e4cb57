import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import {
  beginningHead,
  type LedgerHead,
  sealHead,
} from "../../../src/domain/tokens/ledger_head.ts";
import type { LedgerEntry } from "../../../src/domain/tokens/token_ledger.ts";
import { sealEntry } from "../../../src/domain/tokens/token_ledger_seal.ts";

/** What only a connection of one's own to the database can do. */
export interface RawDatabase {
  removeEntries(tenantId: string, seqs: readonly number[]): Promise<void>;
  removeHead(tenantId: string): Promise<void>;
}

/** Somebody who can do everything to a database, and has no key. */
export class LedgerVandal {
  readonly #store: BillingStore;
  readonly #raw: RawDatabase;

  constructor(store: BillingStore, raw: RawDatabase) {
    this.#store = store;
    this.#raw = raw;
  }

  /** A tenant's ledger, oldest entry first. */
  async entries(tenantId: string): Promise<readonly LedgerEntry[]> {
    return (await this.#store.ledger.list(tenantId, { limit: 100 })).toReversed();
  }

  async entry(tenantId: string, seq: number): Promise<LedgerEntry> {
    const found = (await this.entries(tenantId)).find((entry) => entry.seq === seq);
    if (found === undefined) {
      throw new RangeError(`Cannot tamper: ${tenantId} has no entry ${seq}`);
    }
    return found;
  }

  async change(tenantId: string, seq: number, fields: Partial<LedgerEntry>): Promise<void> {
    const entry = await this.entry(tenantId, seq);
    await this.remove(tenantId, seq);
    await this.insert({ ...entry, ...fields });
  }

  async insert(entry: LedgerEntry): Promise<void> {
    const answer = await this.#store.ledger.append(entry);
    if (answer !== "appended") {
      throw new RangeError(`Cannot tamper: entry ${entry.seq} is ${answer}`);
    }
  }

  async remove(tenantId: string, ...seqs: readonly number[]): Promise<void> {
    await this.#raw.removeEntries(tenantId, seqs);
  }

  /** Removes all entries from a number on. */
  async cut(tenantId: string, from: number): Promise<void> {
    const seqs = (await this.entries(tenantId)).map(({ seq }) => seq);
    await this.remove(tenantId, ...seqs.filter((seq) => seq >= from));
  }

  removeHead(tenantId: string): Promise<void> {
    return this.#raw.removeHead(tenantId);
  }

  async changeHead(tenantId: string, fields: Partial<LedgerHead>): Promise<void> {
    const head = (await this.#store.ledgerHeads.read(tenantId)) ?? beginningHead("", null);
    await this.#store.ledgerHeads.put({ ...head, ...fields });
  }

  /** Makes a ledger end with an entry, with a head without a seal. */
  async plainHead(tenantId: string, seq: number): Promise<void> {
    await this.#store.ledgerHeads.put(sealHead(await this.entry(tenantId, seq), null));
  }

  /** Chains all entries from a number on anew, without a key, as changed. */
  async forge(
    tenantId: string,
    from: number,
    change: (entry: LedgerEntry) => LedgerEntry,
  ): Promise<void> {
    const entries = await this.entries(tenantId);
    await this.cut(tenantId, from);
    let previousHash = entries.find(({ seq }) => seq === from - 1)?.hash ?? "";
    for (const entry of entries.filter(({ seq }) => seq >= from)) {
      const { hash: _, keyId: __, previousHash: ___, ...content } = change(entry);
      const forged = await sealEntry(content, previousHash);
      await this.insert(forged);
      previousHash = forged.hash;
    }
  }
}
