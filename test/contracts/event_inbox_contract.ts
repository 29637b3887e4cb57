import { expect } from "chai";
import type { EventInbox } from "../../src/application/ports/events/event_inbox.ts";
import { afterNow, NOW } from "../samples/dates.ts";
import { fullEvent, handle, lease, OUTCOMES, waitingEvent } from "../samples/events.ts";
import { DIFFICULT_TEXT } from "../samples/text.ts";
import { type Current, contract, inParallel, it, outOfReach } from "./contract_subject.ts";
import { describeAttempts, describeClaim, describeLease } from "./event_inbox_claim_contract.ts";
import { describeDue, describeDueOrder } from "./event_inbox_due_contract.ts";
import { describeList, describePurge, describeRequeue } from "./event_inbox_list_contract.ts";
import { describeSettle } from "./event_inbox_settle_contract.ts";

/** The behaviours that every `EventInbox` has. */
export const eventInboxContract = contract<EventInbox>(
  "as EventInbox",
  describeReceive,
  describeClaim,
  describeAttempts,
  describeLease,
  describeSettle,
  describeDue,
  describeDueOrder,
  describeList,
  describeRequeue,
  describePurge,
  outOfReach((unreachable) => [
    unreachable.receive(fullEvent("evt_1"), NOW),
    unreachable.find("evt_1"),
    unreachable.claim("evt_1", lease("a")),
    unreachable.settle("evt_1", "a", { state: "done" }),
    unreachable.due({ now: NOW, receivedBefore: NOW, limit: 1 }),
    unreachable.list({ limit: 1 }),
    unreachable.count(),
    unreachable.requeue("evt_1", NOW),
    unreachable.purge({ receivedBefore: NOW, limit: 1 }),
  ]),
);

function describeReceive(current: Current<EventInbox>): void {
  it("P03 receive stores an event with every field before it answers", async () => {
    const { store, another } = current();
    expect(await store.receive(fullEvent("evt_1"), NOW)).to.equal("received");
    expect(await another.find("evt_1")).to.deep.equal(waitingEvent("evt_1"));
  });

  it("receive keeps nulls, test mode, large payloads and any text exactly", async () => {
    const { store } = current();
    const event = fullEvent("evt_1", {
      type: DIFFICULT_TEXT,
      createdAt: new Date("9999-12-31T23:59:59.999Z"),
      livemode: false,
      connectedAccount: null,
      customerId: null,
      payload: DIFFICULT_TEXT.repeat(20_000),
    });
    await store.receive(event, afterNow(1));
    const found = await store.find("evt_1");
    expect(found?.event).to.deep.equal(event);
    expect(found?.receivedAt).to.deep.equal(afterNow(1));
  });

  it("find answers undefined for an unknown event", async () => {
    const { store } = current();
    await store.receive(fullEvent("evt_1"), NOW);
    for (const id of ["evt_2", "evt_", "EVT_1", "evt%1", "__proto__", ""]) {
      expect(await store.find(id), id).to.equal(undefined);
    }
  });

  it("P04 an event that is received again stays as it is", async () => {
    const { store, another } = current();
    await store.receive(fullEvent("evt_1"), NOW);
    const before = await store.find("evt_1");
    const other = fullEvent("evt_1", { type: "other", payload: "{}", customerId: null });
    expect(await another.receive(other, afterNow(5_000))).to.equal("received");
    expect(await store.find("evt_1")).to.deep.equal(before);
  });

  it("P04 of 50 parallel deliveries one is stored, and all answer received", async () => {
    const { store, another } = current();
    const answers = await inParallel({ store, another }, 50, (connection, index) =>
      connection.receive(fullEvent("evt_1", { type: `type ${index}` }), afterNow(index)),
    );
    expect(new Set(answers)).to.deep.equal(new Set(["received"]));
    const found = await store.find("evt_1");
    expect(found?.event.type).to.equal(`type ${(found?.receivedAt.getTime() ?? 0) - +NOW}`);
    const due = await store.due({ now: afterNow(99), receivedBefore: afterNow(99), limit: 99 });
    expect(due).to.deep.equal(["evt_1"]);
  });

  it("P05 receive answers the state that the event has", async () => {
    const { store, another } = current();
    await store.receive(fullEvent("evt_processing"), NOW);
    await store.claim("evt_processing", lease("a"));
    expect(await another.receive(fullEvent("evt_processing"), NOW)).to.equal("processing");
    for (const outcome of OUTCOMES) {
      const id = `evt_${outcome.state}`;
      await handle(store, id, outcome);
      const before = await store.find(id);
      expect(await another.receive(fullEvent(id), afterNow(9))).to.equal(outcome.state);
      expect(await store.find(id)).to.deep.equal(before);
    }
  });
}
