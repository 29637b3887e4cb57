import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";
import { consume } from "../../samples/quota.ts";

describe("ReadEmailPeriods", () => {
  const fixture = useBilling();

  function read() {
    return fixture.billing.readEmailPeriods.execute({ tenantId: TENANT });
  }

  it("shows the current month of a tenant that sent nothing", async () => {
    expect(await read()).to.deep.equal([
      { start: at("2026-03-01"), end: at("2026-04-01"), limit: 1_000, used: 0 },
    ]);
  });

  it("P33 shows what was sent in the months before, also in those long forgotten", async () => {
    for (let month = 3; month <= 12; month += 1) {
      fixture.now = at(`2026-${String(month).padStart(2, "0")}-15`);
      await consume(fixture.billing, { count: month });
    }
    fixture.now = at("2027-01-02");
    const periods = await read();
    expect(periods.map(({ used }) => used)).to.deep.equal([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0]);
    expect(periods.at(-1)).to.deep.include({ start: at("2027-01-01"), limit: 1_000 });
  });
});
