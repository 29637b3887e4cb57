import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import type { PaymentRecords } from "../../src/application/ports/subscription/payment_records.ts";
import type { Catalog } from "../../src/domain/catalog/catalog.ts";
import type { BillingAccount } from "../../src/domain/subscription/billing_account.ts";
import type { SnapshotSubscription } from "../../src/domain/subscription/customer_snapshot.ts";
import {
  addFact,
  customerFact,
  subscriptionFact,
} from "../../src/domain/subscription/seen/listed_facts.ts";
import { accountState } from "../../src/domain/subscription/seen/seen.ts";
import { progress } from "./progress.ts";

const AT_ONCE = 250;

/**
 * Stores an account for each tenant at the provider as a look would leave it, without the three
 * requests that a look takes: copies of an account that was looked at, for tenants who have lived
 * the same. Their invoices are paid, so the lists say of them a balance and a subscription.
 */
export async function seedAccounts(
  path: string,
  {
    records,
    catalog,
    template,
  }: { records: PaymentRecords; catalog: Catalog; template: BillingAccount },
): Promise<void> {
  const store = openSqliteStore(path);
  const balances = new Map<string, number>();
  for await (const { customerId, balance } of records.customers()) {
    balances.set(customerId, balance);
  }
  let waiting: Promise<string>[] = [];
  let stored = 0;
  const telling = progress("accounts stored");
  for await (const { customerId, subscription } of records.subscriptions()) {
    if (subscription !== null && customerId !== template.customerId) {
      const balance = balances.get(customerId) ?? 0;
      const facts = addFact(customerFact({ balance }), subscriptionFact(subscription, catalog));
      const account = copyOf(template, subscription);
      const state = accountState(account);
      waiting.push(store.accounts.save({ ...account, seen: { facts, state } }));
    }
    if (waiting.length === AT_ONCE) {
      await Promise.all(waiting);
      stored += waiting.length;
      telling(stored);
      waiting = [];
    }
  }
  await Promise.all(waiting);
  await store.close();
}

function copyOf(template: BillingAccount, subscription: SnapshotSubscription): BillingAccount {
  const { id, customerId, tenantId, items } = subscription;
  const { standing } = template;
  const current = standing?.subscription ?? null;
  const item = current?.item ?? null;
  return {
    ...template,
    tenantId: tenantId ?? "",
    revision: 0,
    customerId,
    subscription: template.subscription && { ...template.subscription, id },
    standing: standing && {
      ...standing,
      subscription: current && {
        ...current,
        id,
        item: item && { ...item, id: items[0]?.id ?? "" },
      },
    },
    inForce: template.inForce.map(() => id),
  };
}
