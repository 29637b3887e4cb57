import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import type { LedgerEntry } from "../../src/domain/tokens/token_ledger.ts";
import { LEDGER_KEYS } from "../crash/crash_orders.ts";
import { ledgerProblems } from "../model/ledger_problems.ts";

/** What a tenant was told of its calls, by their keys. */
export class DayBooks {
  /** Tokens of debits, and of reservations that were committed. */
  readonly debits = new Map<string, number>();
  readonly commits = new Map<string, number>();
  readonly reserves = new Map<string, number>();
  /** E-mails that were counted, with the month's begin where it is certain; not what came back. */
  readonly sends = new Map<string, { readonly count: number; readonly month: string | null }>();

  /** Tokens that were spent. */
  get tokens(): number {
    return sum(this.debits.values()) + sum(this.commits.values());
  }

  /** E-mails that count. */
  get emails(): number {
    return sum([...this.sends.values()].map(({ count }) => count));
  }

  /** E-mails that certainly count in the month that began then. */
  emailsIn(begin: string): number {
    const certain = [...this.sends.values()].filter(({ month }) => month === begin);
    return sum(certain.map(({ count }) => count));
  }
}

/** What differs between what tenants were told and what is stored; empty where nothing does. */
export async function differences(
  store: BillingStore,
  { tenantId, books, emailCeiling }: { tenantId: string; books: DayBooks; emailCeiling: number },
): Promise<readonly string[]> {
  const entries: LedgerEntry[] = [];
  for await (const entry of store.ledger.entries(tenantId)) {
    if ("fault" in entry) {
      return [`${tenantId}: an entry cannot be read`];
    }
    entries.push(entry);
  }
  const found = [
    ...ledgerProblems(entries, LEDGER_KEYS),
    ...spendingProblems(entries, books),
    ...(await countingProblems(store, { tenantId, books, emailCeiling })),
  ];
  return found.map((problem) => `${tenantId}: ${problem}`);
}

function spendingProblems(entries: readonly LedgerEntry[], books: DayBooks): string[] {
  const debits = byKey(entries, "debit:", ({ amount }) => -amount);
  const reserves = byKey(entries, "reserve:", ({ amount }) => -amount);
  const settled = byKey(entries, "settle:", ({ key, amount, expired }) => {
    return (reserves.get(key.slice("settle:".length)) ?? Number.NaN) - amount - expired;
  });
  const commits = new Map([...settled].filter(([, used]) => used !== 0));
  const open = [...reserves.keys()].filter((key) => !settled.has(key));
  const last = entries.at(-1);
  const isOverdrawn = entries.some(
    ({ monthly, packs, debt }) => monthly < 0 || packs < 0 || debt > 0,
  );
  return [
    ...unequal("debit", books.debits, debits),
    ...unequal("reservation", books.reserves, reserves),
    ...unequal("commit", books.commits, commits),
    ...(open.length > 0 ? [`${open.length} reservations are held for ever`] : []),
    ...(last !== undefined && last.reserved !== 0 ? [`${last.reserved} tokens are reserved`] : []),
    ...(isOverdrawn ? ["more was spent than there was"] : []),
    ...(sum(debits.values()) + sum(commits.values()) === books.tokens
      ? []
      : ["the sum of what was accepted is another than the ledger's"]),
  ];
}

async function countingProblems(
  { emailUsage }: BillingStore,
  { tenantId, books, emailCeiling }: { tenantId: string; books: DayBooks; emailCeiling: number },
): Promise<string[]> {
  const months = (await emailUsage.findMonths(tenantId))?.usage.months ?? [];
  const used = new Map(months.map(({ start, own }) => [start.toISOString(), own]));
  const counted = sum(used.values());
  return [
    ...(counted === books.emails ? [] : [`${counted} e-mails are counted of ${books.emails}`]),
    ...[...used]
      .filter(([month, own]) => own > emailCeiling || own < books.emailsIn(month))
      .map(([month, own]) => `${own} e-mails are counted in ${month}`),
  ];
}

function byKey(
  entries: readonly LedgerEntry[],
  prefix: string,
  of: (entry: LedgerEntry) => number,
): ReadonlyMap<string, number> {
  return new Map(
    entries
      .filter(({ key }) => key.startsWith(prefix))
      .map((entry) => [entry.key.slice(prefix.length), of(entry)]),
  );
}

function unequal(
  what: string,
  told: ReadonlyMap<string, number>,
  stored: ReadonlyMap<string, number>,
): string[] {
  return [...new Set([...told.keys(), ...stored.keys()])]
    .filter((key) => told.get(key) !== stored.get(key))
    .map((key) => `${what} ${key} was told ${told.get(key)}, and is stored as ${stored.get(key)}`);
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}
