import type { Tables } from "../../sandbox/state/state.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import type { Catalog } from "../../src/domain/catalog/catalog.ts";
import type { LedgerEntry } from "../../src/domain/tokens/token_ledger.ts";
import { ledgerProblems } from "./ledger_problems.ts";
import { type Expected, expectedState, type OracleCatalog } from "./oracle.ts";
import { expectedPackTokens, type PaymentBooks } from "./pack_oracle.ts";

/** The provider's books at one time. */
export type Books = Tables<"customers" | "subscriptions" | "invoices">;

/** All that an ending is compared with. */
export type AllBooks = Books & PaymentBooks & Tables<"deletedCustomers">;

/** How a tenant stands: its subscription, its month and the tokens of its packs. */
export type Standing = Expected & { readonly packs: number };

/** How a tenant ended, and how it should have. */
export interface Ending {
  readonly tenantId: string;
  readonly expected: Standing;
  /** What the service says about the tenant, in the oracle's words. */
  readonly actual: Standing;
  /** What is wrong with the ledger itself, or the customers. */
  readonly problems: readonly string[];
}

/** Where an ending is read. */
export interface EndingSources {
  readonly books: AllBooks;
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
  const expected = {
    ...expectedState(books, catalog, { tenantId, now }),
    packs: expectedPackTokens(books, catalog.packTokens, tenantId),
  };
  // Nothing tells us of a customer with whom nothing was bought: the answer to its creation may be
  // lost, or come after it was deleted. The next look puts that right.
  const unused = expected.subscription === null && subscription === null;
  const known = account?.customerId ?? null;
  const unheard = unused && (known === null || books.deletedCustomers.has(known));
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
      packs: (last?.packs ?? 0) - (last?.debt ?? 0),
    },
    problems: [
      ...(customersOf(books, tenantId) > 1 ? ["the tenant has two customers"] : []),
      ...ledgerProblems(entries),
      ...balanceProblems(entries),
    ],
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
  const cameBack = entries.findLast(({ kind }) => /^(grant|expire)$/.test(kind))?.kind === "expire";
  const expected = cameBack ? 0 : grantedFor(last?.grant?.key, entries);
  return (last?.monthly ?? 0) === expected
    ? []
    : [`${last?.monthly} tokens of ${expected} are left`];
}

function customersOf({ customers }: Books, tenantId: string): number {
  return [...customers.values()].filter(({ metadata }) => metadata.tenantId === tenantId).length;
}

/** What the oracle needs of a catalogue. */
export function oracleCatalog({ plans, packs }: Catalog): OracleCatalog {
  return {
    packTokens: Object.fromEntries(packs.map(({ amount, tokens }) => [amount, tokens])),
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
