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
  const reminders = (tenantId = TENANT) =>
    fixture.store.reservations.due({ now: new Date("9999-01-01"), limit: 999, tenantId });

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
    const { reservations, ledger } = fixture.store;
    const apart = new Proxy(ledger, {
      get: (target, name: keyof typeof ledger) =>
        name === "appendsTogether" ? undefined : target[name]?.bind(target),
    });
    const crashing = fixture.process({
      store: {
        ...fixture.store,
        ledger: apart,
        reservations: {
          keep: (reminder) => reservations.keep(reminder),
          due: (at) => reservations.due(at),
          dueTenants: (at) => reservations.dueTenants(at),
          dropFailed: (...failed) => reservations.dropFailed(...failed),
          postpone: (...put) => reservations.postpone(...put),
          drop: () => Promise.reject(crash),
        },
      },
    });
    const failed = crashing.expireReservations.execute();
    expect(await failed.catch((error: unknown) => error)).to.equal(crash);
    fixture.advance(600_000);
    expect(await expire()).to.equal(0);
    expect(await reservations.due({ now: fixture.now, limit: 9, tenantId: TENANT })).to.deep.equal(
      [],
    );
    expect(await last()).to.deep.include({ seq: 3, monthly: 100 });
  });

  it("P28 keeps a reminder for a while whose reservation is not in the ledger yet", async () => {
    const { reservations } = fixture.store;
    await reservations.keep({ tenantId: TENANT, key: "orphan", expiresAt: fixture.now, seq: null });
    fixture.advance(599_999);
    await expire();
    expect(await reminders()).to.have.length(1);
    fixture.advance(1);
    await expire();
    expect(await reminders()).to.deep.equal([]);
  });

  it("P28 follows the ledger where the reminder tells an earlier time", async () => {
    await reserve("one", 60);
    const { reservations } = fixture.store;
    await reservations.keep({ tenantId: TENANT, key: "one", expiresAt: fixture.now, seq: 2 });
    expect(await expire()).to.equal(0);
    expect(await last()).to.deep.include({ kind: "reserve" });
    fixture.advance(60_000);
    expect(await expire()).to.equal(1);
  });

  it("P28 drops a reminder at once where another entry has its number", async () => {
    await fixture.billing.spendTokens.execute({ tenantId: TENANT, key: "first", tokens: 1 });
    const { reservations } = fixture.store;
    await reservations.keep({ tenantId: TENANT, key: "lost", expiresAt: fixture.now, seq: 2 });
    await reservations.keep({ tenantId: TENANT, key: "coming", expiresAt: fixture.now, seq: 3 });
    await expire();
    expect((await reminders()).map(({ key }) => key)).to.deep.equal(["coming"]);
    fixture.advance(600_000);
    await expire();
    expect(await reminders()).to.deep.equal([]);
  });

  it("P28 releases what has expired behind any number of reminders without a reservation", async () => {
    await reserve("late", 60);
    const { reservations } = fixture.store;
    for (let number = 1; number <= 250; number += 1) {
      const key = `orphan-${number}`;
      const seq = number % 3 === 0 ? null : 1_000;
      await reservations.keep({ tenantId: TENANT, key, expiresAt: fixture.now, seq });
    }
    fixture.advance(60_000);
    let released = 0;
    for (let round = 1; round <= 3; round += 1) {
      released += await expire();
    }
    expect(released).to.equal(1);
    expect(await last()).to.deep.include({ reason: "expired", reserved: 0 });
  });

  it("P28 gives every tenant a turn, however many reservations one of them let expire", async () => {
    const { reservations } = fixture.store;
    for (let number = 1; number <= 300; number += 1) {
      const key = `orphan-${number}`;
      const seq = 1_000 + number;
      await reservations.keep({ tenantId: "aaa_hoarder", key, expiresAt: fixture.now, seq });
    }
    await reserve("mine", 1);
    await reserve("other", 1, "zzz_other");
    fixture.advance(1_000);
    expect(await expire({ limit: 10 })).to.equal(2);
    expect(await reminders("zzz_other")).to.deep.equal([]);
    expect(await reminders("aaa_hoarder")).to.have.length(300);
  });

  it("P28 goes on after one that fails, puts that one off, and tells of it", async () => {
    await reserve("first", 1);
    await reserve("second", 2);
    await reserve("third", 3);
    fixture.advance(3_000);
    const failure = new PortError("Cannot read: it is damaged", { transient: false });
    const { ledger } = fixture.store;
    const failing = new Proxy(ledger, {
      get: (target, name: keyof typeof ledger) =>
        name === "find"
          ? (tenantId: string, key: string) =>
              key === "reserve:first" ? Promise.reject(failure) : target.find(tenantId, key)
          : (target[name] as () => unknown).bind(target),
    });
    const damaged = fixture.process({ store: { ...fixture.store, ledger: failing } });
    const run = () => damaged.expireReservations.execute();
    expect(await run().catch((error: unknown) => error)).to.equal(failure);
    expect(await last()).to.deep.include({ reserved: 10, reason: "expired" });
    expect(await run(), "it was put off").to.equal(0);
    fixture.advance(600_000);
    expect(await expire()).to.equal(1);
  });

  it("P28 a tenant whose reservations cannot be listed keeps no other waiting", async () => {
    await reserve("mine", 1, "aaa_damaged");
    await reserve("other", 1, "zzz_other");
    fixture.advance(1_000);
    const failure = new PortError("Cannot read: it is damaged", { transient: false });
    const { reservations } = fixture.store;
    const due: typeof reservations.due = (query) =>
      query.tenantId === "aaa_damaged" ? Promise.reject(failure) : reservations.due(query);
    const failing = new Proxy(reservations, {
      get(target, name) {
        const member: unknown = name === "due" ? due : Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
    const damaged = fixture.process({ store: { ...fixture.store, reservations: failing } });
    const run = damaged.expireReservations.execute();
    expect(await run.catch((error: unknown) => error)).to.equal(failure);
    expect(await reminders("zzz_other")).to.deep.equal([]);
  });
});
