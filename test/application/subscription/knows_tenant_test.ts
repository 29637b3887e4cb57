import { expect } from "chai";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";

describe("KnowsTenant", () => {
  const fixture = useBilling();
  const isKnown = (tenantId = TENANT) => fixture.billing.knowsTenant.execute({ tenantId });

  it("knows nobody before anything has happened", async () => {
    expect(await isKnown()).to.equal(false);
  });

  it("knows who has tokens, and nobody else by it", async () => {
    await fixture.billing.grantMonthlyTokens.execute({ tenantId: TENANT });
    expect(await isKnown()).to.equal(true);
    expect(await isKnown("clother0001")).to.equal(false);
  });

  it("knows who has sent e-mails", async () => {
    await fixture.billing.consumeEmailQuota.execute({ tenantId: TENANT, count: 1, key: "one" });
    expect(await isKnown()).to.equal(true);
  });

  it("knows who has an account", async () => {
    await fixture.save(newAccount(TENANT));
    expect(await isKnown()).to.equal(true);
  });
});
