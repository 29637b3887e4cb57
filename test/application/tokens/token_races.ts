import { expect } from "chai";
import type { Billing } from "../../../src/application/billing.ts";
import type { MovableStore } from "../../../src/application/ports/store_transfer.ts";
import { type ContractSubject, tally } from "../../contracts/contract_subject.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { at } from "../../samples/dates.ts";

/**
 * Declares that no tokens are lost or sold twice while many spend at once, on two connections to one
 * database.
 */
export function describeTokenRaces(
  name: string,
  open: () => Promise<ContractSubject<MovableStore>>,
): void {
  describe(`${name}: token races`, () => {
    let subject: ContractSubject<MovableStore>;
    let processes: readonly Billing[];
    let fixture: BillingFixture;

    beforeEach(async () => {
      subject = await open();
      const { store, another = store } = subject;
      await store.catalog.save({ ...sampleCatalog(), revision: 0 });
      fixture = new BillingFixture(store);
      processes = [fixture.billing, fixture.process({ store: another })];
    });
    afterEach(() => subject.close());

    /** Makes `count` calls at once, in turn in both processes. */
    function atOnce<T>(count: number, call: (billing: Billing, index: number) => Promise<T>) {
      return Promise.all(
        Array.from({ length: count }, (_, index) =>
          call(processes[index % 2] ?? expect.fail("no process"), index),
        ),
      );
    }

    async function expectSound(): Promise<void> {
      const [billing] = processes;
      const report = await billing?.verifyLedgers.execute({ tenantId: TENANT });
      expect(report?.damaged).to.deep.equal([]);
    }

    const last = async () => await subject.store.ledger.last(TENANT);

    it("P28 100 parallel spends never oversell, and sell all there is", async () => {
      const outcomes = await atOnce(100, (billing, index) =>
        billing.spendTokens.execute({ tenantId: TENANT, key: `call-${index}`, tokens: 3 }),
      );
      const counts = tally(outcomes.map(({ type }) => type));
      expect(counts).to.deep.equal({ recorded: 33, insufficient_tokens: 67 });
      expect(await last()).to.deep.include({ seq: 34, monthly: 1 });
      await expectSound();
    });

    it("P28 one key is spent once, by however many calls", async () => {
      const outcomes = await atOnce(60, (billing) =>
        billing.spendTokens.execute({ tenantId: TENANT, key: "call-1", tokens: 40 }),
      );
      expect(tally(outcomes.map(({ type }) => type))).to.deep.equal({ recorded: 60 });
      expect(await last()).to.deep.include({ seq: 2, monthly: 60 });
    });

    it("P28 reservations, commits and releases at once end with every token accounted for", async () => {
      await atOnce(60, async (billing, index) => {
        const key = `job-${index}`;
        const held = await billing.reserveTokens.execute({ tenantId: TENANT, key, tokens: 2 });
        if (held.type === "recorded" && index % 3 === 0) {
          await billing.commitReservation.execute({ tenantId: TENANT, key, tokens: 1 });
        } else if (held.type === "recorded" && index % 3 === 1) {
          await billing.releaseReservation.execute({ tenantId: TENANT, key });
        }
      });
      fixture.now = at("2026-03-15T13:00:00Z");
      await atOnce(4, (billing) => billing.expireReservations.execute());
      const entry = await last();
      expect(entry).to.deep.include({ reserved: 0 });
      const committed = (await subject.store.ledger.list(TENANT, { limit: 999 })).filter(
        ({ kind }) => kind === "commit",
      );
      expect(entry?.monthly).to.equal(100 - committed.length);
      await expectSound();
    });

    it("P25 a month that rolls over while spends are in flight is granted once", async () => {
      await atOnce(2, (billing) => billing.readTokens.execute({ tenantId: TENANT, limit: 1 }));
      const spends = atOnce(40, async (billing, index) => {
        if (index === 20) {
          fixture.now = at("2026-04-01");
        }
        return await billing.spendTokens.execute({
          tenantId: TENANT,
          key: `call-${index}`,
          tokens: 4,
        });
      });
      await spends;
      const entries = await subject.store.ledger.list(TENANT, { limit: 999 });
      expect(entries.filter(({ kind }) => kind === "grant")).to.have.length(2);
      await expectSound();
    });

    it("P30 grants, spends, reservations and corrections at once keep the ledger sound", async () => {
      await atOnce(120, async (billing, index) => {
        const key = `key-${index % 50}`;
        const wish = { tenantId: TENANT, key, tokens: 1 + (index % 7) };
        switch (index % 5) {
          case 0:
            return await billing.spendTokens.execute(wish);
          case 1:
            return await billing.reserveTokens.execute(wish);
          case 2:
            return await billing.releaseReservation.execute(wish);
          case 3:
            return await billing.commitReservation.execute({ ...wish, tokens: 1 });
          default:
            return await billing.adjustTokens.execute({
              tenantId: TENANT,
              tokens: (index % 9) - 4 || 1,
              reason: "a test",
              operator: "Ada",
            });
        }
      });
      await expectSound();
    });
  });
}
