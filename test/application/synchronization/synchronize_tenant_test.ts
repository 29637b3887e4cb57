import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";
import { samplePack } from "../../samples/token_pack.ts";

describe("SynchronizeTenant", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    await fixture.addSubscriber();
    fixture.packs.truth = [samplePack()];
  });

  function synchronize(looks: { packs?: boolean } = {}) {
    return fixture.billing.synchronizeTenant.execute({ tenantId: TENANT, ...looks });
  }

  const kinds = async () => (await fixture.ledger()).map(({ kind }) => kind);
  const quota = async () => await fixture.store.emailUsage.find(TENANT);

  it("P09 brings packs, account, ledger and quota in line with the provider", async () => {
    await synchronize();
    expect((await fixture.account())?.subscription?.planSlug).to.equal("pro");
    expect(await kinds()).to.have.members(["pack", "grant"]);
    expect((await quota())?.period.end).to.deep.equal(at("2026-04-10"));
  });

  it("P09 may run again, and changes nothing then but the revision", async () => {
    await synchronize();
    const [ledger, usage] = [await fixture.ledger(), await quota()];
    await synchronize();
    expect(await fixture.ledger()).to.deep.equal(ledger);
    expect({ ...(await quota()), accountRevision: 0, validUntil: 0 }).to.deep.equal({
      ...usage,
      accountRevision: 0,
      validUntil: 0,
    });
  });

  it("P29 leaves packs aside where that is asked", async () => {
    await synchronize({ packs: false });
    expect([await kinds(), fixture.packs.looks]).to.deep.equal([["grant"], 0]);
  });

  it("P08 fails where the provider fails, and the next look makes what was left", async () => {
    const failure = new PortError("Cannot list: no answer", { transient: true });
    fixture.payments.before("read", () => Promise.reject(failure));
    expect(await synchronize().catch((error: unknown) => error)).to.equal(failure);
    expect([await kinds(), await quota()]).to.deep.equal([["pack"], undefined]);
    await synchronize();
    expect(await kinds()).to.deep.equal(["pack", "grant"]);
  });
});
