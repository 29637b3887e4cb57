import { expect } from "chai";
import { TENANT } from "../../samples/account.ts";
import { AFTER_MARCH, APRIL, renewUnheard, useSubscriber } from "./unheard_renewal.ts";

describe("CurrentTokens", () => {
  const fixture = useSubscriber();

  function renew(): void {
    renewUnheard(fixture);
    fixture.now = AFTER_MARCH;
  }

  function current() {
    return fixture.billing.currentTokens.execute({ tenantId: TENANT });
  }

  it("P26 begins a month that nobody has noticed, without asking the provider", async () => {
    expect((await current()).balance.monthly).to.equal(300);
    expect(fixture.payments.count("read")).to.equal(0);
  });

  it("P37 finds a renewal that no webhook told of, before it answers", async () => {
    await current();
    const spend = { tenantId: TENANT, key: "all", tokens: 300 };
    await fixture.billing.spendTokens.execute(spend);
    renew();
    const { month, balance } = await current();
    expect([month?.start, balance.monthly]).to.deep.equal([APRIL.start, 300]);
    expect(fixture.payments.count("read")).to.equal(1);
  });

  it("P37 lets a spend find the renewal that it needs", async () => {
    await fixture.billing.spendTokens.execute({ tenantId: TENANT, key: "all", tokens: 300 });
    renew();
    const next = { tenantId: TENANT, key: "next", tokens: 300 };
    expect((await fixture.billing.spendTokens.execute(next)).type).to.equal("recorded");
  });
});
