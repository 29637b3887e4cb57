import { expect } from "chai";
import type { RequestCountStore } from "../../src/application/ports/limits/request_count_store.ts";
import { type Current, contract, inParallel, it, outOfReach } from "./contract_subject.ts";

/** Databases remove windows that are over, by a clock of their own. */
const ENDS_AT = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 3_600_000);
const NEXT = new Date(ENDS_AT.getTime() + 60_000);

function counted(by: string, hits: Readonly<Record<string, number>>, endsAt = ENDS_AT) {
  return { by, endsAt, hits: new Map(Object.entries(hits)) };
}

/** The behaviours that every `RequestCountStore` has. */
export const requestCountStoreContract = contract<RequestCountStore>(
  "as RequestCountStore",
  describeCounts,
  outOfReach((unreachable) => [unreachable.exchange(counted("p1", { a: 1 }))]),
);

function describeCounts(current: Current<RequestCountStore>): void {
  it("exchange answers what all other processes counted, and not what this one did", async () => {
    const { store, another } = current();
    expect(await store.exchange(counted("p1", { a: 5, b: 1 }))).to.deep.equal(new Map());
    expect(await another.exchange(counted("p2", { a: 2, c: 9 }))).to.deep.equal(
      new Map([["a", 5]]),
    );
    expect(await another.exchange(counted("p3", { a: 1, b: 1, c: 1 }))).to.deep.equal(
      new Map([
        ["a", 7],
        ["b", 1],
        ["c", 9],
      ]),
    );
    expect(await store.exchange(counted("p1", { a: 6 }))).to.deep.equal(new Map([["a", 3]]));
  });

  it("exchange sets counts: repeating it changes nothing, and a lower one counts, too", async () => {
    const { store, another } = current();
    for (const own of [7, 7, 7]) {
      await store.exchange(counted("p1", { a: own }));
    }
    expect(await another.exchange(counted("p2", { a: 1 }))).to.deep.equal(new Map([["a", 7]]));
    await store.exchange(counted("p1", { a: 4 }));
    expect(await another.exchange(counted("p2", { a: 1 }))).to.deep.equal(new Map([["a", 4]]));
  });

  it("exchange keeps windows apart", async () => {
    const { store, another } = current();
    await store.exchange(counted("p1", { a: 5 }));
    expect(await another.exchange(counted("p2", { a: 1 }, NEXT))).to.deep.equal(new Map());
    expect(await store.exchange(counted("p1", { a: 2 }, NEXT))).to.deep.equal(new Map([["a", 1]]));
    expect(await another.exchange(counted("p2", { a: 1 }))).to.deep.equal(new Map([["a", 5]]));
  });

  it("exchange loses no count when many processes count the same keys at once", async () => {
    const subject = current();
    const names = Array.from({ length: 20 }, (_, n) => `p${n}`);
    await inParallel(subject, names.length, (store, n) =>
      store.exchange(counted(names[n] ?? "", { a: 10, [`only-${n}`]: 1 })),
    );
    const { store } = subject;
    expect(await store.exchange(counted("last", { a: 0 }))).to.deep.equal(new Map([["a", 200]]));
  });

  it("exchange forgets windows that are over, and takes no part of them for another", async () => {
    const { store, another } = current();
    const over = new Date(Date.now() - 600_000);
    await store.exchange(counted("p1", { a: 5 }, over));
    expect(await another.exchange(counted("p2", { a: 1 }))).to.deep.equal(new Map());
  });

  it("exchange takes many keys, and none", async () => {
    const { store, another } = current();
    const many = Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`k${n}`, n + 1]));
    await store.exchange(counted("p1", many));
    const others = await another.exchange(counted("p2", many));
    expect([others.size, others.get("k249")]).to.deep.equal([250, 250]);
    expect(await store.exchange(counted("p1", {}))).to.deep.equal(new Map());
  });
}
