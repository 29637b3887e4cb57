import type { Tables } from "../../sandbox/state/state.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import type { Catalog } from "../../src/domain/catalog/catalog.ts";
import { currentMonth, type UsageMonth } from "../../src/domain/quota/usage_months.ts";
import {
  type Standing as AccountStanding,
  NO_STANDING,
} from "../../src/domain/subscription/standing.ts";
import type { LedgerEntry } from "../../src/domain/tokens/token_ledger.ts";
import type { FreshLook } from "./fresh_look.ts";
import { ledgerProblems } from "./ledger_problems.ts";
import { type Expected, expectedState, type OracleCatalog } from "./oracle.ts";
import { expectedPackTokens, type PaymentBooks } from "./pack_oracle.ts";

/** The provider's books at one time. */
export type Books = Tables<"customers" | "subscriptions" | "invoices">;

/** All that an ending is compared with. */
export type AllBooks = Books & PaymentBooks & Tables<"deletedCustomers">;

/** How a tenant stands: its subscription, its month and the tokens of its packs. */
export type Standing = Expected & {
  readonly standing: AccountStanding | null;
  readonly month: { readonly of: string; readonly tokens: number } | null;
  readonly packs: number;
};

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
  /** What a service says that looks for the first time, and once. */
  readonly fresh: (tenant: { tenantId: string; customerId: string | null }) => Promise<FreshLook>;
}

/**
 * Compares what is stored of a tenant with the provider's books, and its month with that of a
 * service that looks once, for the first time: nothing may depend on what was looked at before.
 */
export async function endingOf(
  tenantId: string,
  { books, store, catalog, fresh }: EndingSources,
): Promise<Ending> {
  const account = await store.accounts.find(tenantId);
  const entries = (await store.ledger.list(tenantId, { limit: 10_000 })).toReversed();
  const last = entries.at(-1);
  const subscription = account?.subscription ?? null;
  const known = account?.customerId ?? null;
  const should = expectedState(books, catalog, tenantId);
  const look = await fresh({ tenantId, customerId: known });
  const month = (last?.months && currentMonth(last.months)) ?? null;
  const expected = {
    ...should,
    standing: look.standing,
    month: monthOf(look.month),
    packs: expectedPackTokens(books, catalog.packTokens, tenantId),
  };
  // Nothing tells us of a customer with whom nothing was bought: the answer to its creation may be
  // lost, or come after it was deleted. The next look puts that right.
  const unused = expected.subscription === null && subscription === null;
  const unheard = unused && (known === null || books.deletedCustomers.has(known));
  // A month without tokens needs no entry where none were left.
  const nothing = look.month === null && (last?.monthly ?? 0) === 0;
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
      },
      standing: account?.standing ?? NO_STANDING,
      month: nothing ? expected.month : monthOf(month),
      packs: (last?.packs ?? 0) - (last?.debt ?? 0) - madeGood(entries),
    },
    problems: [
      ...(customersOf(books, tenantId) > 1 ? ["the tenant has two customers"] : []),
      ...ledgerProblems(entries),
      ...balanceProblems(last),
    ],
  };
}

function monthOf(month: UsageMonth | null): Standing["month"] {
  return month && { of: month.name, tokens: month.allowance ?? 0 };
}

/** Pack tokens in place of months that passed unnoticed (P26). */
function madeGood(entries: readonly LedgerEntry[]): number {
  return entries
    .filter(({ key }) => /^(grant|heal):/.test(key))
    .reduce((sum, { amount, seq, monthly }) => {
      const before = entries[seq - 2]?.monthly ?? 0;
      return sum + amount - (monthly - before);
    }, 0);
}

/** Nothing is spent in a history, so that what was granted for the month is there. */
function balanceProblems(last: LedgerEntry | undefined): string[] {
  const month = last?.months && currentMonth(last.months);
  const expected = month?.allowance ?? 0;
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
    planOfProduct: Object.fromEntries(
      plans.flatMap(({ productId, slug }) => (productId === null ? [] : [[productId, slug]])),
    ),
  };
}

/** Unix seconds. */
function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
