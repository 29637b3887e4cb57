import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import type { BillingPayments } from "../../src/application/ports/billing_payments.ts";
import type { Catalog } from "../../src/domain/catalog/catalog.ts";
import { currentMonth, type UsageMonth } from "../../src/domain/quota/usage_months.ts";
import { type BillingAccount, newAccount } from "../../src/domain/subscription/billing_account.ts";
import { createBilling } from "../../src/mod.ts";

/** What a service that looks for the first time, and once, says of a tenant. */
export interface FreshLook extends Pick<BillingAccount, "subscription" | "standing"> {
  /** The month that tokens are counted in; `null` where none brings any. */
  readonly month: UsageMonth | null;
}

/** Where a fresh service looks. */
export interface FreshSources {
  readonly payments: BillingPayments;
  readonly catalog: Catalog;
  readonly now: Date;
}

/** Looks at a customer with an empty database, in good weather. */
export async function freshLook(
  { tenantId, customerId }: { tenantId: string; customerId: string | null },
  { payments, catalog, now }: FreshSources,
): Promise<FreshLook> {
  const store = openSqliteStore(":memory:");
  try {
    await store.catalog.save({ ...catalog, revision: 0 });
    await store.accounts.save({ ...newAccount(tenantId), customerId });
    const billing = createBilling({
      store,
      payments,
      clock: () => now,
      settings: {
        livemode: false,
        dashboardUrl: "https://app.example.com/dashboard",
        refundDuplicates: false,
        ledgerKeys: [],
      },
    });
    const { subscription, standing } = await billing.synchronizeTenant.look({ tenantId });
    const last = await store.ledger.last(tenantId);
    const month = (last?.months && currentMonth(last.months)) ?? null;
    return { subscription, standing, month };
  } finally {
    await store.close();
  }
}
