import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";

describe("CommitReservation", () => {
  const fixture = useBilling();
  beforeEach(async () => {
    await fixture.billing.reserveTokens.execute({ tenantId: TENANT, key: "job-1", tokens: 60 });
  });

  const commit = (tokens: number, key = "job-1", tenantId = TENANT) =>
    fixture.billing.commitReservation.execute({ tenantId, key, tokens });
  const last = async () => await fixture.store.ledger.last(TENANT);

  it("P28 keeps what was used, and gives the rest back", async () => {
    expect((await commit(45)).type).to.equal("settled");
    expect(await last()).to.deep.include({
      kind: "commit",
      key: "settle:job-1",
      amount: 15,
      monthly: 55,
      reserved: 0,
      source: "reservation:job-1",
    });
    expect(
      await fixture.store.reservations.due({ now: at("2030-01-01"), limit: 9, tenantId: TENANT }),
    ).to.deep.equal([]);
  });

  it("P28 answers a repetition with the first answer, and another amount with what was", async () => {
    const first = await commit(45);
    expect(await commit(45)).to.deep.equal(first);
    expect(await commit(46)).to.deep.equal({ ...first, type: "already_settled" });
    expect(await fixture.ledger()).to.have.length(3);
  });

  it("P28 refuses more than was reserved, and leaves the reservation open", async () => {
    expect(await commit(61)).to.deep.equal({ type: "exceeds_reservation", reserved: 60 });
    expect((await commit(60)).type).to.equal("settled");
  });

  it("P35 knows only the tenant's own reservations", async () => {
    expect(await commit(1, "job-2")).to.deep.equal({ type: "unknown_reservation" });
    expect(await commit(1, "job-1", "other_tenant")).to.deep.equal({ type: "unknown_reservation" });
  });

  it("P28 cannot follow a release or an expiry", async () => {
    await fixture.billing.releaseReservation.execute({ tenantId: TENANT, key: "job-1" });
    expect((await commit(45)).type).to.equal("already_settled");
    expect(await last()).to.deep.include({ kind: "release", monthly: 100 });
  });

  it("P28 records what was used although it comes late, while the tokens are still held", async () => {
    fixture.advance(3_600_000);
    expect((await commit(45)).type).to.equal("settled");
    expect(await fixture.billing.expireReservations.execute()).to.equal(0);
    expect(await last()).to.deep.include({ kind: "commit", monthly: 55 });
  });

  it("P25 gives back nothing of a month that ended while it was reserved", async () => {
    fixture.now = at("2026-04-01T00:01:00Z");
    await fixture.billing.grantMonthlyTokens.execute({ tenantId: TENANT });
    expect((await commit(45)).type).to.equal("settled");
    expect(await last()).to.deep.include({ amount: 0, expired: 15, monthly: 100, reserved: 0 });
    expect((await commit(45)).type).to.equal("settled");
  });

  it("P28 refuses amounts that are no positive safe integers", async () => {
    for (const tokens of [0, -1, 0.1, Number.NaN]) {
      expect(await commit(tokens).catch((error: unknown) => error)).to.be.instanceOf(RangeError);
    }
  });

  it("P28 ends once, committed or released, whoever is first", async () => {
    const other = fixture.process();
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        index % 2
          ? other.releaseReservation.execute({ tenantId: TENANT, key: "job-1" })
          : commit(45),
      ),
    );
    expect(outcomes.filter(({ type }) => type === "settled")).to.have.length(20);
    expect((await fixture.ledger()).map(({ key }) => key)).to.have.length(3);
  });
});
