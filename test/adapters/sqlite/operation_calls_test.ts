import { expect } from "chai";
import { CATALOG_SQL } from "../../../src/adapters/sqlite/sqlite_catalog_store.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { type CountedSqlite, countSqlite } from "../../rig/counted_sqlite.ts";
import { TENANT } from "../../samples/account.ts";
import { consume } from "../../samples/quota.ts";

/** Whom there is to notify, and what to buy, is looked up afterwards. */
const IN_BACKGROUND = / FROM (notification_records|top_ups) /;
const WRITE = /^(INSERT|UPDATE|DELETE)/;

describe("what an operation costs on SQLite", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    await fixture.addSubscriber();
    await deliver("evt_first");
  });

  async function deliver(id: string): Promise<void> {
    const { receiveStripeEvent, handleStripeEvent } = fixture.billing;
    const rawBody = new TextEncoder().encode(id);
    const delivery = { rawBody, signature: "genuine", claims: true };
    const received = await receiveStripeEvent.execute(delivery);
    const claim = received.type === "stored" ? received.claim : undefined;
    const handled = await handleStripeEvent.execute({ eventId: id, ...(claim && { claim }) });
    expect(handled).to.deep.include({ type: "settled", outcome: { state: "done" } });
  }

  /**
   * Statements and commits. Where a turn of the event loop ends in between, which is a matter of
   * time, the catalogue's revision does not come with the account and is asked for.
   */
  const costs = ({ statements: all, commits }: CountedSqlite) => {
    const statements = all.filter((sql) => !IN_BACKGROUND.test(sql));
    const ofCatalog = statements.filter((sql) => sql === CATALOG_SQL.read).length;
    expect(ofCatalog).to.be.within(0, 1);
    return [statements.length - ofCatalog, commits];
  };
  const reads = ({ statements }: CountedSqlite, table: string) =>
    statements.filter((sql) => sql.startsWith("SELECT") && sql.includes(` FROM ${table}`)).length;
  const look = () => fixture.billing.synchronizeTenant.execute({ tenantId: TENANT, packs: false });

  it("P04 an event that brings nothing new is 7 statements and 3 commits, 2 of its own", async () => {
    for (let round = 1; round <= 5; round += 1) {
      const counted = await countSqlite(() => deliver(`evt_${round}`));
      expect(costs(counted)).to.deep.equal([7, 3]);
      expect(reads(counted, "accounts")).to.equal(1);
    }
  });

  it("P04 an event that comes again is 2 statements and no commit", async () => {
    const again = async () => {
      const rawBody = new TextEncoder().encode("evt_first");
      await fixture.billing.receiveStripeEvent.execute({ rawBody, signature: "genuine" });
    };
    expect(costs(await countSqlite(again))).to.deep.equal([2, 0]);
  });

  it("P09 a look that changed nothing writes once, however often it comes", async () => {
    for (let round = 1; round <= 5; round += 1) {
      fixture.advance(120_000);
      const counted = await countSqlite(look);
      expect(counted.statements.filter((sql) => WRITE.test(sql))).to.have.length(1);
      expect(costs(counted)).to.deep.equal([5, 1]);
    }
  });

  it("P10 a quota that was not stored anew still follows no older account", async () => {
    const before = await fixture.store.emailUsage.find(TENANT);
    await look();
    await look();
    const after = await fixture.store.emailUsage.find(TENANT);
    expect(after?.accountRevision).to.equal(before?.accountRevision);
    const account = await fixture.account();
    await fixture.save({ subscription: null, standing: null });
    await fixture.save({ subscription: account?.subscription ?? null, standing: null });
    await fixture.save({ standing: account?.standing ?? null });
    await fixture.billing.refreshEmailQuota.execute({ tenantId: TENANT });
    const stored = await fixture.store.emailUsage.find(TENANT);
    expect(stored?.accountRevision).to.equal((await fixture.account())?.revision);
  });

  it("P32 a refused send is 3 statements and no commit; the month's first is noted", async () => {
    const refused = async () => {
      const outcome = await consume(fixture.billing, { count: 100_000 });
      expect(outcome).to.include({ type: "exceeded" });
    };
    expect(costs(await countSqlite(refused))).to.deep.equal([4, 1]);
    expect(costs(await countSqlite(refused))).to.deep.equal([3, 0]);
    await look();
    expect(costs(await countSqlite(refused))).to.deep.equal([3, 0]);
  });

  it("P38 counting the events reads a number per state, and none of the events", async () => {
    const { statements } = await countSqlite(() => fixture.billing.countEvents.execute());
    expect(statements.filter((sql) => !sql.includes("FROM event_counts"))).to.deep.equal([]);
  });

  it("reading a subscription is 3 statements, and reads account and catalogue once", async () => {
    const read = () => fixture.billing.readSubscription.execute({ tenantId: TENANT });
    const counted = await countSqlite(read);
    expect(costs(counted)).to.deep.equal([3, 0]);
    expect(reads(counted, "accounts")).to.equal(1);
  });

  it("P10 an account that this process knows is not read again, only asked for", async () => {
    const asked = async () => {
      const { statements } = await countSqlite(() =>
        fixture.billing.readSubscription.execute({ tenantId: TENANT }),
      );
      return statements
        .filter((sql) => sql.includes(" FROM accounts"))
        .map((sql) => (sql.startsWith("SELECT tenant_id") ? "read" : "asked for"));
    };
    await asked();
    expect(await asked()).to.deep.equal(["asked for"]);
    await fixture.save({ lookedAt: fixture.now });
    expect(await asked()).to.deep.equal(["asked for", "read"]);
    expect(await asked()).to.deep.equal(["asked for"]);
  });
});
