import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { accountsOf } from "../../../src/application/installation/store_content.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type { TenantResult } from "../../../src/application/reconciliation/tenant_tally.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { temporaryFolder } from "../../rig/temporary_folder.ts";
import { useFresh } from "../../rig/use_fresh.ts";
import { fullRecord } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { sampleInvoice, sampleSubscription } from "../../samples/subscription.ts";

const TENANTS = ["tenant_a", "tenant_b", "tenant_c"];

describe("an account that cannot be read, on SQLite", () => {
  const opened = useFresh(async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, "billing.db");
    const store = openSqliteStore(path);
    const raw = new DatabaseSync(path);
    const close = async () => {
      raw.close();
      await store.close();
      folder.remove();
    };
    return { store, raw, close };
  });

  const spoil = (tenantId: string) =>
    opened.raw.prepare("UPDATE accounts SET in_force = '[' WHERE tenant_id = ?").run(tenantId);

  it("hides no other in a list, and says what is wrong with it", async () => {
    const { accounts } = opened.store;
    for (const tenantId of TENANTS) {
      await accounts.save(fullRecord({ tenantId, customerId: `cus_${tenantId}` }));
    }
    spoil("tenant_b");
    const [first, second, third, ...more] = await accounts.list({ limit: 9 });
    expect(first).to.deep.include({ tenantId: "tenant_a", customerId: "cus_tenant_a" });
    expect(second).to.have.all.keys("tenantId", "fault").and.include({ tenantId: "tenant_b" });
    expect(third).to.deep.include({ tenantId: "tenant_c", customerId: "cus_tenant_c" });
    expect(more).to.deep.equal([]);
  });

  it("ends a move to another store, which would lose it", async () => {
    await opened.store.accounts.save(fullRecord({ tenantId: "tenant_b" }));
    spoil("tenant_b");
    const error: unknown = await accountsOf(opened.store)
      .next()
      .catch((failure: unknown) => failure);
    expect(error).to.be.instanceOf(PortError).and.include({ transient: false });
    expect(error).to.have.property("message").that.contains('the account of "tenant_b"');
  });

  it("P37 keeps no other tenant from being compared, and is told as failed", async () => {
    const fixture = new BillingFixture(opened.store);
    await opened.store.catalog.save({ ...sampleCatalog(), revision: 0 });
    for (const tenantId of TENANTS) {
      const customerId = `cus_${tenantId}`;
      const id = `sub_${tenantId}`;
      await fixture.addCustomer(customerId, tenantId);
      fixture.payments.setTruth(customerId, {
        subscriptions: [sampleSubscription({ id, customerId, tenantId })],
        invoices: [sampleInvoice({ id: `in_${tenantId}` })],
      });
      fixture.records.all = [{ customerId, tenantId, balance: 0 }, ...fixture.records.all];
    }
    spoil("tenant_b");
    const results: TenantResult[] = [];
    const onTenant = (result: TenantResult) => results.push(result);
    const outcome = await fixture.billing.reconcile.execute({ onTenant });
    expect(outcome).to.deep.include({ tenants: 3, drifted: 2, failed: 1, complete: true });
    const failures = results.filter(({ failure }) => failure !== null);
    expect(failures.map(({ tenantId }) => tenantId)).to.deep.equal(["tenant_b"]);
    expect(failures[0]?.failure).to.contain('the account of "tenant_b"');
    expect((await fixture.account("tenant_c"))?.subscription?.status).to.equal("active");
  });
});
