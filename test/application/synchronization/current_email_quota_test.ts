import { expect } from "chai";
import { TENANT } from "../../samples/account.ts";
import {
  AFTER_MARCH,
  APRIL,
  renewUnheard,
  useLoweredYear,
  useSubscriber,
} from "./unheard_renewal.ts";

describe("CurrentEmailQuota", () => {
  const fixture = useSubscriber();

  function renew(): void {
    renewUnheard(fixture);
    fixture.now = AFTER_MARCH;
  }

  function current() {
    return fixture.billing.currentEmailQuota.execute({ tenantId: TENANT });
  }

  it("P33 decides the quota anew, without asking the provider", async () => {
    expect((await current()).usage).to.deep.include({ limit: 3_000, used: 0 });
    expect(fixture.payments.count("read")).to.equal(0);
  });

  it("P37 lets a send find the renewal that no webhook told of", async () => {
    const send = (count: number) =>
      fixture.billing.consumeEmailQuota.execute({ tenantId: TENANT, count });
    await send(3_300);
    expect((await send(1)).type).to.equal("exceeded");
    renew();
    expect((await send(1)).type).to.equal("counted");
    expect((await current()).usage.period).to.deep.equal(APRIL);
    expect(fixture.payments.count("read")).to.equal(1);
  });
});

describe("CurrentEmailQuota in a paid year", () => {
  const fixture = useLoweredYear();

  const send = () => fixture.billing.consumeEmailQuota.execute({ tenantId: TENANT, count: 1 });
  const limit = async () =>
    (await fixture.billing.readUsage.execute({ tenantId: TENANT })).emails.limit;

  it("P37 asks before a month begins, so that none begins by what is no longer true", async () => {
    await send();
    expect(await limit()).to.equal(3_000);
    fixture.now = AFTER_MARCH;
    await send();
    await send();
    expect([await limit(), fixture.payments.count("read")]).to.deep.equal([2_000, 1]);
  });

  it("P37 asks before a send, where what followed an earlier look came after the month began", async () => {
    await send();
    fixture.now = AFTER_MARCH;
    const [account, catalog] = [await fixture.account(), await fixture.store.catalog.read()];
    if (account === undefined || catalog === undefined) {
      throw new Error("Expected an account and a catalogue");
    }
    const known = { account, before: account, catalog };
    await fixture.billing.refreshEmailQuota.followLook({ tenantId: TENANT, known });
    await send();
    expect([await limit(), fixture.payments.count("read")]).to.deep.equal([2_000, 1]);
  });

  it("P37 begins no first month by what followed an earlier look", async () => {
    fixture.now = AFTER_MARCH;
    const [account, catalog] = [await fixture.account(), await fixture.store.catalog.read()];
    if (account === undefined || catalog === undefined) {
      throw new Error("Expected an account and a catalogue");
    }
    const known = { account, before: account, catalog };
    await fixture.billing.refreshEmailQuota.followLook({ tenantId: TENANT, known });
    expect(await fixture.store.emailUsage.find(TENANT)).to.equal(undefined);
    await send();
    expect([await limit(), fixture.payments.count("read")]).to.deep.equal([2_000, 1]);
  });
});
