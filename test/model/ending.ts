import type { Tables } from "../../sandbox/state/state.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import type { Catalog } from "../../src/domain/catalog/catalog.ts";
import { currentMonth, type UsageMonth } from "../../src/domain/quota/usage_months.ts";
import type { BillingAccount } from "../../src/domain/subscription/billing_account.ts";
import { NO_STANDING } from "../../src/domain/subscription/standing.ts";
import type { LedgerEntry } from "../../src/domain/tokens/token_ledger.ts";
import type { FreshLook } from "./fresh_look.ts";
import { ledgerProblems } from "./ledger_problems.ts";
import { expectedPackTokens, type PaymentBooks } from "./pack_oracle.ts";

/** The provider's books at one time. */
export type Books = Tables<"customers" | "subscriptions">;

/** All that an ending is compared with. */
export type AllBooks = Books & PaymentBooks & Tables<"deletedCustomers">;

/** How a tenant stands: its customer, its subscription, its month and the tokens of its packs. */
export interface Standing extends Pick<BillingAccount, "customerId" | "subscription" | "standing"> {
  readonly month: { readonly of: string; readonly tokens: number } | null;
  readonly packs: number;
}

/** How a tenant ended, and how it should have. */
export interface Ending {
  readonly tenantId: string;
  readonly expected: Standing;
  readonly actual: Standing;
  /** What is wrong with the ledger itself, or the customers. */
  readonly problems: readonly string[];
}

/** Where an ending is read. */
export interface EndingSources {
  readonly books: AllBooks;
  readonly store: BillingStore;
  readonly catalog: Catalog;
  /** What seals the ledgers, as `id:secret`; by default nothing does. */
  readonly ledgerKeys?: readonly string[];
  /** What a service says that looks for the first time, and once. */
  readonly fresh: (tenant: { tenantId: string; customerId: string | null }) => Promise<FreshLook>;
}

/**
 * Compares what is stored of a tenant with what a service says that looks once, for the first time:
 * nothing may depend on what was looked at before. What must be in its packs follows from the
 * provider's books.
 */
export async function endingOf(
  tenantId: string,
  { books, store, catalog, fresh, ledgerKeys }: EndingSources,
): Promise<Ending> {
  const account = await store.accounts.find(tenantId);
  const entries = (await store.ledger.list(tenantId, { limit: 10_000 })).toReversed();
  const last = entries.at(-1);
  const known = account?.customerId ?? null;
  const customers = customersOf(books, tenantId);
  // Nothing tells us of a customer with whom nothing was bought: the answer to its creation may be
  // lost, or come after it was deleted. The next look puts that right.
  const customerId = customers.find((id) => hasBought(books, id)) ?? known;
  const look = await fresh({ tenantId, customerId });
  const month = (last?.months && currentMonth(last.months)) ?? null;
  const expected = {
    customerId,
    subscription: look.subscription,
    standing: look.standing,
    month: monthOf(look.month),
    packs: expectedPackTokens(books, packTokens(catalog), tenantId),
  };
  // A month without tokens needs no entry where none were left.
  const nothing = look.month === null && (last?.monthly ?? 0) === 0;
  const isOurs = known === null || customers.includes(known) || books.deletedCustomers.has(known);
  return {
    tenantId,
    expected,
    actual: {
      customerId: known,
      subscription: account?.subscription ?? null,
      standing: account?.standing ?? NO_STANDING,
      month: nothing ? expected.month : monthOf(month),
      packs: (last?.packs ?? 0) - (last?.debt ?? 0) - madeGood(entries),
    },
    problems: [
      ...(customers.length > 1 ? ["the tenant has two customers"] : []),
      ...(isOurs ? [] : ["the customer is another's"]),
      ...ledgerProblems(entries, ledgerKeys),
      ...balanceProblems(entries),
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

/**
 * Nothing is spent in a history, so that what was granted for the month is there, less what it
 * inherits: only tokens made good of a month that was credited later can have been too many. A month
 * that was made good and comes back is there less what was made good of it.
 */
function balanceProblems(entries: readonly LedgerEntry[]): string[] {
  const last = entries.at(-1);
  const month = last?.months && currentMonth(last.months);
  const { allowance, inherited } = {
    allowance: month?.allowance ?? 0,
    inherited: month?.inherited ?? 0,
  };
  const given = month?.missed ? month.own : 0;
  const expected = allowance - inherited - given;
  return [
    ...((last?.monthly ?? 0) === expected
      ? []
      : [`${last?.monthly} tokens of ${expected} are left`]),
    ...(inherited <= madeGood(entries) ? [] : [`${inherited} tokens are inherited from nothing`]),
  ];
}

function customersOf({ customers }: Books, tenantId: string): string[] {
  return [...customers.values()]
    .filter(({ metadata }) => metadata.tenantId === tenantId)
    .map(({ id }) => id);
}

function hasBought({ subscriptions }: Books, customerId: string): boolean {
  return [...subscriptions.values()].some(({ customer }) => customer === customerId);
}

/** The tokens of a pack by its price in minor units. */
function packTokens({ packs }: Catalog): Readonly<Record<number, number>> {
  return Object.fromEntries(packs.map(({ amount, tokens }) => [amount, tokens]));
}
