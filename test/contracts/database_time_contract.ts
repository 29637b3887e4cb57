import { expect } from "chai";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import { contract, expectPortError, it } from "./contract_subject.ts";

/** How far the clocks of the tests' machine and of its database's may be apart. */
const APART_MS = 30_000;

/** What the time of every `BillingStore` is. */
export const databaseTimeContract = contract<Pick<BillingStore, "now">>(
  "tells the database's time",
  (current) => {
    it("P25 now is the real time, and goes on", async () => {
      const { store, another } = current();
      const first = await store.now();
      expect(+first).to.be.closeTo(Date.now(), APART_MS);
      expect(+(await another.now())).to.be.at.least(+first);
    });

    it("P25 now throws PortError when the database is out of reach", async () => {
      await expectPortError(current().unreachable.now());
    });
  },
);
