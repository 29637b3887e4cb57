import { expect } from "chai";
import type {
  ReservationReminder,
  TokenReservationStore,
} from "../../src/application/ports/tokens/token_reservation_store.ts";
import { afterNow, NOW } from "../samples/dates.ts";
import { DIFFICULT_TEXT } from "../samples/text.ts";
import { contract, expectPortError, inParallel } from "./contract_subject.ts";

/** The behaviours that every `TokenReservationStore` has. */
export const tokenReservationStoreContract = contract<TokenReservationStore>(
  "as TokenReservationStore",
  (current) => {
    const due = { now: NOW, limit: 9 };

    it("P28 due answers reminders from their expiry on, the longest expired first", async () => {
      const { store, another } = current();
      const late = reminder({ key: "late", expiresAt: afterNow(-1) });
      const exact = reminder({ key: "exact", expiresAt: NOW });
      const early = reminder({ key: "early", expiresAt: afterNow(1) });
      const other = reminder({ tenantId: "t_other", key: "late", expiresAt: afterNow(-2) });
      for (const kept of [early, exact, late, other]) {
        await store.keep(kept);
      }
      expect(await another.due(due)).to.deep.equal([other, late, exact]);
      expect(await store.due({ ...due, now: afterNow(1) })).to.have.length(4);
      expect(await store.due({ ...due, limit: 2 })).to.deep.equal([other, late]);
      expect(await store.due({ ...due, limit: 0 })).to.deep.equal([]);
    });

    it("P35 due answers those of one tenant where it is named", async () => {
      const { store } = current();
      const mine = reminder({ expiresAt: afterNow(-1) });
      await store.keep(mine);
      await store.keep(reminder({ tenantId: "t_other", expiresAt: afterNow(-2) }));
      expect(await store.due({ ...due, tenantId: "clacme0001" })).to.deep.equal([mine]);
      expect(await store.due({ ...due, tenantId: "clacme000" })).to.deep.equal([]);
      expect(await store.due({ ...due, tenantId: "clacme0001", now: afterNow(-2) })).to.deep.equal(
        [],
      );
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
    });
  },
);

function reminder(changes: Partial<ReservationReminder>): ReservationReminder {
  return { tenantId: "clacme0001", key: "call-1", expiresAt: afterNow(-1_000), ...changes };
}
