import type { State } from "../../sandbox/state/state.ts";
import type { LedgerEntry } from "../../src/domain/token_ledger.ts";
import { sealEntry } from "../../src/domain/token_ledger_seal.ts";
import { GOOD_WEATHER } from "./disturbance.ts";
import type { History } from "./history.ts";
import { live, work } from "./live.ts";
import { type Expected, expectedState, type OracleCatalog } from "./oracle.ts";
import { TENANTS, type Template, World } from "./world.ts";

const MINUTE_MS = 60_000;
const MOST_ROUNDS = 500;

/** What the service says about a tenant, in the oracle's words. */
type Actual = Expected;

/** How a tenant ended, and how it should have. */
export interface Ending {
  readonly tenantId: string;
  readonly expected: Expected;
  readonly actual: Actual;
  /** What is wrong with the ledger itself. */
  readonly ledgerProblems: readonly string[];
}

/** Lives a history through to its end, when everything is delivered and nothing fails any more. */
export async function runHistory(
  { seed, steps }: History,
  template: Template,
): Promise<readonly Ending[]> {
  const world = await World.begin(template, seed);
  try {
    world.disturbance.rates = { ...GOOD_WEATHER, stall: 0.01 };
    const past: Books[] = [];
    for (const step of steps) {
      await live(world, step);
      past.push(booksOf(world));
    }
    await settle(world);
    const catalog = oracleCatalog(template);
    const endings: Ending[] = [];
    for (const tenantId of TENANTS) {
      await world.process(0).readSubscription.execute({ tenantId });
      endings.push(
        grantedEarlier(await ending(world, tenantId, catalog), { past, world, catalog }),
      );
    }
    return endings;
  } finally {
    await world.store.close();
  }
}

/** The provider's books at one time. */
type Books = Pick<State, "customers" | "subscriptions" | "invoices">;

function booksOf({ provider: { state } }: World): Books {
  const { customers, subscriptions, invoices } = state;
  return structuredClone({ customers, subscriptions, invoices });
}

/**
 * Tokens that were granted are never taken back (P24). Within a paid year a month begins by our
 * own clock, so that it may have been granted on what the books said before a change that nobody
 * had told us of; then, and only then, more than the books say now is right.
 */
function grantedEarlier(
  ending: Ending,
  { past, world, catalog }: { past: readonly Books[]; world: World; catalog: OracleCatalog },
): Ending {
  const { expected, actual, tenantId } = ending;
  const [yearStart = 0] = expected.paidPeriod ?? [];
  const later = expected.month.start > yearStart && expected.month.of === expected.subscription?.id;
  if (!later || actual.month.tokens <= expected.month.tokens) {
    return ending;
  }
  const now = seconds(world.now);
  const before = past.map((books) => expectedState(books, catalog, { tenantId, now }).month);
  const explained = before.some((month) => JSON.stringify(month) === JSON.stringify(actual.month));
  return explained ? { ...ending, expected: { ...expected, month: actual.month } } : ending;
}

/** Good weather until all mail is delivered and no event waits. */
async function settle(world: World): Promise<void> {
  world.disturbance.rates = GOOD_WEATHER;
  world.disturbance.release();
  await world.quiet();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    for (const event of [...world.mail]) {
      await world.deliver(event, round);
    }
    const { received, failed, processing } = await world.store.inbox.count();
    if (received + failed + processing + world.mail.length === 0) {
      return;
    }
    world.provider.advanceTo(world.provider.nowMs() + MINUTE_MS);
    await work(world, round);
  }
  throw new Error("Cannot settle: events still wait after hours of good weather");
}

async function ending(world: World, tenantId: string, catalog: OracleCatalog): Promise<Ending> {
  const now = Math.floor(world.now.getTime() / 1000);
  const account = await world.store.accounts.find(tenantId);
  const entries = (await world.store.ledger.list(tenantId, { limit: 10_000 })).toReversed();
  const last = entries.at(-1);
  const subscription = account?.subscription ?? null;
  const [, of = "", start = ""] = /^grant:(.*?):(.*)$/.exec(last?.grant?.key ?? "") ?? [];
  const expected = expectedState(world.provider.state, catalog, { tenantId, now });
  // Nothing tells us of a customer that was created in vain: the answer was lost, nothing bought.
  const inVain = expected.subscription === null && (account?.customerId ?? null) === null;
  // A month without tokens needs no entry where none were left.
  const nothing = expected.month.tokens === 0 && (last?.monthly ?? 0) === 0;
  return {
    tenantId,
    expected: inVain ? { ...expected, customer: null } : expected,
    actual: {
      customer: account?.customerId ?? null,
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

function oracleCatalog({ catalog }: Template): OracleCatalog {
  return {
    tokens: Object.fromEntries(catalog.plans.map((plan) => [plan.slug, plan.tokensIncludedMonth])),
    planOfProduct: Object.fromEntries(
      catalog.plans.flatMap(({ productId, slug }) =>
        productId === null ? [] : [[productId, slug]],
      ),
    ),
    graceDays: 14,
  };
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
