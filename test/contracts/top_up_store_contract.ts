import { expect } from "chai";
import type { TopUpStore } from "../../src/application/ports/tokens/top_up_store.ts";
import { TOP_UP_MARK } from "../../src/domain/tokens/top_up.ts";
import { TENANT } from "../samples/account.ts";
import { afterNow, NOW } from "../samples/dates.ts";
import { sampleTopUp } from "../samples/top_up.ts";
import { type Current, contract, inParallel, it, outOfReach } from "./contract_subject.ts";

/** The behaviours that every `TopUpStore` has. */
export const topUpStoreContract = contract<TopUpStore>(
  "as TopUpStore",
  describeTopUps,
  outOfReach((unreachable) => [
    unreachable.find(TENANT),
    unreachable.save(sampleTopUp()),
    unreachable.due({ now: NOW, limit: 1 }),
    unreachable.list({ limit: 1 }),
  ]),
);

function describeTopUps(current: Current<TopUpStore>): void {
  it("save stores a record at the next version, which everybody finds as it is", async () => {
    const { store, another } = current();
    expect(await store.find(TENANT)).to.equal(undefined);
    expect(await store.save(sampleTopUp())).to.equal(true);
    expect(await another.find(TENANT)).to.deep.equal(sampleTopUp({ version: 1 }));
    const settled = sampleTopUp({ version: 1, open: null, dueAt: null, stopped: null });
    expect(await another.save(settled)).to.equal(true);
    expect(await store.find(TENANT)).to.deep.equal({ ...settled, version: 2 });
  });

  it("save changes nothing when another save came first", async () => {
    const { store } = current();
    expect(await store.save(sampleTopUp({ version: 1 }))).to.equal(false);
    expect(await store.save(sampleTopUp())).to.equal(true);
    expect(await store.save(sampleTopUp({ bought: 9 }))).to.equal(false);
    expect(await store.save(sampleTopUp({ version: 2, bought: 9 }))).to.equal(false);
    expect(await store.find(TENANT)).to.deep.equal(sampleTopUp({ version: 1 }));
  });

  it("save lets one of many parallel changes through", async () => {
    const subject = current();
    await subject.store.save(sampleTopUp());
    const saved = await inParallel(subject, 20, (store, index) =>
      store.save(sampleTopUp({ version: 1, bought: index })),
    );
    expect(saved.filter((isSaved) => isSaved)).to.have.length(1);
  });

  it("due lists what is to be continued by now, the longest waiting first", async () => {
    const { store, another } = current();
    const dates = { t_a: afterNow(-1), t_b: afterNow(-9), t_c: afterNow(1), t_d: null, t_e: NOW };
    for (const [tenantId, dueAt] of Object.entries(dates)) {
      await store.save(sampleTopUp({ tenantId, dueAt }));
    }
    const due = await another.due({ now: NOW, limit: 9 });
    expect(due.map(({ tenantId }) => tenantId)).to.deep.equal(["t_b", "t_a", "t_e"]);
    expect(due[1]).to.deep.equal(sampleTopUp({ tenantId: "t_a", version: 1, dueAt: dates.t_a }));
    expect(await store.due({ now: NOW, limit: 1 })).to.have.length(1);
    expect(await store.due({ now: NOW, limit: 0 })).to.deep.equal([]);
  });

  it("list pages through all tenants in ascending order, without the mark", async () => {
    const { store } = current();
    for (const tenantId of ["t_b", "t_a", TOP_UP_MARK, "t_c"]) {
      await store.save(sampleTopUp({ tenantId }));
    }
    expect(await store.find(TOP_UP_MARK)).to.include({ version: 1 });
    const first = await store.list({ limit: 2 });
    expect(first.map(({ tenantId }) => tenantId)).to.deep.equal(["t_a", "t_b"]);
    expect(await store.list({ after: "t_b", limit: 2 })).to.deep.equal([
      sampleTopUp({ tenantId: "t_c", version: 1 }),
    ]);
    expect(await store.list({ limit: 0 })).to.deep.equal([]);
  });
}
