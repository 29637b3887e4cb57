import { expect } from "chai";
import type { EmailUsageStore } from "../../src/application/ports/quota/email_usage_store.ts";
import { TENANT } from "../samples/account.ts";
import { afterNow, NEXT_MONTH, NOW } from "../samples/dates.ts";
import { consumed, sampleDecide, sampleDecision, used } from "../samples/quota.ts";
import { DIFFICULT_TEXT } from "../samples/text.ts";
import { type Current, inParallel, it, tally } from "./contract_subject.ts";

/** Declares what `consumeOnce` and `release` promise. */
export function describeKeys(current: Current<EmailUsageStore>): void {
  async function once(store: EmailUsageStore, key: string, count = 1, now = NOW) {
    return (await store.consumeOnce(TENANT, { key, count, now })).type;
  }

  it("P31 consumeOnce counts once per key, also on another connection", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide());
    expect(await store.consumeOnce(TENANT, { key: "a", count: 3, now: NOW })).to.deep.equal({
      type: "counted",
      usage: { tenantId: TENANT, ...sampleDecision(), used: 3 },
    });
    const again = await another.consumeOnce(TENANT, { key: "a", count: 3, now: NOW });
    expect(again).to.deep.equal({
      type: "repeated",
      usage: { tenantId: TENANT, ...sampleDecision(), used: 3 },
    });
    expect(await once(store, "b")).to.equal("counted");
    expect(await used(store)).to.equal(4);
  });

  it("P31 consumeOnce tells a key that was used for another number", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide());
    await once(store, "a", 3);
    expect(await store.consumeOnce(TENANT, { key: "a", count: 4, now: NOW })).to.deep.equal({
      type: "key_conflict",
      count: 3,
    });
    expect(await used(store)).to.equal(3);
  });

  it("P31 consumeOnce counts nothing at the ceiling, and leaves the key free", async () => {
    const { store } = current();
    expect(await once(store, "early")).to.equal("not_counted");
    await store.refresh(TENANT, sampleDecide());
    await consumed(store, 110);
    expect(await once(store, "a")).to.equal("not_counted");
    await store.giveBack(TENANT, { count: 1, periodStart: sampleDecision().period.start });
    expect(await once(store, "a")).to.equal("counted");
    expect(await once(store, "early")).to.equal("not_counted");
  });

  it("P31 consumeOnce knows its key at the ceiling and after the decision's end", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide());
    await once(store, "a", 110);
    expect(await once(store, "a", 110)).to.equal("repeated");
    expect(await once(store, "a", 110, afterNow(90_000))).to.equal("repeated");
  });

  it("P31 consumeOnce counts a key once of 50 calls at once", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide());
    const answers = await inParallel({ store, another }, 50, (connection) => once(connection, "a"));
    expect(tally(answers)).to.deep.equal({ counted: 1, repeated: 49 });
    expect(await used(store)).to.equal(1);
  });

  it("P31 consumeOnce passes exactly what remains of 200 sends at once", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide());
    const answers = await inParallel({ store, another }, 200, (connection, index) =>
      once(connection, `key ${index}`),
    );
    expect(tally(answers)).to.deep.equal({ counted: 110, not_counted: 90 });
    expect(await used(store)).to.equal(110);
  });

  it("P35 consumeOnce keeps the keys of tenants apart, whatever is in them", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide());
    await store.refresh("clacme0001_key", sampleDecide());
    const keys = ["a", "A", "a ", "key:a", "lease:a", "$a.b", DIFFICULT_TEXT, "constructor", ""];
    for (const key of keys) {
      expect(await once(store, key), key).to.equal("counted");
    }
    for (const key of keys) {
      expect(await once(store, key), key).to.equal("repeated");
    }
    const foreign = { key: "a", count: 1, now: NOW };
    expect(await store.release("clacme0001_key", "a", NOW)).to.equal("unknown");
    expect(await store.consumeOnce("clacme0001_key", foreign)).to.have.property("type", "counted");
    expect(await used(store)).to.equal(keys.length);
  });

  it("P31 release gives back once, and the key is spent", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide());
    await once(store, "a", 5);
    await once(store, "b", 2);
    expect(await another.release(TENANT, "a", NOW)).to.equal("released");
    expect(await store.release(TENANT, "a", NOW)).to.equal("already_released");
    expect(await store.release(TENANT, "c", NOW)).to.equal("unknown");
    expect(await used(store)).to.equal(2);
    expect(await once(store, "a", 5)).to.equal("key_released");
    expect(await used(store)).to.equal(2);
  });

  it("P31 release gives back once of 50 calls at once", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide());
    await once(store, "a", 5);
    await consumed(store, 20);
    const answers = await inParallel({ store, another }, 50, (connection) =>
      connection.release(TENANT, "a", NOW),
    );
    expect(tally(answers)).to.deep.equal({ released: 1, already_released: 49 });
    expect(await used(store)).to.equal(20);
  });

  it("P31 release and consumeOnce of many keys at once end at the true sum", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide({ limit: 1_000 }));
    await Promise.all(Array.from({ length: 40 }, (_, index) => once(store, `old ${index}`, 2)));
    await inParallel({ store, another }, 80, async (connection, index) =>
      index < 40
        ? connection.release(TENANT, `old ${index}`, NOW)
        : once(connection, `new ${index}`, 3),
    );
    expect(await used(store)).to.equal(120);
  });

  it("P33 release gives nothing back to another period", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide());
    await once(store, "a", 5);
    const now = new Date(+NEXT_MONTH.start + 1);
    const until = new Date(+now + 60_000);
    await store.refresh(
      TENANT,
      sampleDecide({ period: NEXT_MONTH, decidedAt: now, validUntil: until }),
    );
    await once(store, "b", 1, now);
    expect(await store.release(TENANT, "a", now)).to.equal("released");
    expect(await store.release(TENANT, "a", now)).to.equal("already_released");
    expect(await used(store)).to.equal(1);
  });

  it("P31 consumeOnce still knows a key after the period has moved on", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide());
    await once(store, "a", 5);
    const now = new Date(+NEXT_MONTH.start + 1);
    const validUntil = new Date(+now + 60_000);
    await store.refresh(TENANT, sampleDecide({ period: NEXT_MONTH, decidedAt: now, validUntil }));
    expect(await once(store, "a", 5, now)).to.equal("repeated");
    expect(await used(store)).to.equal(0);
  });
}
