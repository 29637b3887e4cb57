import { expect } from "chai";
import type { InboxEvent } from "../../src/application/ports/events/event_inbox.ts";
import type { Delivery } from "../../src/application/ports/notifications/delivery_store.ts";
import { NOTIFICATION_RECORD_KINDS } from "../../src/application/ports/notifications/notification_records.ts";
import type { MovableStore } from "../../src/application/ports/store_transfer.ts";
import { EVENT_STATES, type EventState } from "../../src/domain/events/billing_event.ts";
import { newAccount } from "../../src/domain/subscription/billing_account.ts";
import { fullAccount } from "../samples/account.ts";
import { openAttentionItem, sampleAttentionItem } from "../samples/attention.ts";
import { fullCatalog } from "../samples/catalog.ts";
import { afterNow, NOW } from "../samples/dates.ts";
import { fullEvent, lease } from "../samples/events.ts";
import { sampleDecide } from "../samples/quota.ts";
import {
  type Current,
  contract,
  expectPortError,
  inParallel,
  it,
  tally,
} from "./contract_subject.ts";

const TENANTS = ["t_10", "t_2", "t_a", "t_a_b", "t_ab"];

/** The behaviours that every `StoreTransfer` has. */
export const storeTransferContract = contract<MovableStore>(
  "as StoreTransfer",
  describeLists,
  describeRecords,
  describeEvents,
  describeNotifications,
  (current) => {
    it("every method throws PortError when the database is out of reach", async () => {
      const { transfer } = current().unreachable;
      await expectPortError(transfer.restoreAccount(fullAccount()));
      await expectPortError(transfer.restoreAttention(openAttentionItem(sampleAttentionItem(), 1)));
      await expectPortError(transfer.restoreCatalog(fullCatalog()));
      await expectPortError(transfer.restoreEvent(inboxEvent("received")));
      await expectPortError(transfer.notificationRecords("told", { limit: 1 }));
      await expectPortError(transfer.restoreNotificationRecord("told", record("a")));
      await expectPortError(transfer.deliveries({ limit: 1 }));
      await expectPortError(transfer.restoreDelivery(DELIVERY));
    });
  },
);

const DELIVERY: Delivery = {
  id: "whe_1/pack.bought:t_a:1",
  targetId: "whe_1",
  lane: "whe_1/tokens/t_a",
  position: 1_000_002,
  type: "pack.bought",
  body: '{"text":"Übertrag 💸"}',
  createdAt: NOW,
  state: "waiting",
  dueAt: afterNow(700),
  attempts: 2,
  claims: 5,
  log: [
    { at: afterNow(1), status: 500, error: "the endpoint answered 500" },
    { at: afterNow(2), status: null, error: "no answer" },
  ],
};

function record(id: string) {
  return { id, version: 7, content: '{"secrets":["whsec_1"]}' };
}

/** An event with a history, as a source has it. */
function inboxEvent(state: EventState, changes: Partial<InboxEvent> = {}): InboxEvent {
  const isReasoned = !["received", "processing", "done"].includes(state);
  return {
    event: fullEvent(`evt_${state}`),
    state,
    attempts: 3,
    reason: isReasoned ? "for a reason" : null,
    receivedAt: afterNow(-5_000),
    nextAttemptAt: state === "failed" ? afterNow(700) : null,
    ...changes,
  };
}

function describeLists(current: Current<MovableStore>): void {
  it("the tenants of e-mails are those with a record, not their sends or leases", async () => {
    const { store } = current();
    for (const tenantId of TENANTS.toReversed()) {
      await store.emailUsage.refresh(tenantId, sampleDecide());
      await store.emailUsage.consumeOnce(tenantId, { key: "send", count: 1, now: NOW });
      const leased = { id: "lease", size: 2, promised: 1, until: afterNow(9), now: NOW };
      await store.emailLeases.reserve(tenantId, leased);
    }
    expect(await store.emailUsage.tenants({ limit: 99 })).to.deep.equal(TENANTS);
    const page = await store.emailUsage.tenants({ after: "t_2", limit: 2 });
    expect(page).to.deep.equal(["t_a", "t_a_b"]);
    expect(await store.emailUsage.tenants({ limit: 0 })).to.deep.equal([]);
  });
}

function describeRecords(current: Current<MovableStore>): void {
  it("restoreAccount keeps every field and the revision, which goes on from there", async () => {
    const { store, another } = current();
    const account = fullAccount({ revision: 7 });
    expect(await store.transfer.restoreAccount(account)).to.equal("restored");
    expect(await another.accounts.find("clacme0001")).to.deep.equal(account);
    expect(await another.accounts.save(fullAccount({ revision: 6 }))).to.equal("conflict");
    expect(await another.accounts.save(account)).to.equal("saved");
    expect((await store.accounts.find("clacme0001"))?.revision).to.equal(8);
  });

  it("restoreAccount changes nothing where the tenant has an account", async () => {
    const { store } = current();
    await store.accounts.save(newAccount("clacme0001"));
    expect(await store.transfer.restoreAccount(fullAccount({ revision: 7 }))).to.equal("exists");
    const kept = { ...newAccount("clacme0001"), revision: 1 };
    expect(await store.accounts.find("clacme0001")).to.deep.equal(kept);
  });

  it("P16 restoreAccount throws for another tenant's customer, changes nothing", async () => {
    const { store } = current();
    await store.accounts.save(fullAccount());
    const thief = fullAccount({ tenantId: "t_thief", revision: 7 });
    const error = await expectPortError(store.transfer.restoreAccount(thief));
    expect(error.transient).to.equal(false);
    expect(await store.accounts.find("t_thief")).to.equal(undefined);
  });

  it("restoreCatalog keeps the revision, and changes nothing where there is one", async () => {
    const { store, another } = current();
    const catalog = fullCatalog({ revision: 4 });
    expect(await store.transfer.restoreCatalog(catalog)).to.equal("restored");
    expect(await another.catalog.read()).to.deep.equal(catalog);
    const other = fullCatalog({ revision: 9, plans: [] });
    expect(await another.transfer.restoreCatalog(other)).to.equal("exists");
    expect(await store.catalog.read()).to.deep.equal(catalog);
  });

  it("P41 restoreAttention keeps an item in every state, and changes none that is there", async () => {
    const { store, another } = current();
    const open = openAttentionItem(sampleAttentionItem(), 4);
    const gone = { ...open, id: `${open.id}a`, state: "gone", resolvedAt: afterNow(3) } as const;
    const resolved = { ...gone, id: `${open.id}b`, state: "resolved", resolvedBy: "Ada" } as const;
    for (const item of [open, gone, resolved]) {
      expect(await store.transfer.restoreAttention(item)).to.equal("restored");
      expect(await another.transfer.restoreAttention({ ...item, revision: 9 })).to.equal("exists");
      expect(await another.attention.find(item.id)).to.deep.equal(item);
    }
  });

  it("of 20 parallel restores of one account exactly one is made", async () => {
    const answers = await inParallel(current(), 20, ({ transfer }) =>
      transfer.restoreAccount(fullAccount({ revision: 3 })),
    );
    expect(tally(answers)).to.deep.equal({ restored: 1, exists: 19 });
  });
}

function describeNotifications(current: Current<MovableStore>): void {
  it("restoreNotificationRecord keeps the version, and changes no record that is there", async () => {
    const { store, another } = current();
    for (const kind of NOTIFICATION_RECORD_KINDS) {
      for (const id of ["", ...TENANTS.toReversed()]) {
        expect(await store.transfer.restoreNotificationRecord(kind, record(id))).to.equal(
          "restored",
        );
        const other = { ...record(id), content: "{}" };
        expect(await another.transfer.restoreNotificationRecord(kind, other)).to.equal("exists");
        expect(await another.notificationRecords.find(kind, id)).to.deep.equal(record(id));
      }
      const all = await another.transfer.notificationRecords(kind, { limit: 99 });
      expect(all).to.deep.equal(["", ...TENANTS].map(record));
    }
    expect(await store.notificationRecords.save("told", record("t_a"))).to.equal(true);
    expect((await store.notificationRecords.find("told", "t_a"))?.version).to.equal(8);
  });

  it("notificationRecords begins with the one without a name, and reads on after any", async () => {
    const { transfer } = current().store;
    for (const id of ["", "t_2", "t_a"]) {
      await transfer.restoreNotificationRecord("told", record(id));
    }
    const page = async (after: string | undefined, limit: number) =>
      (await transfer.notificationRecords("told", { after, limit })).map(({ id }) => id);
    expect(await page(undefined, 2)).to.deep.equal(["", "t_2"]);
    expect(await page("", 9)).to.deep.equal(["t_2", "t_a"]);
    expect(await page("t_2", 9)).to.deep.equal(["t_a"]);
    expect(await page(undefined, 0)).to.deep.equal([]);
  });

  it("restoreDelivery keeps state, attempts, claims and log, and changes none that is there", async () => {
    const { store, another } = current();
    const done = { ...DELIVERY, id: "whe_2", state: "done", dueAt: null, log: [] } as const;
    for (const delivery of [done, DELIVERY]) {
      expect(await store.transfer.restoreDelivery(delivery)).to.equal("restored");
      const other = { ...delivery, attempts: 9 };
      expect(await another.transfer.restoreDelivery(other)).to.equal("exists");
      expect(await another.deliveries.find(delivery.id)).to.deep.equal(delivery);
    }
    const { transfer } = another;
    expect(await transfer.deliveries({ limit: 9 })).to.deep.equal([DELIVERY, done]);
    expect(await transfer.deliveries({ after: DELIVERY.id, limit: 9 })).to.deep.equal([done]);
    expect(await transfer.deliveries({ limit: 0 })).to.deep.equal([]);
  });

  it("a restored delivery is claimed when it is due, after as many attempts as it had", async () => {
    const { store } = current();
    await store.transfer.restoreDelivery(DELIVERY);
    const claim = (now: Date) =>
      store.deliveries.claim({ targetIds: ["whe_1"], now, until: afterNow(60_000) });
    expect(await claim(afterNow(699))).to.equal(undefined);
    expect(await claim(afterNow(700))).to.include({ attempts: 3, claims: 6 });
  });
}

function describeEvents(current: Current<MovableStore>): void {
  for (const state of EVENT_STATES.filter((name) => name !== "processing")) {
    it(`restoreEvent keeps an event that is ${state}, with its attempts and times`, async () => {
      const { store, another } = current();
      const event = inboxEvent(state);
      expect(await store.transfer.restoreEvent(event)).to.equal("restored");
      expect(await another.inbox.find(event.event.id)).to.deep.equal(event);
      expect(await another.transfer.restoreEvent({ ...event, attempts: 9 })).to.equal("exists");
      expect(await store.inbox.find(event.event.id)).to.deep.equal(event);
    });
  }

  it("P03 restoreEvent makes one in processing wait again, with its attempts", async () => {
    const { store } = current();
    await store.transfer.restoreEvent(inboxEvent("processing"));
    const waiting = { ...inboxEvent("processing"), state: "received" };
    expect(await store.inbox.find("evt_processing")).to.deep.equal(waiting);
    expect((await store.inbox.claim("evt_processing", lease("a")))?.attempts).to.equal(4);
  });

  it("P08 restored events that wait are due at their time, the others never", async () => {
    const { store } = current();
    for (const state of EVENT_STATES) {
      await store.transfer.restoreEvent(inboxEvent(state));
    }
    const due = (now: Date) =>
      store.inbox.due({ now, receivedBefore: afterNow(-4_999), limit: 99 });
    expect(await due(afterNow(699))).to.deep.equal(["evt_processing", "evt_received"]);
    expect(await due(afterNow(700))).to.deep.equal([
      "evt_processing",
      "evt_received",
      "evt_failed",
    ]);
  });
}
