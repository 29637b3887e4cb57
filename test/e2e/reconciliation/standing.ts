import { accountsOf, auditEntriesOf } from "../../../src/application/installation/store_content.ts";
import type { MovableStore } from "../../../src/application/ports/store_transfer.ts";
import { currentMonth } from "../../../src/domain/quota/usage_months.ts";
import type { LedgerEntry } from "../../../src/domain/tokens/token_ledger.ts";

/**
 * What a service knows of a tenant, without the way that led there. Tokens made good (P26) follow
 * from what was noticed in time, so they are not among the packs' here.
 */
export async function standingOf(store: MovableStore, tenantId: string) {
  const account = await store.accounts.find(tenantId);
  const last = await store.ledger.last(tenantId);
  const madeGood = await monthsMadeGood(store, tenantId);
  const extra = Object.values(madeGood).reduce((sum, tokens) => sum + tokens, 0);
  const usage = await store.emailUsage.find(tenantId);
  return {
    customerId: account?.customerId ?? null,
    subscription: account?.subscription ?? null,
    standing: account?.standing ?? null,
    tokens: last && {
      monthly: last.monthly,
      packs: last.packs - last.debt - extra,
      month: last.months && currentMonth(last.months),
    },
    quota: usage && { period: usage.period, limit: usage.limit, used: usage.used },
  };
}

/** The tokens that were made good, by the key of their month. */
export async function monthsMadeGood(
  store: MovableStore,
  tenantId: string,
): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  let packs = 0;
  for (const entry of await entriesOf(store, tenantId)) {
    const tokens = entry.packs - entry.debt - packs;
    if (entry.kind === "grant" && tokens > 0) {
      found[entry.key] = tokens;
    }
    packs = entry.packs - entry.debt;
  }
  return found;
}

/** Everything that is stored of some tenants. */
export async function contentOf(store: MovableStore, tenants: readonly string[]) {
  const accounts = [];
  for await (const account of accountsOf(store)) {
    accounts.push(account);
  }
  const perTenant = [];
  for (const tenantId of tenants) {
    const audit = [];
    for await (const entry of auditEntriesOf(store, tenantId)) {
      audit.push(entry);
    }
    const ledger = await entriesOf(store, tenantId);
    perTenant.push({ audit, ledger, usage: await store.emailUsage.find(tenantId) });
  }
  const inbox = await store.inbox.count();
  return { accounts, perTenant, inbox, catalog: await store.catalog.read() };
}

/** A tenant's ledger, oldest entry first. */
export async function entriesOf(
  store: MovableStore,
  tenantId: string,
): Promise<readonly LedgerEntry[]> {
  return (await store.ledger.list(tenantId, { limit: 10_000 })).toReversed();
}
