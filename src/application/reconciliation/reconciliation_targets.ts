import type { BillingEvent } from "../../domain/events/billing_event.ts";
import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import { isLive } from "../../domain/subscription/subscription.ts";
import { PortError } from "../ports/port_error.ts";
import {
  type AccountRecordStore,
  type AccountStore,
  isReadable,
  unreadableAccount,
} from "../ports/subscription/account_store.ts";
import type { BackgroundPayments } from "../ports/subscription/payment_records.ts";
import { tenantOfCustomer } from "../subscription/tenant_of_customer.ts";
import { addLost, type LostCustomers, type ProviderLists } from "./read_lists.ts";

const ACCOUNTS_PER_PAGE = 200;

/** A tenant to compare. */
export interface ReconciliationTarget {
  readonly tenantId: string;
  /** Its customer, if its account does not know it. */
  readonly customerId?: string;
  /** Whether some of its payments may have been refunded or disputed. */
  readonly reversals: boolean;
  /** Its account, if the provider's lists show that a look would change nothing. */
  readonly confirmed?: BillingAccount;
  /** Why it cannot be compared. */
  readonly failure?: unknown;
}

interface TargetPorts {
  readonly accounts: AccountStore;
  /** Lists the accounts of all tenants. */
  readonly records: Pick<AccountRecordStore, "list">;
  readonly payments: BackgroundPayments;
}

/** Which tenants to compare: one, those with events since a time, or all. */
export type ReconciliationScope =
  | { readonly tenantId: string }
  | {
      readonly since: Date;
      /** Why tenants of some events could not be found. */
      readonly failures: unknown[];
    }
  | {
      readonly lists: ProviderLists;
      /** Whether the lists suffice for an account. */
      readonly confirm: (account: BillingAccount) => Promise<boolean>;
    };

/**
 * Yields the tenants to compare, each once; of all, those with a customer, here or at the provider.
 * Customers unknown to any account come last.
 *
 * @throws {PortError} while iterating
 */
export async function* reconciliationTargets(
  ports: TargetPorts,
  scope: ReconciliationScope,
): AsyncGenerator<ReconciliationTarget, void, undefined> {
  if ("tenantId" in scope) {
    yield* oneTenant(ports, scope.tenantId);
  } else if ("since" in scope) {
    yield* tenantsWithEvents(ports, scope);
  } else {
    yield* accountsWithCustomer(ports, scope);
    yield* lostTenants(ports, scope.lists.lost);
  }
}

async function* oneTenant({ accounts, payments }: TargetPorts, tenantId: string) {
  const known = (await accounts.find(tenantId))?.customerId ?? null;
  if (known !== null) {
    yield { tenantId, reversals: true };
    return;
  }
  const customerId = await payments.gateway.findCustomer(tenantId);
  if (customerId !== undefined) {
    yield { tenantId, customerId, reversals: true };
  }
}

async function* accountsWithCustomer(
  { records }: Pick<TargetPorts, "records">,
  { lists: { reversed }, confirm }: Extract<ReconciliationScope, { lists: ProviderLists }>,
) {
  let after: string | undefined;
  do {
    const page = await records.list({ after, limit: ACCOUNTS_PER_PAGE });
    for (const account of page) {
      const { tenantId } = account;
      if (!isReadable(account)) {
        yield { tenantId, reversals: true, failure: unreadableAccount(account) };
        continue;
      }
      const { customerId } = account;
      if (customerId !== null) {
        const reversals = reversed.has(customerId);
        const isConfirmed = !reversals && (await confirm(account));
        yield { tenantId, reversals, ...(isConfirmed && { confirmed: account }) };
      }
    }
    after = page.at(-1)?.tenantId;
  } while (after !== undefined);
}

async function* tenantsWithEvents(
  { accounts, payments }: TargetPorts,
  { since, failures }: Extract<ReconciliationScope, { since: Date }>,
) {
  const customers = new Set<string>();
  const tenants = new Set<string>();
  const lost: LostCustomers = new Map();
  const find = async ({ customerId: named, payload }: BillingEvent) => {
    const customerId = named ?? (await payments.packs.customerOfEvent(payload));
    if (customerId === null || customers.has(customerId)) {
      return null;
    }
    customers.add(customerId);
    const found = await tenantOfCustomer({ accounts, payments: payments.gateway }, customerId);
    return found && { ...found, customerId };
  };
  for await (const event of payments.records.events({ since })) {
    const found = await unlessUnreadable(event, find, failures);
    if (found?.account && !tenants.has(found.tenantId)) {
      tenants.add(found.tenantId);
      yield { tenantId: found.tenantId, reversals: true };
    } else if (found !== null) {
      addLost(lost, found);
    }
  }
  yield* lostTenants({ accounts, payments }, lost);
}

/** Returns what is found by an event; `null` where something about it cannot be read, as is noted. */
async function unlessUnreadable<T>(
  event: BillingEvent,
  find: (event: BillingEvent) => Promise<T | null>,
  failures: unknown[],
): Promise<T | null> {
  try {
    return await find(event);
  } catch (error) {
    if (!(error instanceof PortError) || error.transient) {
      throw error;
    }
    const message = `Cannot follow event "${event.id}": ${error.message}`;
    failures.push(new PortError(message, { transient: false, cause: error }));
    return null;
  }
}

/** Yields tenants without a customer here; one that has another customer by now keeps it. */
async function* lostTenants(ports: Omit<TargetPorts, "records">, lost: LostCustomers) {
  for (const [tenantId, customerIds] of lost) {
    try {
      const known = (await ports.accounts.find(tenantId))?.customerId ?? null;
      if (known === null) {
        const customerId = await theOneInUse(ports, tenantId, customerIds);
        yield { tenantId, customerId, reversals: true };
      }
    } catch (failure) {
      yield { tenantId, reversals: true, failure };
    }
  }
}

/**
 * Chooses among several customers of a tenant, which a lost answer to a creation may leave: the one
 * with a live subscription, else one that had any, else the oldest. `customerIds` is newest first.
 */
async function theOneInUse(
  { payments }: Pick<TargetPorts, "payments">,
  tenantId: string,
  customerIds: readonly string[],
): Promise<string> {
  const [oldest = "", ...newer] = customerIds.toReversed();
  if (newer.length === 0) {
    return oldest;
  }
  let best = { customerId: oldest, use: 0 };
  for (const customerId of [oldest, ...newer]) {
    const { subscriptions } = await payments.snapshots.read(customerId);
    const own = subscriptions.filter((one) => one.tenantId === tenantId || one.tenantId === null);
    const use = own.some(({ status }) => isLive(status)) ? 2 : own.length > 0 ? 1 : 0;
    best = use > best.use ? { customerId, use } : best;
  }
  return best.customerId;
}
