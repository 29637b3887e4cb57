import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import type { MovableStore } from "../../../src/application/ports/store_transfer.ts";
import type { Drift } from "../../../src/application/reconciliation/drift.ts";
import type { ReconcileCommand } from "../../../src/application/reconciliation/reconcile.ts";
import type { EmbeddedBilling } from "../../../src/mod.ts";
import { useMongoStores } from "../../adapters/mongodb/mongo_test_store.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { seedDefects } from "./defects.ts";
import { type Lives, live } from "./lives.ts";
import { contentOf, entriesOf, monthsMadeGood, standingOf } from "./standing.ts";
import { billingAt } from "./twin_service.ts";

const TENANTS = 50;
const TITLE = `${TENANTS} tenants whose webhooks were all lost`;

describe(`${TITLE} (on SQLite)`, () => {
  declare(async () => openSqliteStore(":memory:"));
});
await describeOnMongodb(TITLE, (database) => {
  const open = useMongoStores(database);
  declare(async () => (await open()).store);
});

/**
 * The tests.
 *
 * @param emptyStore a store with nothing in it
 */
function declare(emptyStore: () => Promise<MovableStore>): void {
  let lives: Lives;
  let store: MovableStore;
  let billing: EmbeddedBilling;
  let monthsMade: number;

  before(async function () {
    this.timeout(120_000);
    lives = await live({ count: TENANTS, rounds: 7, seed: 4 });
  });
  after(() => lives.close());

  beforeEach(async () => {
    monthsMade = 0;
    store = await emptyStore();
    billing = billingAt(lives.sandbox, store);
    const catalog = await lives.twin.fixture.store.catalog.read();
    await store.catalog.save({ ...(catalog ?? expect.fail("no catalogue")), revision: 0 });
  });

  /** What a run found, in an order of its own. */
  async function reconcile(command: ReconcileCommand = {}, process = billing) {
    const drift: Drift[] = [];
    const failures: string[] = [];
    const outcome = await process.reconcile.execute({
      ...command,
      onTenant: (result) => {
        drift.push(...result.drift);
        failures.push(
          ...(result.failure === null ? [] : [`${result.tenantId}: ${result.failure}`]),
        );
      },
    });
    expect(failures).to.deep.equal([]);
    if (outcome.type !== "reconciled") {
      return expect.fail(outcome.type);
    }
    expect(outcome.complete).to.equal(true);
    const nameOf = ({ tenantId, field }: Drift) => `${tenantId} ${field}`;
    return { ...outcome, found: drift.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)) };
  }

  /** Half of the tenants are known by their customers: they were sent to a Checkout. */
  async function seedBeginnings(): Promise<void> {
    const known = [...lives.beginnings].filter((_, index) => index % 2 === 0);
    for (const [, account] of known) {
      await store.transfer.restoreAccount(account);
    }
  }

  async function expectTwins(): Promise<void> {
    for (const tenantId of lives.tenants) {
      const [actual, expected] = [
        await standingOf(store, tenantId),
        await standingOf(lives.twin.fixture.store, tenantId),
      ];
      expect(actual, tenantId).to.deep.equal(expected);
      await expectNamed(tenantId);
    }
    const { damaged } = await billing.verifyLedgers.execute({});
    expect(damaged).to.deep.equal([]);
  }

  /**
   * Tokens were made good of months that the twin began, too, no more than those gave, and each
   * that the twin did not make good is named.
   */
  async function expectNamed(tenantId: string): Promise<void> {
    const twin = lives.twin.fixture.store;
    const begun = await entriesOf(twin, tenantId);
    const known = await monthsMadeGood(twin, tenantId);
    const madeGood = Object.entries(await monthsMadeGood(store, tenantId)).filter(
      ([key]) => !(key in known),
    );
    for (const [key, tokens] of madeGood) {
      const granted = begun.filter((entry) => entry.key === key).map(({ monthly }) => monthly);
      expect(tokens, key).to.be.at.most(Math.max(...granted));
    }
    const named = (await store.attention.known(tenantId)).filter(
      ({ kind }) => kind === "month_made_good",
    );
    const keys = named.map(({ subject }) => `grant:${subject}`).filter((key) => !(key in known));
    expect(keys.toSorted(), tenantId).to.deep.equal(madeGood.map(([key]) => key).toSorted());
    monthsMade += madeGood.length;
  }

  /** What there is at Stripe. */
  async function booksAtStripe() {
    const { stripe } = lives;
    const all = await Promise.all([
      stripe.customers.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 }),
      stripe.subscriptions.list({ limit: 100, status: "all" }).autoPagingToArray({ limit: 10_000 }),
      stripe.checkout.sessions.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 }),
      stripe.refunds.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 }),
      stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 }),
    ]);
    return JSON.stringify(all);
  }

  it("the lives are varied", () => {
    const { purchase = 0, ...rest } = lives.done;
    expect(purchase).to.be.at.least(TENANTS);
    expect(rest).to.have.all.keys(
      "upgrade",
      "downgrade",
      "cancel",
      "resume",
      "end",
      "recovery",
      "pack",
      "refund",
      "dispute",
    );
  });

  it("P37 a dry run finds what a run repairs, and changes nothing, here or at Stripe", async function () {
    this.timeout(180_000);
    await seedBeginnings();
    const [content, books] = [await contentOf(store, lives.tenants), await booksAtStripe()];
    const dry = await reconcile({ dryRun: true });
    expect(dry.drifted).to.equal(TENANTS);
    expect(await contentOf(store, lives.tenants)).to.deep.equal(content);
    expect(await booksAtStripe()).to.equal(books);
    const run = await reconcile();
    expect(run.found).to.deep.equal(dry.found);
    expect(run.drift).to.deep.equal(dry.drift);
  });

  it("P37 one run brings each tenant where an undisturbed service has it, the next finds nothing", async function () {
    this.timeout(180_000);
    await seedBeginnings();
    const run = await reconcile();
    expect(run.tenants).to.equal(TENANTS);
    await expectTwins();
    expect(monthsMade).to.be.at.least(10);
    const again = await reconcile();
    expect(again.found).to.deep.equal([]);
    expect(again.tenants).to.equal(TENANTS);
    const { entries } = await billing.listAuditEntries.execute({
      tenantId: lives.tenants[0] ?? "",
      limit: 100,
    });
    expect(entries.at(0)?.cause).to.deep.equal({ type: "reconciliation" });
  });

  it("P37 so do two replicas that run at once, on a store that has lost everything", async function () {
    this.timeout(180_000);
    const other = billingAt(lives.sandbox, store);
    await Promise.all([reconcile(), reconcile({}, other)]);
    await expectTwins();
    expect((await reconcile()).found).to.deep.equal([]);
  });

  it("P37 with --since it looks at tenants with events since then only", async function () {
    this.timeout(180_000);
    const since = new Date(lives.sandbox.now().getTime() - 20 * 86_400_000);
    const events = await lives.stripe.events
      .list({ limit: 100, created: { gte: Math.floor(since.getTime() / 1000) } })
      .autoPagingToArray({ limit: 10_000 });
    const run = await reconcile({ since });
    expect(events).to.not.deep.equal([]);
    expect(run.tenants).to.be.within(1, TENANTS - 1);
    for (const tenantId of new Set(run.found.map((drift) => drift.tenantId))) {
      const expected = await standingOf(lives.twin.fixture.store, tenantId);
      expect(await standingOf(store, tenantId), tenantId).to.deep.equal(expected);
    }
  });

  it("P37 with --tenant it finds the customer of one that was lost, and leaves others alone", async () => {
    const [tenantId = "", other = ""] = lives.tenants;
    const run = await reconcile({ tenantId });
    expect(run.tenants).to.equal(1);
    const expected = await standingOf(lives.twin.fixture.store, tenantId);
    expect(await standingOf(store, tenantId)).to.deep.equal(expected);
    expect(await store.accounts.find(other)).to.equal(undefined);
  });

  it("P37 finds every defect by its kind, repairs it, and repairs nothing twice", async function () {
    this.timeout(180_000);
    const defects = await seedDefects(lives, store);
    expect(defects).to.have.length(TENANTS);
    const { found } = await reconcile({ dryRun: true });
    const missed = defects.filter(
      ({ tenantId, kind }) => !found.some((one) => one.tenantId === tenantId && one.kind === kind),
    );
    expect(missed).to.deep.equal([]);
    expect(new Set(found.map(({ tenantId }) => tenantId)).size).to.equal(TENANTS);
    await reconcile();
    await expectTwins();
    expect((await reconcile()).found).to.deep.equal([]);
  });
}
