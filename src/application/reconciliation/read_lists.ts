import type { Catalog } from "../../domain/catalog/catalog.ts";
import { ATTEMPT_EVENT_TYPES, type BillingEvent } from "../../domain/events/billing_event.ts";
import { isTenantId } from "../../domain/subscription/billing_account.ts";
import type { SnapshotSubscription } from "../../domain/subscription/customer_snapshot.ts";
import {
  chargesForPlan,
  type ForeignSubscription,
} from "../../domain/subscription/findings/foreign.ts";
import {
  customerFact,
  invoiceFact,
  subscriptionFact,
} from "../../domain/subscription/seen/listed_facts.ts";
import { PortError } from "../ports/port_error.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { ListedPack, PaymentRecords } from "../ports/subscription/payment_records.ts";
import type { AppendableLedger } from "../ports/tokens/token_ledger_store.ts";
import { nextPackStepOf } from "../tokens/next_pack_step_of.ts";
import { INVOICES_LISTED_MS, ListedCustomers } from "./listed_customers.ts";

/** Customers unknown to any account, newest first, by tenant. */
export type LostCustomers = Map<string, string[]>;

/** What the payment provider's lists of all customers say. */
export interface ProviderLists {
  readonly customers: ListedCustomers;
  /** Customers with a refund or dispute. */
  readonly reversed: ReadonlySet<string>;
  readonly lost: LostCustomers;
  /** Live subscriptions of our plans whose customers no account has. */
  readonly foreign: readonly ForeignSubscription[];
}

/** What reading the lists needs. */
export interface ListPorts {
  readonly accounts: Pick<AccountStore, "findByCustomer">;
  readonly ledger: Pick<AppendableLedger, "find">;
  readonly records: PaymentRecords;
}

/** A reading of the lists. */
export interface ListReading {
  readonly catalog: Catalog;
  readonly now: Date;
  /** How far back to look for refunds and disputes. */
  readonly reversedSince: Date;
  /** Called with the number of objects read so far, after each thousand. */
  readonly onListed: (objects: number) => void;
}

/** Of a payment's attempts only the time counts: one after a look needs another. */
const NO_FACT = 0;

const OBJECTS_PER_REPORT = 1_000;

/**
 * Reads the payment provider's lists page by page: what is there of each customer costs a hundredth
 * of a request, and stays in memory as two numbers. Subscriptions come before invoices, as in a
 * look.
 *
 * @throws {PortError}
 */
export async function readLists(ports: ListPorts, reading: ListReading): Promise<ProviderLists> {
  const { records } = ports;
  const { catalog, now } = reading;
  const counted = counter(reading.onListed);
  const reversed = new Set<string>();
  for await (const customerId of counted(records.reversedCustomers(reading.reversedSince))) {
    reversed.add(customerId);
  }
  const customers = new ListedCustomers(now);
  const lost: LostCustomers = new Map();
  for await (const { customerId, tenantId, balance } of counted(records.customers())) {
    if (await isTenants(ports, customerId)) {
      customers.put(customerId, customerFact({ balance }));
    } else if (tenantId !== null && isTenantId(tenantId)) {
      addLost(lost, { tenantId, customerId });
    }
  }
  const foreign: ForeignSubscription[] = [];
  for await (const { customerId, subscription } of counted(records.subscriptions())) {
    if (subscription === null) {
      customers.doubt(customerId);
    } else if (customers.has(customerId)) {
      customers.add(customerId, subscriptionFact(subscription, catalog));
    } else if (chargesForPlan(inShort(subscription), catalog)) {
      foreign.push(inShort(subscription));
    }
  }
  const since = new Date(now.getTime() - INVOICES_LISTED_MS);
  for await (const { customerId, invoice, pack } of counted(records.invoices(since))) {
    if (invoice === null || (pack !== null && (await isMissing(ports, pack)))) {
      customers.doubt(customerId);
    } else {
      customers.add(customerId, invoiceFact(invoice), invoice.createdAt);
    }
  }
  await addAttempts(customers, () =>
    counted(records.events({ since, types: ATTEMPT_EVENT_TYPES })),
  );
  for await (const pack of counted(records.packs())) {
    if (await isMissing(ports, pack)) {
      customers.doubt(pack.customerId);
    }
  }
  return { customers, reversed, lost, foreign };
}

/**
 * Notes when payments have begun or failed, which no other list tells. Without them only those are
 * not found whose webhook was lost; that events cannot be listed is told by whoever sweeps them.
 */
async function addAttempts(
  customers: ListedCustomers,
  attempts: () => AsyncIterable<BillingEvent>,
): Promise<void> {
  try {
    for await (const { customerId, createdAt } of attempts()) {
      customers.add(customerId ?? "", NO_FACT, createdAt);
    }
  } catch (error) {
    if (!(error instanceof PortError)) {
      throw error;
    }
  }
}

function inShort(subscription: SnapshotSubscription): ForeignSubscription {
  const { id, customerId, status, items, tenantId, createdAt } = subscription;
  const productIds = items.map((one) => one.productId);
  return { id, customerId, status, productIds, tenantId, createdAt };
}

/** Whether a customer is a tenant's here, even one whose account cannot be read. */
async function isTenants({ accounts }: ListPorts, customerId: string): Promise<boolean> {
  return await trueIfUnreadable(
    async () => (await accounts.findByCustomer(customerId)) !== undefined,
  );
}

/**
 * Whether the ledger of a customer's tenant lacks something about a pack, or cannot be read: then a
 * look says so, of this tenant alone.
 */
async function isMissing(
  { accounts, ledger }: ListPorts,
  { customerId, tenantId, purchase }: ListedPack,
): Promise<boolean> {
  return await trueIfUnreadable(async () => {
    const account = await accounts.findByCustomer(customerId);
    return (
      account?.tenantId === tenantId &&
      (purchase === null || (await nextPackStepOf(ledger, tenantId, purchase)) !== undefined)
    );
  });
}

async function trueIfUnreadable(question: () => Promise<boolean>): Promise<boolean> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof PortError && !error.transient) {
      return true;
    }
    throw error;
  }
}

/** Adds a customer that no account has. */
export function addLost(
  lost: LostCustomers,
  { tenantId, customerId }: { tenantId: string; customerId: string },
): void {
  lost.set(tenantId, [...(lost.get(tenantId) ?? []), customerId]);
}

function counter(report: (objects: number) => void) {
  let objects = 0;
  return async function* counted<T>(list: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    for await (const object of list) {
      objects += 1;
      if (objects % OBJECTS_PER_REPORT === 0) {
        report(objects);
      }
      yield object;
    }
  };
}
