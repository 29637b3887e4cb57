import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";

describe("ReleaseReservation", () => {
  const fixture = useBilling();
  beforeEach(async () => {
    await fixture.billing.reserveTokens.execute({ tenantId: TENANT, key: "job-1", tokens: 60 });
  });

  const release = (key = "job-1") =>
    fixture.billing.releaseReservation.execute({ tenantId: TENANT, key });

  it("P28 gives everything back, once", async () => {
    const first = await release();
    expect(first.type).to.equal("settled");
    expect(await release()).to.deep.equal(first);
    expect(await fixture.store.ledger.last(TENANT)).to.deep.include({
      seq: 3,
      kind: "release",
      amount: 60,
      monthly: 100,
      reserved: 0,
    });
  });

  it("P28 answers for one that has expired as for one that was released", async () => {
    fixture.advance(600_000);
    expect(await fixture.billing.expireReservations.execute()).to.equal(1);
    expect((await release()).type).to.equal("settled");
  });

  it("P28 cannot undo a commit", async () => {
    await fixture.billing.commitReservation.execute({ tenantId: TENANT, key: "job-1", tokens: 1 });
    expect((await release()).type).to.equal("already_settled");
  });

  it("P35 answers for what is no reservation", async () => {
    expect(await release("job-2")).to.deep.equal({ type: "unknown_reservation" });
  });
});
