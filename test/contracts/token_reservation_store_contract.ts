import { expect } from "chai";
import type {
  ReservationReminder,
  TokenReservationStore,
} from "../../src/application/ports/tokens/token_reservation_store.ts";
import { afterNow, NOW } from "../samples/dates.ts";
import { DIFFICULT_TEXT } from "../samples/text.ts";
import { contract, expectPortError, inParallel, it } from "./contract_subject.ts";

/** The behaviours that every `TokenReservationStore` has. */
export const tokenReservationStoreContract = contract<TokenReservationStore>(
  "as TokenReservationStore",
  (current) => {
    const due = { now: NOW, limit: 9, tenantId: "clacme0001" };

    it("P28 due answers a tenant's reminders from their expiry on, the longest expired first", async () => {
      const { store, another } = current();
      const late = reminder({ key: "late", expiresAt: afterNow(-1) });
      const exact = reminder({ key: "exact", expiresAt: NOW });
      const early = reminder({ key: "early", expiresAt: afterNow(1) });
      const other = reminder({ tenantId: "t_other", key: "late", expiresAt: afterNow(-2) });
      for (const kept of [early, exact, late, other]) {
        await store.keep(kept);
      }
      expect(await another.due(due)).to.deep.equal([late, exact]);
      expect(await store.due({ ...due, now: afterNow(1) })).to.have.length(3);
      expect(await store.due({ ...due, limit: 1 })).to.deep.equal([late]);
      expect(await store.due({ ...due, limit: 0 })).to.deep.equal([]);
      expect(await store.due({ ...due, tenantId: "clacme000" })).to.deep.equal([]);
      expect(await store.due({ ...due, tenantId: "t_other" })).to.deep.equal([other]);
    });

    it("P28 dueTenants answers each tenant with something due once, in order, page by page", async () => {
      const { store, another } = current();
      expect(await store.dueTenants({ now: NOW, limit: 9 })).to.deep.equal([]);
      for (const tenantId of ["t_b", "t_a", "t_c", "t_a_1"]) {
        await store.keep(reminder({ tenantId, key: "one" }));
        await store.keep(reminder({ tenantId, key: "two" }));
      }
      await store.keep(reminder({ tenantId: "t_ab", expiresAt: afterNow(1) }));
      const sorted = ["t_a", "t_a_1", "t_b", "t_c"];
      expect(await another.dueTenants({ now: NOW, limit: 9 })).to.deep.equal(sorted);
      const page = { now: NOW, limit: 2 };
      expect(await store.dueTenants(page)).to.deep.equal(sorted.slice(0, 2));
      expect(await store.dueTenants({ ...page, after: "t_a_1" })).to.deep.equal(sorted.slice(2));
      expect(await store.dueTenants({ ...page, after: "t_c" })).to.deep.equal([]);
      expect(await store.dueTenants({ ...page, limit: 0 })).to.deep.equal([]);
    });

    it("P28 keep leaves a reminder of a later entry as it is", async () => {
      const { store, another } = current();
      await store.keep(reminder({ seq: 7, expiresAt: afterNow(-5) }));
      await another.keep(reminder({ seq: 6, expiresAt: afterNow(-9) }));
      expect(await store.due(due)).to.deep.equal([reminder({ seq: 7, expiresAt: afterNow(-5) })]);
      await another.keep(reminder({ seq: 8, expiresAt: afterNow(-4) }));
      expect(await store.due(due)).to.deep.equal([reminder({ seq: 8, expiresAt: afterNow(-4) })]);
    });

    it("P28 of many parallel keeps the one of the latest entry remains", async () => {
      const { store, another } = current();
      await inParallel({ store, another }, 40, (connection, index) =>
        connection.keep(reminder({ seq: 1 + ((index * 7) % 40) })),
      );
      expect(await store.due(due)).to.deep.equal([reminder({ seq: 40 })]);
    });

    it("P28 dropFailed drops a reminder up to that entry, and leaves a later one", async () => {
      const { store, another } = current();
      for (const seq of [null, 0, 4, 5, 6]) {
        await store.keep(reminder({ key: `of ${seq}`, seq }));
      }
      for (const seq of [null, 0, 4, 5, 6]) {
        await another.dropFailed("clacme0001", `of ${seq}`, 5);
      }
      expect((await store.due(due)).map(({ seq }) => seq)).to.deep.equal([6]);
      await store.dropFailed("t_other", "of 6", 9);
      expect(await store.due(due)).to.have.length(1);
    });

    it("P28 postpone puts a look off, unless the reminder has changed since", async () => {
      const { store, another } = current();
      for (const seq of [null, 5]) {
        const read = reminder({ key: `of ${seq}`, seq });
        await store.keep(read);
        await another.postpone(read, afterNow(100));
        expect(await store.due(due)).to.deep.equal([]);
        const later = { ...due, now: afterNow(100) };
        const postponed = { ...read, expiresAt: afterNow(100), seq: 0 };
        expect(await store.due(later)).to.deep.equal([postponed]);
        const kept = { ...read, seq: 9 };
        await store.keep(kept);
        await another.postpone(postponed, afterNow(200));
        expect(await store.due(due)).to.deep.equal([kept]);
        await store.drop(read.tenantId, read.key);
      }
    });

    it("keep replaces the reminder with that tenant and key", async () => {
      const { store, another } = current();
      await store.keep(reminder({ expiresAt: afterNow(-5) }));
      await another.keep(reminder({ expiresAt: afterNow(5) }));
      expect(await store.due(due)).to.deep.equal([]);
      expect(await store.due({ ...due, now: afterNow(5) })).to.have.length(1);
    });

    it("keep stores any text exactly", async () => {
      const { store } = current();
      await store.keep(reminder({ key: DIFFICULT_TEXT }));
      expect(await store.due(due)).to.deep.equal([reminder({ key: DIFFICULT_TEXT })]);
    });

    it("of many parallel keeps of one reminder one remains", async () => {
      const { store, another } = current();
      await inParallel({ store, another }, 40, (connection) => connection.keep(reminder({})));
      expect(await store.due(due)).to.deep.equal([reminder({})]);
    });

    it("drop removes one reminder, and nothing where there is none", async () => {
      const { store, another } = current();
      await store.keep(reminder({ key: "a" }));
      await store.keep(reminder({ key: "b" }));
      await another.drop("clacme0001", "a");
      await another.drop("clacme0001", "a");
      await another.drop("t_other", "b");
      expect(await store.due(due)).to.deep.equal([reminder({ key: "b" })]);
    });

    it("every method throws PortError when the database is out of reach", async () => {
      const { unreachable } = current();
      await expectPortError(unreachable.keep(reminder({})));
      await expectPortError(unreachable.drop("clacme0001", "a"));
      await expectPortError(unreachable.due(due));
      await expectPortError(unreachable.dropFailed("clacme0001", "a", 1));
      await expectPortError(unreachable.postpone(reminder({}), NOW));
      await expectPortError(unreachable.dueTenants({ now: NOW, limit: 1 }));
    });
  },
);

function reminder(changes: Partial<ReservationReminder>): ReservationReminder {
  const base = { tenantId: "clacme0001", key: "call-1", expiresAt: afterNow(-1_000), seq: 3 };
  return { ...base, ...changes };
}
