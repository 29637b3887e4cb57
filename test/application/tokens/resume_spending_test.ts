import { expect } from "chai";
import { haltSpending } from "../../../src/domain/tokens/token_ledger_adjustment.ts";
import { sealEntry } from "../../../src/domain/tokens/token_ledger_seal.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";

const command = { tenantId: TENANT, reason: "checked by hand", operator: "Ada" };

describe("ResumeSpending", () => {
  const fixture = useBilling();

  const resume = (changes = {}) =>
    fixture.billing.resumeSpending.execute({ ...command, ...changes });

  async function halt() {
    const { now } = fixture;
    const entry = haltSpending(undefined, { ...command, key: "a", now }, true);
    await fixture.store.ledger.append(await sealEntry(entry ?? expect.fail(), ""));
  }

  it("P30 lets a halted tenant spend again, and says who did so and why", async () => {
    await halt();
    const wish = { tenantId: TENANT, key: "call-1", tokens: 1 };
    expect((await fixture.billing.spendTokens.execute(wish)).type).to.equal("spending_halted");
    expect(await resume()).to.equal(true);
    expect(await fixture.store.ledger.last(TENANT)).to.deep.include({
      kind: "adjustment",
      amount: 0,
      halted: false,
      reason: "checked by hand",
      source: "operator:Ada",
    });
    expect((await fixture.billing.spendTokens.execute(wish)).type).to.equal("recorded");
  });

  it("records nothing where spending is not halted", async () => {
    expect(await resume()).to.equal(false);
    expect(await fixture.ledger()).to.deep.equal([]);
  });

  it("P38 wants a reason and a name", async () => {
    await halt();
    for (const changes of [{ reason: "" }, { operator: " " }]) {
      expect(await resume(changes).catch((error: unknown) => error)).to.be.instanceOf(TypeError);
    }
  });
});
