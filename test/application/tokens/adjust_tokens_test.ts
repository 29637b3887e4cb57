import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";

const correction = { tenantId: TENANT, reason: "an outage", operator: "Ada Operator" };

describe("AdjustTokens", () => {
  const fixture = useBilling();

  const adjust = (tokens: number, changes = {}) =>
    fixture.billing.adjustTokens.execute({ ...correction, tokens, ...changes });
  const last = async () => await fixture.store.ledger.last(TENANT);

  it("P38 gives tokens that never expire, with a reason and a name", async () => {
    expect((await adjust(500)).type).to.equal("adjusted");
    expect(await last()).to.deep.include({
      kind: "adjustment",
      amount: 500,
      packs: 500,
      reason: "an outage",
      source: "operator:Ada Operator",
    });
  });

  it("takes pack tokens first, then monthly ones", async () => {
    await fixture.billing.grantMonthlyTokens.execute({ tenantId: TENANT });
    await adjust(50);
    await adjust(-70);
    expect(await last()).to.deep.include({ amount: -70, packs: 0, monthly: 80 });
  });

  it("P27 takes no more than there is", async () => {
    await adjust(50);
    expect(await adjust(-51)).to.deep.equal({
      type: "insufficient_tokens",
      balance: { monthly: 0, packs: 50, debt: 0, reserved: 0 },
    });
    expect(await last()).to.deep.include({ seq: 1 });
  });

  it("is a correction of its own each time", async () => {
    await adjust(5);
    await adjust(5);
    expect(await last()).to.deep.include({ seq: 2, packs: 10 });
  });

  it("P30 refuses numbers that are not exact, and a balance that would be none", async () => {
    for (const tokens of [0, 0.5, Number.NaN, 2 ** 53]) {
      expect(await adjust(tokens).catch((error: unknown) => error)).to.be.instanceOf(RangeError);
    }
    await adjust(Number.MAX_SAFE_INTEGER);
    expect(await adjust(1).catch((error: unknown) => error)).to.be.instanceOf(RangeError);
    expect(await last()).to.deep.include({ seq: 1 });
  });

  it("P38 wants a reason and a name", async () => {
    for (const changes of [{ reason: " " }, { operator: "" }]) {
      expect(await adjust(1, changes).catch((error: unknown) => error)).to.be.instanceOf(TypeError);
    }
    expect(await last()).to.equal(undefined);
  });
});
