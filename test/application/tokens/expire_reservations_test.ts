import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";

describe("ExpireReservations", () => {
  const fixture = useBilling();

  const reserve = (key: string, expiresInSeconds: number, tenantId = TENANT) =>
    fixture.billing.reserveTokens.execute({ tenantId, key, tokens: 10, expiresInSeconds });
  const expire = (options = {}) => fixture.billing.expireReservations.execute(options);
  const last = async () => await fixture.store.ledger.last(TENANT);

  it("P28 releases what has expired, from its moment on, and nothing else", async () => {
    await reserve("short", 60);
    await reserve("long", 120);
    fixture.advance(59_999);
    expect(await expire()).to.equal(0);
    fixture.advance(1);
    expect(await expire()).to.equal(1);
    expect(await last()).to.deep.include({ reason: "expired", reserved: 10, monthly: 90 });
    expect(await expire()).to.equal(0);
  });

  it("P28 looks at one tenant, and at no more than the limit", async () => {
    await reserve("one", 1);
    await reserve("two", 1);
    await reserve("other", 1, "other_tenant");
    fixture.advance(1_000);
    expect(await expire({ tenantId: "other_tenant" })).to.equal(1);
    expect(await expire({ limit: 1 })).to.equal(1);
    expect(await expire()).to.equal(1);
  });

  it("begins no further one once it is aborted", async () => {
    await reserve("one", 1);
    fixture.advance(1_000);
    expect(await expire({ signal: AbortSignal.abort() })).to.equal(0);
    expect(await last()).to.deep.include({ kind: "reserve" });
  });

  it("P28 releases once in two processes at once", async () => {
    await reserve("one", 1);
    fixture.advance(1_000);
    await Promise.all([expire(), fixture.process().expireReservations.execute()]);
    expect(await last()).to.deep.include({ seq: 3, reserved: 0, monthly: 100 });
  });

  it("P28 makes up for a crash between the release and the end of the reminder", async () => {
    await reserve("one", 1);
    fixture.advance(1_000);
    const crash = new PortError("Cannot drop: the database is gone", { transient: true });
    const { reservations } = fixture.store;
    const crashing = fixture.process({
      store: {
        ...fixture.store,
        reservations: {
          keep: (reminder) => reservations.keep(reminder),
          due: (at) => reservations.due(at),
          drop: () => Promise.reject(crash),
        },
      },
    });
    const failed = crashing.expireReservations.execute();
    expect(await failed.catch((error: unknown) => error)).to.equal(crash);
    fixture.advance(1_000);
    expect(await expire()).to.equal(0);
    expect(await reservations.due({ now: fixture.now, limit: 9 })).to.deep.equal([]);
    expect(await last()).to.deep.include({ seq: 3, monthly: 100 });
  });

  it("P28 keeps a reminder for a while whose reservation is not in the ledger yet", async () => {
    const { reservations } = fixture.store;
    await reservations.keep({ tenantId: TENANT, key: "orphan", expiresAt: fixture.now });
    fixture.advance(599_999);
    await expire();
    expect(await reservations.due({ now: fixture.now, limit: 9 })).to.have.length(1);
    fixture.advance(1);
    await expire();
    expect(await reservations.due({ now: fixture.now, limit: 9 })).to.have.length(0);
  });

  it("P28 follows the ledger where the reminder tells an earlier time", async () => {
    await reserve("one", 60);
    const { reservations } = fixture.store;
    await reservations.keep({ tenantId: TENANT, key: "one", expiresAt: fixture.now });
    expect(await expire()).to.equal(0);
    expect(await last()).to.deep.include({ kind: "reserve" });
    fixture.advance(60_000);
    expect(await expire()).to.equal(1);
  });
});
