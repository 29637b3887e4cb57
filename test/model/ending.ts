import type { State } from "../../sandbox/state/state.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import type { Catalog } from "../../src/domain/catalog.ts";
import type { LedgerEntry } from "../../src/domain/token_ledger.ts";
import { sealEntry } from "../../src/domain/token_ledger_seal.ts";
import { type Expected, expectedState, type OracleCatalog } from "./oracle.ts";

/** The provider's books at one time. */
export type Books = Pick<State, "customers" | "subscriptions" | "invoices">;

/** How a tenant ended, and how it should have. */
export interface Ending {
  readonly tenantId: string;
  readonly expected: Expected;
  /** What the service says about the tenant, in the oracle's words. */
  readonly actual: Expected;
  /** What is wrong with the ledger itself. */
  readonly ledgerProblems: readonly string[];
}

/** Where an ending is read. */
export interface EndingSources {
  readonly books: Books;
  readonly store: BillingStore;
  readonly catalog: OracleCatalog;
  readonly now: number;
}

/** Compares what is stored of a tenant with the provider's books; `now` is in Unix seconds. */
export async function endingOf(
  tenantId: string,
  { books, store, catalog, now }: EndingSources,
): Promise<Ending> {
  const account = await store.accounts.find(tenantId);
  const entries = (await store.ledger.list(tenantId, { limit: 10_000 })).toReversed();
  const last = entries.at(-1);
  const subscription = account?.subscription ?? null;
  const [, of = "", start = ""] = /^grant:(.*?):(.*)$/.exec(last?.grant?.key ?? "") ?? [];
  const expected = expectedState(books, catalog, { tenantId, now });
  // Nothing tells us of a customer with whom nothing was bought: the answer to its creation may be
  // lost, or come after it was deleted. The next look puts that right.
  const unused = expected.subscription === null && subscription === null;
  const known = account?.customerId ?? null;
  const unheard = unused && known !== expected.customer;
  // A month without tokens needs no entry where none were left.
  const nothing = expected.month.tokens === 0 && (last?.monthly ?? 0) === 0;
  return {
    tenantId,
    expected: unheard ? { ...expected, customer: known } : expected,
    actual: {
      customer: known,
      subscription: subscription && {
        id: subscription.id,
        status: subscription.status,
        plan: subscription.planSlug,
        period: [seconds(subscription.period.start), seconds(subscription.period.end)],
        cancelAt: subscription.cancelAt && seconds(subscription.cancelAt),
        endedAt: subscription.endedAt && seconds(subscription.endedAt),
        unpaidSince: subscription.unpaidSince && seconds(subscription.unpaidSince),
      },
      paidPeriod: account?.paidPeriod
        ? [seconds(account.paidPeriod.start), seconds(account.paidPeriod.end)]
        : null,
      month: nothing
        ? expected.month
        : { of, start: seconds(new Date(start)), tokens: grantedFor(last?.grant?.key, entries) },
    },
    ledgerProblems: [...(await ledgerProblems(entries)), ...balanceProblems(entries)],
  };
}

/** All that was ever granted for a month: a tenant that comes back to it gets nothing again. */
function grantedFor(key: string | undefined, entries: readonly LedgerEntry[]): number {
  return entries
    .filter((entry) => entry.kind === "grant" && entry.grant?.key === key)
    .reduce((sum, { amount, expired }) => sum + amount + expired, 0);
}

/** Nothing is spent in a history, so that what was granted for the month is there. */
function balanceProblems(entries: readonly LedgerEntry[]): string[] {
  const last = entries.at(-1);
  const cameBack = last?.kind === "expire";
  const expected = cameBack ? 0 : grantedFor(last?.grant?.key, entries);
  return (last?.monthly ?? 0) === expected
    ? []
    : [`${last?.monthly} tokens of ${expected} are left`];
}

/** P30, checked from outside: numbers, keys, sums and hashes. */
async function ledgerProblems(entries: readonly LedgerEntry[]): Promise<string[]> {
  const problems: string[] = [];
  let sum = 0;
  let previousHash = "";
  for (const [index, entry] of entries.entries()) {
    const { hash, previousHash: claimed, ...unsealed } = entry;
    const sealed = await sealEntry(unsealed, previousHash);
    sum += entry.amount;
    if (entry.seq !== index + 1) {
      problems.push(`entry ${index + 1} has the number ${entry.seq}`);
    }
    if (claimed !== previousHash || sealed.hash !== hash) {
      problems.push(`entry ${entry.seq} breaks the chain`);
    }
    if (sum !== entry.monthly + entry.packs - entry.debt) {
      problems.push(`entry ${entry.seq} has another balance than the sum, ${sum}`);
    }
    previousHash = hash;
  }
  if (new Set(entries.map(({ key }) => key)).size !== entries.length) {
    problems.push("a key repeats");
  }
  return problems;
}

/** What the oracle needs of a catalogue. */
export function oracleCatalog({ plans }: Catalog): OracleCatalog {
  return {
    tokens: Object.fromEntries(plans.map((plan) => [plan.slug, plan.tokensIncludedMonth])),
    planOfProduct: Object.fromEntries(
      plans.flatMap(({ productId, slug }) => (productId === null ? [] : [[productId, slug]])),
    ),
    graceDays: 14,
  };
}

/** Unix seconds. */
export function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
