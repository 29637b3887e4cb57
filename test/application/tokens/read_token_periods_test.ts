import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";

describe("ReadTokenPeriods", () => {
  const fixture = useBilling();

  function read(limit: number) {
    return fixture.billing.readTokenPeriods.execute({ tenantId: TENANT, limit });
  }

  async function liveThroughMonths(count: number): Promise<void> {
    for (let month = 0; month < count; month += 1) {
      fixture.now = new Date(Date.UTC(2026, month, 15));
      for (const [index, tokens] of [month, 1].entries()) {
        const key = `${month}-${index}`;
        await fixture.billing.spendTokens.execute({ tenantId: TENANT, key, tokens: tokens || 1 });
      }
    }
  }

  it("begins the running month on the way (P26)", async () => {
    const [period, ...older] = await read(6);
    expect(older).to.deep.equal([]);
    expect(period).to.deep.include({ start: at("2026-03-01"), end: at("2026-04-01"), used: 0 });
    expect(period?.granted).to.be.greaterThan(0);
  });

  it("answers at most as many months as asked for, the running one first", async () => {
    await liveThroughMonths(8);
    const periods = await read(3);
    expect(periods.map(({ start, used }) => [start, used])).to.deep.equal([
      [at("2026-08-01"), 8],
      [at("2026-07-01"), 7],
      [at("2026-06-01"), 6],
    ]);
    expect(await read(24)).to.have.length(8);
  });

  it("reads no more of the ledger when more was spent", async () => {
    await liveThroughMonths(2);
    let entries = 0;
    const { ledger } = fixture.store;
    const counting = {
      last: ledger.last.bind(ledger),
      find: ledger.find.bind(ledger),
      append: ledger.append.bind(ledger),
      list: ledger.list.bind(ledger),
      entries: ledger.entries.bind(ledger),
      tenants: ledger.tenants.bind(ledger),
      listSupplies: async (...args: Parameters<typeof ledger.listSupplies>) => {
        const page = await ledger.listSupplies(...args);
        entries += page.length;
        return page;
      },
    };
    const billing = fixture.process({ store: { ...fixture.store, ledger: counting } });
    for (let index = 0; index < 98; index += 1) {
      await billing.spendTokens.execute({ tenantId: TENANT, key: `many-${index}`, tokens: 1 });
    }
    const [running] = await billing.readTokenPeriods.execute({ tenantId: TENANT, limit: 6 });
    expect(running?.used).to.equal(100);
    expect(entries, "two grants").to.equal(2);
  });

  it("leaves out a month that it could not read to its beginning", async () => {
    await liveThroughMonths(2);
    for (let index = 0; index < 520; index += 1) {
      await fixture.billing.adjustTokens.execute({
        tenantId: TENANT,
        tokens: 1,
        reason: "a test",
        operator: "Ada",
      });
    }
    expect(await read(6)).to.deep.equal([]);
  });
});
