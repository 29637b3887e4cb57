import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { TENANT } from "../../samples/account.ts";
import {
  AFTER_MARCH,
  APRIL,
  renewUnheard,
  useLoweredYear,
  useSubscriber,
} from "./unheard_renewal.ts";

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

describe("CurrentTokens in a paid year", () => {
  const fixture = useLoweredYear();

  const current = () => fixture.billing.currentTokens.execute({ tenantId: TENANT });
  const down = () => Promise.reject(new PortError("Cannot read: no answer", { transient: true }));

  it("P37 asks before a month begins, so that none begins by what is no longer true", async () => {
    expect((await current()).balance.monthly).to.equal(300);
    fixture.now = AFTER_MARCH;
    expect((await current()).balance.monthly).to.equal(200);
    await current();
    expect(fixture.payments.count("read")).to.equal(1);
  });

  it("P26 begins the month by what is known while the provider does not answer", async () => {
    await current();
    fixture.now = AFTER_MARCH;
    fixture.payments.before("read", down);
    expect((await current()).balance.monthly).to.equal(300);
  });

  it("P37 lets a sweep ask before it begins a month", async () => {
    await current();
    fixture.now = AFTER_MARCH;
    await fixture.billing.sweepMonthlyTokens.execute({ limit: 9 });
    const last = (await fixture.ledger()).at(-1);
    expect([last?.monthly, fixture.payments.count("read")]).to.deep.equal([200, 1]);
  });
});
