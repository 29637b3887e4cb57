import { expect } from "chai";
import type { EmailLeaseStore } from "../../src/application/ports/quota/email_lease_store.ts";
import type { EmailUsageStore } from "../../src/application/ports/quota/email_usage_store.ts";
import { TENANT } from "../samples/account.ts";
import { afterNow, NEXT_MONTH, NOW } from "../samples/dates.ts";
import { consumed, sampleDecide, sampleDecision, used } from "../samples/quota.ts";
import { contract, expectPortError, inParallel, it } from "./contract_subject.ts";
import { describeLeasedMonths } from "./email_usage_month_contract.ts";

/** The two stores that a lease touches. */
export interface LeaseStores {
  readonly leases: EmailLeaseStore;
  readonly usage: EmailUsageStore;
}

const LEASE = { id: "one", size: 50, promised: 10, until: afterNow(1_000), now: NOW };

/** The behaviours that every `EmailLeaseStore` has, beside the usage store of its kind. */
export const emailLeaseStoreContract = contract<LeaseStores>(
  "as EmailLeaseStore",
  describeLeasedMonths,
  (current) => {
    it("P31 reserve counts the whole block, and nothing beyond the ceiling", async () => {
      const { leases, usage } = current().store;
      await usage.refresh(TENANT, sampleDecide());
      expect(await leases.reserve(TENANT, LEASE)).to.deep.equal({
        tenantId: TENANT,
        ...sampleDecision(),
        used: 50,
      });
      expect(await leases.reserve(TENANT, { ...LEASE, id: "two", size: 61 })).to.equal(undefined);
      expect(await leases.reserve(TENANT, { ...LEASE, id: "three", size: 60 })).to.include({
        used: 110,
      });
    });

    it("P31 end gives back what is unused, once", async () => {
      const { leases, usage } = current().store;
      await usage.refresh(TENANT, sampleDecide());
      await leases.reserve(TENANT, LEASE);
      await leases.end(TENANT, { id: "one", unused: 30, now: NOW });
      await leases.end(TENANT, { id: "one", unused: 30, now: NOW });
      await leases.end(TENANT, { id: "unknown", unused: 1, now: NOW });
      expect(await used(usage)).to.equal(20);
    });

    it("P31 end may give nothing back", async () => {
      const { leases, usage } = current().store;
      await usage.refresh(TENANT, sampleDecide());
      await leases.reserve(TENANT, LEASE);
      await leases.end(TENANT, { id: "one", unused: 0, now: NOW });
      expect(await used(usage)).to.equal(50);
      expect(await leases.reclaim(TENANT, afterNow(9_000))).to.equal(0);
    });

    it("P31 reclaim takes back what was never promised, after the lease's end only", async () => {
      const { leases, usage } = current().store;
      await usage.refresh(TENANT, sampleDecide());
      await leases.reserve(TENANT, LEASE);
      expect(await leases.reclaim(TENANT, afterNow(999))).to.equal(0);
      expect(await used(usage)).to.equal(50);
      expect(await leases.reclaim(TENANT, afterNow(1_000))).to.equal(1);
      expect(await leases.reclaim(TENANT, afterNow(1_000))).to.equal(0);
      expect(await used(usage)).to.equal(10);
    });

    it("P31 extend raises the promise while the lease runs, never afterwards", async () => {
      const { leases, usage } = current().store;
      await usage.refresh(TENANT, sampleDecide());
      await leases.reserve(TENANT, LEASE);
      const extended = { id: "one", promised: 25, until: afterNow(2_000) };
      expect(await leases.extend(TENANT, extended)).to.equal(true);
      expect(await leases.reclaim(TENANT, afterNow(1_500))).to.equal(0);
      expect(await leases.reclaim(TENANT, afterNow(2_000))).to.equal(1);
      expect(await used(usage)).to.equal(25);
      expect(await leases.extend(TENANT, { ...extended, promised: 50 })).to.equal(false);
      await leases.end(TENANT, { id: "one", unused: 25, now: NOW });
      expect(await used(usage)).to.equal(25);
    });

    it("P31 reclaim, extend and end at once give back once", async () => {
      const { store, another } = current();
      await store.usage.refresh(TENANT, sampleDecide({ limit: 10_000 }));
      const ids = Array.from({ length: 20 }, (_, index) => `lease ${index}`);
      for (const id of ids) {
        await store.leases.reserve(TENANT, { ...LEASE, id });
      }
      const kept = new Set<string>();
      await inParallel({ store, another }, 60, async ({ leases }, index) => {
        const id = ids[index % 20] ?? "";
        if (index < 20) {
          await leases.reclaim(TENANT, afterNow(1_000));
        } else if (index < 40) {
          const lease = { id, promised: 50, until: afterNow(9_000) };
          if (await leases.extend(TENANT, lease)) {
            kept.add(id);
          }
        } else if (index % 2 === 0) {
          await leases.end(TENANT, { id, unused: 0, now: NOW });
        }
      });
      await store.leases.reclaim(TENANT, afterNow(99_000));
      expect(await used(store.usage)).to.be.within(20 * 10, 20 * 50);
      expect(await used(store.usage)).to.be.at.least(kept.size * 50 + (20 - kept.size) * 10);
      expect(await store.leases.reclaim(TENANT, afterNow(99_000))).to.equal(0);
    });

    it("P33 a lease of a period that is over gives nothing back to the next one", async () => {
      const { leases, usage } = current().store;
      await usage.refresh(TENANT, sampleDecide());
      await leases.reserve(TENANT, LEASE);
      await usage.refresh(TENANT, sampleDecide({ period: NEXT_MONTH, accountRevision: 4 }));
      await consumed(usage, 60);
      await leases.end(TENANT, { id: "one", unused: 40, now: NOW });
      expect(await used(usage)).to.equal(60);
      expect(await leases.reclaim(TENANT, afterNow(9_000))).to.equal(0);
    });

    it("P35 reclaim leaves the leases of other tenants alone", async () => {
      const { leases, usage } = current().store;
      await usage.refresh(TENANT, sampleDecide());
      await usage.refresh("t_other", sampleDecide());
      await leases.reserve("t_other", LEASE);
      expect(await leases.reclaim(TENANT, afterNow(9_000))).to.equal(0);
      expect((await usage.find("t_other"))?.used).to.equal(50);
    });

    it("P34 every method throws PortError when the database is out of reach", async () => {
      const { leases } = current().unreachable;
      await expectPortError(leases.reserve(TENANT, LEASE));
      await expectPortError(leases.extend(TENANT, LEASE));
      await expectPortError(leases.end(TENANT, { id: "one", unused: 1, now: NOW }));
      await expectPortError(leases.reclaim(TENANT, NOW));
    });
  },
);
