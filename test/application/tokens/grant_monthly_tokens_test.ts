import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type { TokenLedgerStore } from "../../../src/application/ports/tokens/token_ledger_store.ts";
import type { BillingAccount } from "../../../src/domain/subscription/billing_account.ts";
import { addMonths, type Period } from "../../../src/domain/subscription/billing_period.ts";
import { sealEntry } from "../../../src/domain/tokens/token_ledger_seal.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import {
  owedRenewal,
  paidStanding,
  sampleAccountSubscription,
  TENANT,
} from "../../samples/account.ts";
import { at, monthsFrom, period } from "../../samples/dates.ts";
import { showing } from "../installation/clock_readings.ts";

const march = monthsFrom("2026-03-10");
const april = monthsFrom("2026-04-10");

/** An account whose plan was paid for over a period. */
function paidFor(
  paid: Period,
  planSlug = "pro",
  changes: Parameters<typeof paidStanding>[2] = {},
): Partial<BillingAccount> {
  return {
    subscription: sampleAccountSubscription({ planSlug, period: paid }),
    standing: paidStanding(paid, planSlug, changes),
  };
}

describe("GrantMonthlyTokens", () => {
  let fixture: BillingFixture;

  beforeEach(async () => {
    fixture = await BillingFixture.open();
  });
  afterEach(() => fixture.close());

  function grant(billing = fixture.billing) {
    return billing.grantMonthlyTokens.execute({ tenantId: TENANT });
  }

  /** The use cases of a process whose ledger is disturbed. */
  function withLedger(changes: Partial<TokenLedgerStore>) {
    const ledger: TokenLedgerStore = {
      last: (tenantId) => fixture.store.ledger.last(tenantId),
      append: (entry) => fixture.store.ledger.append(entry),
      find: (tenantId, key) => fixture.store.ledger.find(tenantId, key),
      list: (tenantId, page) => fixture.store.ledger.list(tenantId, page),
      listSupplies: (tenantId, page) => fixture.store.ledger.listSupplies(tenantId, page),
      entries: (tenantId) => fixture.store.ledger.entries(tenantId),
      tenants: (page) => fixture.store.ledger.tenants(page),
      ...changes,
    };
    return fixture.process({ store: { ...fixture.store, ledger } });
  }

  async function amounts() {
    return (await fixture.ledger()).map(({ amount }) => amount);
  }

  it("P37 what follows a look begins no month that has begun since, however late it comes", async () => {
    const year = period("2026-03-10", "2027-03-10");
    await fixture.save({ ...paidFor(year), lookedAt: at("2026-03-10") });
    fixture.now = at("2026-03-11");
    await grant();
    const before = await amounts();
    fixture.now = at("2026-04-11");
    const [account, catalog] = [await fixture.account(), await fixture.store.catalog.read()];
    if (account === undefined || catalog === undefined) {
      throw new Error("Expected an account and a catalogue");
    }
    const known = { account, catalog };
    await fixture.billing.grantMonthlyTokens.execute({ tenantId: TENANT, known });
    expect(await amounts()).to.deep.equal(before);
    const looked = { account: { ...account, lookedAt: fixture.now }, catalog };
    await fixture.save({ lookedAt: fixture.now });
    await fixture.billing.grantMonthlyTokens.execute({ tenantId: TENANT, known: looked });
    expect(await amounts()).to.have.length(before.length + 1);
  });

  it("P33 grants an unknown tenant the free plan's tokens, per calendar month", async () => {
    expect((await grant()).balance).to.deep.equal({ monthly: 100, packs: 0, debt: 0, reserved: 0 });
    fixture.now = at("2026-04-01");
    await grant();
    expect((await fixture.ledger()).map(({ key }) => key)).to.deep.equal([
      "grant:free:2026-03-01T00:00:00.000Z",
      "grant:free:2026-04-01T00:00:00.000Z",
    ]);
  });

  for (const name of ["stripe", "database"] as const) {
    it(`P25 neither begins nor ends a month by a clock that differs from the ${name}'s`, async () => {
      await grant();
      const real = fixture.now;
      const process = fixture.process({ otherClocks: { [name]: showing(real) } });
      for (const wrong of [at("2036-01-01"), at("2026-02-01")]) {
        fixture.now = wrong;
        expect((await grant(process)).balance.monthly).to.equal(100);
      }
      expect(await fixture.ledger()).to.have.length(1);
      fixture.now = real;
      await grant(process);
      expect(await fixture.ledger()).to.have.length(1);
      fixture.now = at("2026-04-01");
      await grant(fixture.process({ otherClocks: { [name]: showing(fixture.now) } }));
      expect((await fixture.ledger())[1]?.key).to.equal("grant:free:2026-04-01T00:00:00.000Z");
    });
  }

  it("P23 grants a paid month once, however often it is asked", async () => {
    await fixture.save(paidFor(march));
    for (let times = 0; times < 5; times += 1) {
      expect((await grant()).balance.monthly).to.equal(300);
    }
    expect(await amounts()).to.deep.equal([300]);
  });

  it("P23 grants a paid month once to 40 calls of four processes at once", async () => {
    await fixture.save(paidFor(march));
    const processes = Array.from({ length: 4 }, () => fixture.process());
    const tokens = await Promise.all(
      Array.from({ length: 40 }, (_, index) => grant(processes[index % 4])),
    );
    expect(new Set(tokens.map(({ balance }) => balance.monthly))).to.deep.equal(new Set([300]));
    expect(await amounts()).to.deep.equal([300]);
  });

  it("P25 resets with the renewal instead of adding", async () => {
    await fixture.save(paidFor(march));
    await grant();
    await fixture.save(paidFor(april));
    fixture.now = at("2026-04-10");
    expect((await grant()).balance.monthly).to.equal(300);
    const [, renewal] = await fixture.ledger();
    expect(renewal).to.deep.include({ seq: 2, kind: "grant", amount: 0, expired: 300 });
  });

  it("P24 tops up after an upgrade and takes nothing back after a downgrade", async () => {
    await fixture.save(paidFor(march));
    await grant();
    const standing = paidStanding(march);
    const [line] = standing.lines;
    const rest = period("2026-03-15", "2026-04-10");
    const raise = line && { ...line, planSlug: "business", period: rest, opens: false };
    await fixture.save({
      standing: { ...standing, lines: [line, raise].flatMap((one) => one ?? []) },
    });
    expect((await grant()).balance.monthly, "26 of 31 days").to.equal(383);
    await fixture.save(paidFor(march, "starter"));
    expect((await grant()).balance.monthly).to.equal(383);
    expect(await amounts()).to.deep.equal([300, 83]);
  });

  it("P26 grants an annual plan month by month, also after months without a look", async () => {
    const year = { start: at("2026-01-31"), end: at("2027-01-31") };
    await fixture.save({ ...paidFor(year), knownSince: at("2026-04-30") });
    for (const month of [0, 1, 2, 6, 6, 11]) {
      fixture.now = addMonths(year.start, month);
      await grant();
    }
    const entries = await fixture.ledger();
    expect(entries.map(({ key, packs }) => [key.slice(-24, -14), packs])).to.deep.equal([
      ["2026-01-31", 0],
      ["2026-02-28", 0],
      ["2026-03-31", 0],
      ["2026-04-30", 300],
      ["2026-05-31", 600],
      ["2026-06-30", 900],
      ["2026-07-31", 900],
      ["2026-08-31", 1_200],
      ["2026-09-30", 1_500],
      ["2026-10-31", 1_800],
      ["2026-11-30", 2_100],
      ["2026-12-31", 2_100],
    ]);
    expect((await grant()).balance).to.deep.include({ monthly: 300, packs: 2_100 });
    const { items } = await fixture.billing.listAttention.execute({ limit: 10 });
    expect(items.map(({ kind }) => kind)).to.deep.equal(Array(7).fill("month_made_good"));
  });

  it("P36 changes to the free plan's tokens when access is lost, and back once paid", async () => {
    await fixture.save(paidFor(march));
    await grant();
    const debts = [owedRenewal(at("2026-04-10"))];
    await fixture.save(paidFor(march, "pro", { status: "past_due", debts }));
    fixture.now = at("2026-04-23T23:59:59Z");
    expect((await grant()).balance.monthly).to.equal(300);
    fixture.now = at("2026-04-24");
    expect((await grant()).balance.monthly).to.equal(100);
    await fixture.save(paidFor(april));
    expect((await grant()).balance.monthly).to.equal(300);
    expect(await amounts()).to.deep.equal([300, -200, 200]);
  });

  it("P25 gives back what was left when a month comes back that was left", async () => {
    await fixture.save(paidFor(march));
    await grant();
    await fixture.save(paidFor(march, "pro", { status: "canceled", endedAt: fixture.now }));
    await grant();
    await fixture.billing.spendTokens.execute({ tenantId: TENANT, key: "a", tokens: 40 });
    await fixture.save(paidFor(march));
    expect((await grant()).balance.monthly).to.equal(300);
    expect((await grant()).balance.monthly).to.equal(300);
    expect(await amounts()).to.deep.equal([300, -200, -40, 240]);
  });

  it("P24 grants no difference a second time to a month that came back", async () => {
    const canceled = { status: "canceled" as const, endedAt: fixture.now };
    const looks = [
      paidFor(march),
      paidFor(march, "business"),
      paidFor(march, "business", canceled),
      paidFor(march),
      paidFor(march, "business"),
    ];
    for (const look of looks) {
      await fixture.save(look);
      await grant();
    }
    expect((await grant()).balance.monthly).to.equal(400);
    expect(await amounts()).to.deep.equal([300, 100, -300, 300]);
  });

  it("P23 grants a month that is paid while another process grants the free one", async () => {
    let disturbed = false;
    const slow = withLedger({
      append: async (entry) => {
        if (!disturbed) {
          disturbed = true;
          await grant();
          await fixture.save(paidFor(march));
        }
        return await fixture.store.ledger.append(entry);
      },
    });
    expect((await grant(slow)).balance.monthly).to.equal(300);
    expect((await fixture.ledger()).map(({ kind }) => kind)).to.deep.equal(["grant", "grant"]);
  });

  it("P24 never lets an account decide that is older than the last entry", async () => {
    await fixture.save(paidFor(march));
    let disturbed = false;
    const slow = withLedger({
      append: async (entry) => {
        if (!disturbed) {
          disturbed = true;
          fixture.now = at("2026-04-10");
          await fixture.save(paidFor(april));
          await grant();
        }
        return await fixture.store.ledger.append(entry);
      },
    });
    expect((await grant(slow)).month?.end).to.deep.equal(april.end);
    expect((await fixture.ledger()).map(({ months }) => months?.current)).to.deep.equal([
      `sub_one:${april.start.toISOString()}`,
    ]);
  });

  it("P37 leaves all as it is before the first look at a tenant of an older release", async () => {
    await grant();
    await fixture.addCustomer();
    await fixture.save({ standing: null });
    fixture.now = at("2026-04-02");
    expect((await grant()).balance.monthly).to.equal(100);
    expect(await fixture.ledger()).to.have.length(1);
  });

  it("P23 grants nothing again for a month that the ledger has, whatever is kept of it", async () => {
    await fixture.save(paidFor(march));
    await grant();
    const [entry] = await fixture.ledger();
    const months = {
      months: [],
      current: null,
      since: at("2026-03-01"),
      healings: 0,
      displaced: 0,
    };
    const bare = { ...entry, seq: 2, key: "debit:all", monthly: 0, amount: -300, months };
    await fixture.store.ledger.append(bare as typeof entry & object);
    expect((await grant()).balance.monthly).to.equal(0);
    expect(await amounts()).to.deep.equal([300, -300, 0]);
    await grant();
    expect(await amounts()).to.have.length(3);
  });

  it("P26 makes a renewal good, once, that was paid after a later one, and names it", async () => {
    const [feb, mar] = [monthsFrom("2026-02-10"), march];
    const paid = paidStanding(mar);
    await fixture.save({ standing: paid });
    await grant();
    const late = paidStanding(feb).lines.map((line) => ({ ...line, settledAt: fixture.now }));
    await fixture.save({ standing: { ...paid, lines: [...late, ...paid.lines] } });
    expect((await grant()).balance).to.deep.include({ monthly: 300, packs: 300 });
    expect((await grant()).balance).to.deep.include({ monthly: 300, packs: 300 });
    const { items } = await fixture.billing.listAttention.execute({ limit: 10 });
    expect(items.map(({ kind, subject }) => [kind, subject])).to.deep.equal([
      ["month_made_good", `sub_one:${feb.start.toISOString()}`],
    ]);
  });

  it("P30 chains every entry to the one before it", async () => {
    for (const month of [1, 2, 3, 4]) {
      fixture.now = new Date(Date.UTC(2026, month, 1));
      await grant();
    }
    const entries = await fixture.ledger();
    expect(entries.map(({ seq }) => seq)).to.deep.equal([1, 2, 3, 4]);
    let previousHash = "";
    for (const entry of entries) {
      const { hash, previousHash: claimed, ...unsealed } = entry;
      expect(claimed).to.equal(previousHash);
      expect((await sealEntry(unsealed, previousHash)).hash).to.equal(hash);
      previousHash = hash;
    }
  });

  it("P23 makes up for a crash between the account's save and the ledger's entry", async () => {
    await fixture.save(paidFor(march));
    const crash = new PortError("Cannot append: the database is gone", { transient: true });
    const crashing = withLedger({ append: () => Promise.reject(crash) });
    expect(await grant(crashing).catch((error: unknown) => error)).to.equal(crash);
    expect(await amounts()).to.deep.equal([]);
    expect((await grant()).balance.monthly).to.equal(300);
  });

  it("P23 makes up for a crash after the entry, before anybody heard of it", async () => {
    await fixture.save(paidFor(march));
    const crash = new PortError("Cannot append: no answer", { transient: true });
    const crashing = withLedger({
      append: async (entry) => {
        await fixture.store.ledger.append(entry);
        throw crash;
      },
    });
    expect(await grant(crashing).catch((error: unknown) => error)).to.equal(crash);
    expect((await grant()).balance.monthly).to.equal(300);
    expect(await amounts()).to.deep.equal([300]);
  });

  it("P08 gives up, to be tried again, when every append loses", async () => {
    const losing = withLedger({ append: async () => "seq_taken" as const });
    const error = await grant(losing).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(PortError).with.property("transient", true);
  });

  it("P08 cannot grant before the catalogue was synchronised", async () => {
    const empty = await BillingFixture.open({ catalog: null });
    const error = await grant(empty.billing).catch((thrown: unknown) => thrown);
    await empty.close();
    expect(error).to.be.instanceOf(PortError).with.property("transient", true);
  });
});
