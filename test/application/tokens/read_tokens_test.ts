import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";

describe("ReadTokens", () => {
  const fixture = useBilling();

  const read = (page: { before?: number; limit?: number } = {}, tenantId = TENANT) =>
    fixture.billing.readTokens.execute({ tenantId, limit: 10, ...page });

  it("P26 grants a month that has begun unnoticed, then shows it", async () => {
    const { balance, entries } = await read();
    expect(balance).to.deep.equal({
      monthly: 100,
      packs: 0,
      debt: 0,
      reserved: 0,
      available: 100,
      monthlyExpiresAt: at("2026-04-01"),
    });
    expect(entries.map(({ kind }) => kind)).to.deep.equal(["grant"]);
    fixture.now = at("2026-04-01");
    expect((await read()).entries).to.have.length(2);
  });

  it("P28 releases what has expired before it shows the balance", async () => {
    await fixture.billing.reserveTokens.execute({ tenantId: TENANT, key: "job-1", tokens: 60 });
    expect((await read()).balance).to.deep.include({ available: 40, reserved: 60 });
    fixture.advance(600_000);
    const { balance, entries } = await read();
    expect(balance).to.deep.include({ available: 100, reserved: 0 });
    expect(entries[0]).to.deep.include({ kind: "release" });
  });

  it("shows the ledger page by page, newest first, and where it ends", async () => {
    for (let index = 1; index < 25; index += 1) {
      await fixture.billing.spendTokens.execute({ tenantId: TENANT, key: `c-${index}`, tokens: 1 });
    }
    const seen: number[] = [];
    let before: number | undefined;
    do {
      const page = await read(before === undefined ? {} : { before });
      seen.push(...page.entries.map(({ seq }) => seq));
      before = page.nextBefore ?? undefined;
    } while (before !== undefined);
    expect(seen).to.deep.equal(Array.from({ length: 25 }, (_, index) => 25 - index));
    expect((await read({ limit: 25 })).nextBefore).to.equal(null);
    expect((await read({ limit: 24 })).nextBefore).to.equal(2);
  });

  it("P35 shows a tenant nothing of another one", async () => {
    await read({}, "other_tenant");
    const { entries } = await read();
    expect(entries.every(({ tenantId }) => tenantId === TENANT)).to.equal(true);
  });
});
