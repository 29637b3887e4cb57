import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import { sampleAttentionItem } from "../../samples/attention.ts";
import { useNotifications } from "./notification_rig.ts";

describe("TellAllTenants", () => {
  const rig = useNotifications();

  it("tells of tenants with an account, a ledger or e-mails, page by page, and of what concerns none", async () => {
    await rig.listen(["tokens.exhausted", "attention.raised"]);
    const { store } = rig.fixture;
    for (const tenant of ["cltenant03", "cltenant01"]) {
      await store.accounts.save(newAccount(tenant));
    }
    await rig.billing.consumeEmailQuota.execute({ tenantId: "cltenant04", count: 1 });
    const command = { reason: "test", operator: "Ada" };
    await rig.billing.adjustTokens.execute({ ...command, tenantId: "cltenant02", tokens: 9 });
    const { balance } = await rig.billing.readTokens.execute({ tenantId: "cltenant02", limit: 1 });
    const spent = { tenantId: "cltenant02", key: "k", tokens: balance.available };
    await rig.billing.spendTokens.execute(spent);
    await store.attention.raise(sampleAttentionItem({ tenantId: null }), {
      revision: 0,
      at: rig.fixture.now,
    });
    const pages: (string | undefined)[] = [];
    do {
      const after = pages.at(-1);
      const { next } = await rig.billing.tellAllTenants.execute({ after, limit: 2 });
      pages.push(next);
    } while (pages.at(-1) !== undefined);
    expect(pages).to.deep.equal(["cltenant02", "cltenant04", undefined]);
    await rig.billing.deliverNotifications.execute({ limit: 9 });
    const arrived = rig.webhooks.arrived.map(({ notification }) => notification);
    expect(arrived.map(({ type, tenantId }) => [type, tenantId])).to.have.deep.members([
      ["tokens.exhausted", "cltenant02"],
      ["attention.raised", null],
    ]);
  });

  it("looks at nothing while nobody listens, or once it is to stop", async () => {
    const { tellAllTenants } = rig.billing;
    await rig.fixture.store.accounts.save(newAccount("cltenant01"));
    const nothing = { next: undefined, failures: [] };
    expect(await tellAllTenants.execute({ limit: 1 })).to.deep.equal(nothing);
    expect(await rig.fixture.store.notificationRecords.find("told", "cltenant01")).to.equal(
      undefined,
    );
    await rig.listen();
    const signal = AbortSignal.abort();
    expect(await tellAllTenants.execute({ limit: 1, signal })).to.deep.equal(nothing);
  });

  it("goes on after a tenant whose records cannot be read, and says so", async () => {
    await rig.listen(["tokens.exhausted"]);
    const { store } = rig.fixture;
    const unreadable = new PortError("Cannot read what was told", { transient: false });
    const notificationRecords = Object.assign(Object.create(store.notificationRecords), {
      find: (...[kind, id]: Parameters<typeof store.notificationRecords.find>) =>
        id === "cltenant01" ? Promise.reject(unreadable) : store.notificationRecords.find(kind, id),
      save: (...saved: Parameters<typeof store.notificationRecords.save>) =>
        store.notificationRecords.save(...saved),
    });
    for (const tenant of ["cltenant01", "cltenant02"]) {
      await store.accounts.save(newAccount(tenant));
    }
    const { tellAllTenants } = rig.fixture.process({ store: { ...store, notificationRecords } });
    expect(await tellAllTenants.execute({ limit: 9 })).to.deep.equal({
      next: undefined,
      failures: [unreadable],
    });
    expect(await store.notificationRecords.find("told", "cltenant02")).to.not.equal(undefined);
  });
});
