import { expect } from "chai";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import { inParallel } from "../../contracts/contract_subject.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { afterNow, NOW } from "../../samples/dates.ts";
import { fullEvent, LEASE_MS, lease } from "../../samples/events.ts";
import { useMongoStores } from "./mongo_test_store.ts";

const EVENTS = 60;
const BATCH_SIZE = 7;

/** Handles events like a worker until none is due; answers the ids of those it handled. */
async function drain({ inbox }: BillingStore, name: string, now: Date): Promise<string[]> {
  const handled: string[] = [];
  for (;;) {
    const due = await inbox.due({ now, receivedBefore: afterNow(1), limit: BATCH_SIZE });
    if (due.length === 0) {
      return handled;
    }
    for (const id of due) {
      const token = `${name} ${id}`;
      if ((await inbox.claim(id, lease(token, now))) !== undefined) {
        handled.push(id);
        expect(await inbox.settle(id, token, { state: "done" })).to.equal(true);
      }
    }
  }
}

await describeOnMongodb("Workers that share a MongoDB", (database) => {
  const open = useMongoStores(database);
  const ids = Array.from({ length: EVENTS }, (_, index) => `evt_${index}`);

  async function twoStores(): Promise<{ store: BillingStore; another: BillingStore }> {
    const { store, another = store } = await open();
    return { store, another };
  }

  it("P04 four workers over two connections handle every event exactly once", async () => {
    const { store, another } = await twoStores();
    await Promise.all(ids.map((id) => store.inbox.receive(fullEvent(id), NOW)));
    const handled = await inParallel({ store, another }, 4, (connection, worker) =>
      drain(connection, `worker ${worker}`, afterNow(2)),
    );
    expect(handled.flat().toSorted()).to.deep.equal(ids.toSorted());
    expect((await store.inbox.count()).done).to.equal(EVENTS);
  });

  it("P03 what a worker had claimed when it died is handled once its leases end", async () => {
    const { store, another } = await twoStores();
    await Promise.all(ids.map((id) => store.inbox.receive(fullEvent(id), NOW)));
    const claimed = ids.slice(0, 20);
    for (const id of claimed) {
      await store.inbox.claim(id, lease(`dead ${id}`));
    }
    expect(await drain(another, "early", afterNow(LEASE_MS - 1))).to.have.length(EVENTS - 20);
    const late = await inParallel({ store: another, another }, 3, (connection, worker) =>
      drain(connection, `late ${worker}`, afterNow(LEASE_MS)),
    );
    expect(late.flat().toSorted()).to.deep.equal(claimed.toSorted());
    expect(await store.inbox.settle("evt_0", "dead evt_0", { state: "done" })).to.equal(false);
  });

  it("P16 first saves of many tenants by both connections make one account each", async () => {
    const { store, another } = await twoStores();
    const answers = await inParallel({ store, another }, 100, ({ accounts }, index) =>
      accounts.save(newAccount(`t_tenant${index % 10}`)),
    );
    expect(answers.filter((answer) => answer === "saved")).to.have.length(10);
    expect(answers.filter((answer) => answer === "conflict")).to.have.length(90);
  });
});
