import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import mongoose from "mongoose";
import { openMongoStore } from "../../src/adapters/mongodb/open_mongo_store.ts";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../../src/adapters/stripe/connect_stripe.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import type { LedgerEntry } from "../../src/domain/tokens/token_ledger.ts";
import { createBilling } from "../../src/mod.ts";
import { LEDGER_KEYS } from "./ledger_keys.ts";

const TENANT = "clbench0001";
const EXPIRES_AT = Date.UTC(2999, 0, 1);
const DOCUMENTS_PER_INSERT = 10_000;

/** A ledger of some length, in a database of its own. */
export interface FilledLedger {
  readonly entries: number;
  /** Reads the balance. */
  read(): Promise<unknown>;
  /** Spends one token. */
  spend(): Promise<void>;
  /** Reserves two tokens and spends one of them. */
  reserveAndCommit(): Promise<void>;
  close(): Promise<void>;
}

/** One ledger per length, each in a file of its own. */
export async function fillSqlite(
  folder: string,
  lengths: readonly number[],
): Promise<readonly FilledLedger[]> {
  return lengths.map((entries, index) => {
    const path = join(folder, `${index}.db`);
    const store = openSqliteStore(path);
    const connection = new DatabaseSync(path);
    connection.exec(`
      WITH RECURSIVE numbers (seq) AS (
        SELECT 1 UNION ALL SELECT seq + 1 FROM numbers WHERE seq < ${entries}
      )
      INSERT INTO ledger_entries (tenant_id, seq, key, kind, amount, expired, monthly, packs, debt,
          reserved, month_grant, reason, source, halted, at, previous_hash, hash)
        SELECT '${TENANT}', seq, 'debit:fill-' || seq, 'debit', -1, 0, 0, 1000000000000 - seq, 0, 0,
          '${JSON.stringify({ key: "grant:bench", tokens: 0, expiresAt: EXPIRES_AT })}', NULL,
          'request:fill-' || seq, 0, 1780000000000 + seq, printf('%064x', seq - 1),
          printf('%064x', seq)
        FROM numbers;
      INSERT INTO ledger_heads (tenant_id, seq, hash, seal)
        VALUES ('${TENANT}', ${entries}, printf('%064x', ${entries}), '')`);
    connection.close();
    return ledgerOn(store, { entries, close: () => store.close() });
  });
}

/** One ledger per length, each in a database of its own on the server. */
export async function fillMongo(
  url: string,
  lengths: readonly number[],
): Promise<readonly FilledLedger[]> {
  const ledgers: FilledLedger[] = [];
  for (const entries of lengths) {
    const address = new URL(url);
    address.pathname = `/billing_bench_test_${randomBytes(6).toString("hex")}`;
    const store = await openMongoStore({ url: address.href, autoIndex: true });
    const connection = await mongoose.createConnection(address.href).asPromise();
    const collection = connection.collection("ledger_entries");
    for (let from = 1; from <= entries; from += DOCUMENTS_PER_INSERT) {
      const count = Math.min(DOCUMENTS_PER_INSERT, entries - from + 1);
      await collection.insertMany(Array.from({ length: count }, (_, at) => entry(from + at)));
    }
    const close = async () => {
      await store.close();
      await connection.dropDatabase();
      await connection.close();
    };
    ledgers.push(ledgerOn(store, { entries, close }));
  }
  return ledgers;
}

function ledgerOn(
  store: BillingStore,
  { entries, close }: Pick<FilledLedger, "entries" | "close">,
): FilledLedger {
  const billing = createBilling({
    store,
    payments: connectStripe({ secretKey: "sk_test_bench", webhookSecrets: ["whsec_bench"] }),
    settings: {
      livemode: false,
      dashboardUrl: "https://app.example.com/billing",
      ledgerKeys: LEDGER_KEYS,
    },
  });
  let spends = 0;
  return {
    entries,
    read: () => store.ledger.last(TENANT),
    spend: async () => {
      spends += 1;
      const spend = { tenantId: TENANT, key: `call-${spends}`, tokens: 1 };
      requireType(await billing.spendTokens.execute(spend), "recorded");
    },
    reserveAndCommit: async () => {
      spends += 1;
      const use = { tenantId: TENANT, key: `use-${spends}`, tokens: 2 };
      requireType(await billing.reserveTokens.execute(use), "recorded");
      requireType(await billing.commitReservation.execute({ ...use, tokens: 1 }), "settled");
    },
    close,
  };
}

function requireType({ type }: { type: string }, wanted: string): void {
  if (type !== wanted) {
    throw new Error(`Cannot measure: tokens were ${type}`);
  }
}

function entry(seq: number): LedgerEntry {
  return {
    tenantId: TENANT,
    seq,
    key: `debit:fill-${seq}`,
    kind: "debit",
    amount: -1,
    expired: 0,
    monthly: 0,
    packs: 1_000_000_000_000 - seq,
    debt: 0,
    reserved: 0,
    grant: { key: "grant:bench", tokens: 0, expiresAt: new Date(EXPIRES_AT) },
    months: null,
    hold: null,
    reason: null,
    source: `request:fill-${seq}`,
    halted: false,
    at: new Date(1_780_000_000_000 + seq),
    previousHash: (seq - 1).toString(16).padStart(64, "0"),
    keyId: null,
    hash: seq.toString(16).padStart(64, "0"),
  };
}
