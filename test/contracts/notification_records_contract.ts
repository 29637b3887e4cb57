import { expect } from "chai";
import type { NotificationRecords } from "../../src/application/ports/notifications/notification_records.ts";
import { DIFFICULT_TEXT } from "../samples/text.ts";
import { type Current, contract, inParallel, it, outOfReach } from "./contract_subject.ts";

const RECORD = { id: "whe_1", version: 0, content: '{"url":"https://a.example.com"}' };

/** The behaviours that every `NotificationRecords` has. */
export const notificationRecordsContract = contract<NotificationRecords>(
  "as NotificationRecords",
  describeRecords,
  outOfReach((unreachable) => [
    unreachable.find("told", "whe_1"),
    unreachable.save("told", RECORD),
  ]),
);

function describeRecords(current: Current<NotificationRecords>): void {
  it("save stores a record at the next version, which everybody finds", async () => {
    const { store, another } = current();
    expect(await store.find("targets", "whe_1")).to.equal(undefined);
    expect(await store.save("targets", RECORD)).to.equal(true);
    expect(await another.find("targets", "whe_1")).to.deep.equal({ ...RECORD, version: 1 });
    const changed = { ...RECORD, version: 1, content: "{}" };
    expect(await another.save("targets", changed)).to.equal(true);
    expect(await store.find("targets", "whe_1")).to.deep.equal({ ...changed, version: 2 });
  });

  it("save changes nothing when another save came first", async () => {
    const { store } = current();
    expect(await store.save("told", { ...RECORD, version: 1 })).to.equal(false);
    expect(await store.save("told", RECORD)).to.equal(true);
    expect(await store.save("told", { ...RECORD, content: "[]" })).to.equal(false);
    expect(await store.save("told", { ...RECORD, version: 2 })).to.equal(false);
    expect(await store.find("told", "whe_1")).to.deep.equal({ ...RECORD, version: 1 });
  });

  it("save lets one of many parallel changes through", async () => {
    const subject = current();
    await subject.store.save("told", RECORD);
    const saved = await inParallel(subject, 20, (store, index) =>
      store.save("told", { id: "whe_1", version: 1, content: String(index) }),
    );
    expect(saved.filter((isSaved) => isSaved)).to.have.length(1);
  });

  it("save keeps one kind apart from another, and any text as it is", async () => {
    const { store, another } = current();
    const record = { id: DIFFICULT_TEXT, version: 0, content: DIFFICULT_TEXT };
    await store.save("alerts", record);
    expect(await another.find("alerts", DIFFICULT_TEXT)).to.deep.equal({ ...record, version: 1 });
    expect(await store.find("told", DIFFICULT_TEXT)).to.equal(undefined);
    expect(await store.save("told", { ...record, content: "{}" })).to.equal(true);
    expect(await store.find("alerts", DIFFICULT_TEXT)).to.deep.equal({ ...record, version: 1 });
  });
}
