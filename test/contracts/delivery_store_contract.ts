import { expect } from "chai";
import {
  type Delivery,
  type DeliveryStore,
  KEPT_ATTEMPTS,
  type NewDelivery,
} from "../../src/application/ports/notifications/delivery_store.ts";
import { afterNow, NOW } from "../samples/dates.ts";
import { DIFFICULT_TEXT } from "../samples/text.ts";
import { type Current, contract, inParallel, it, outOfReach, tally } from "./contract_subject.ts";

const DELIVERY: NewDelivery = {
  id: "whe_1/pack.bought:clacme0001:1",
  targetId: "whe_1",
  lane: "whe_1/tokens/clacme0001",
  position: 1,
  type: "pack.bought",
  body: `{"text":${JSON.stringify(DIFFICULT_TEXT)}}`,
  createdAt: NOW,
};
const ADDED: Delivery = {
  ...DELIVERY,
  state: "waiting",
  dueAt: NOW,
  attempts: 0,
  claims: 0,
  log: [],
};
const OK = { at: NOW, status: 200, error: null };
const FAILED = { at: NOW, status: 500, error: "the endpoint answered 500" };
const ALL = { targetIds: ["whe_1"], now: NOW, until: afterNow(60) };

/** The behaviours that every `DeliveryStore` has. */
export const deliveryStoreContract = contract<DeliveryStore>(
  "as DeliveryStore",
  describeClaims,
  describeOrder,
  describeLog,
  outOfReach((unreachable) => [
    unreachable.add(DELIVERY),
    unreachable.claim(ALL),
    unreachable.settle({ id: "1", claims: 1 }, { state: "done", dueAt: null, attempt: OK }),
    unreachable.replay("1", NOW),
    unreachable.find("1"),
    unreachable.list("whe_1", { limit: 1 }),
    unreachable.purge({ createdBefore: NOW, limit: 1 }),
  ]),
);

function delivery(position: number, changes: Partial<NewDelivery> = {}): NewDelivery {
  return { ...DELIVERY, id: `d${position}`, position, ...changes };
}

function describeClaims(current: Current<DeliveryStore>): void {
  it("add stores a delivery once; the first one stays", async () => {
    const { store, another } = current();
    expect(await store.add(DELIVERY)).to.equal("added");
    expect(await another.add({ ...DELIVERY, body: "{}" })).to.equal("exists");
    expect(await store.find(DELIVERY.id)).to.deep.equal(ADDED);
    expect(await store.find("d2")).to.equal(undefined);
  });

  it("claim gives a delivery to one of many, for a while", async () => {
    const subject = current();
    await subject.store.add(DELIVERY);
    const claims = await inParallel(subject, 20, (store) => store.claim(ALL));
    expect(tally(claims.map((claim) => (claim ? "claimed" : "none")))).to.deep.equal({
      claimed: 1,
      none: 19,
    });
    const claimed = { ...ADDED, dueAt: ALL.until, attempts: 1, claims: 1 };
    expect(claims.find((claim) => claim !== undefined)).to.deep.equal(claimed);
    const late = { ...ALL, now: afterNow(60), until: afterNow(120) };
    expect(await subject.another.claim(late)).to.include({ attempts: 2, claims: 2 });
  });

  it("claim takes only what is due, and of these targets", async () => {
    const { store } = current();
    await store.add(DELIVERY);
    expect(await store.claim({ ...ALL, now: afterNow(-1) })).to.equal(undefined);
    expect(await store.claim({ ...ALL, targetIds: ["whe_2"] })).to.equal(undefined);
    expect(await store.claim({ ...ALL, targetIds: [] })).to.equal(undefined);
    expect(await store.claim({ ...ALL, targetIds: ["whe_2", "whe_1"] })).to.include({ claims: 1 });
  });

  it("claim takes only these types of a target, in order, and passes over others", async () => {
    const { store, another } = current();
    const types = ["tokens.low", "pack.bought", "tokens.low", "pack.bought"];
    for (const [position, type] of types.entries()) {
      await store.add({ ...DELIVERY, id: `d${position}`, position, type });
    }
    const of = (type: string, now = NOW) =>
      ({ ...ALL, now, targetIds: ["whe_2"], ofTypes: [["whe_1", type]] }) as const;
    expect(await store.claim(of("pack.refunded"))).to.equal(undefined);
    expect(await store.claim({ ...of("tokens.low"), ofTypes: [["whe_2", "tokens.low"]] })).to.equal(
      undefined,
    );
    expect(await store.claim(of("pack.bought"))).to.include({ id: "d1" });
    expect(await another.claim(of("pack.bought")), "the next of its type waits").to.equal(
      undefined,
    );
    expect(await another.claim(of("tokens.low"))).to.include({ id: "d0" });
    expect(await store.claim(ALL), "all in order").to.equal(undefined);
    await store.settle({ id: "d1", claims: 1 }, { state: "done", dueAt: null, attempt: OK });
    expect(await store.claim(of("pack.bought"))).to.include({ id: "d3" });
  });

  it("settle ends a claim, and none that another one has followed", async () => {
    const { store, another } = current();
    await store.add(DELIVERY);
    const { id } = DELIVERY;
    await store.claim(ALL);
    await another.claim({ ...ALL, now: afterNow(60) });
    const retry = { state: "waiting", dueAt: afterNow(70), attempt: FAILED } as const;
    expect(await store.settle({ id, claims: 1 }, retry)).to.equal(false);
    expect(await another.settle({ id, claims: 2 }, retry)).to.equal(true);
    expect(await store.claim({ ...ALL, now: afterNow(69) })).to.equal(undefined);
    expect(await store.claim({ ...ALL, now: afterNow(70) })).to.include({ attempts: 3 });
    const done = { state: "done", dueAt: null, attempt: OK } as const;
    expect(await store.settle({ id, claims: 3 }, done)).to.equal(true);
    expect(await store.settle({ id, claims: 3 }, done)).to.equal(false);
    expect(await store.claim({ ...ALL, now: afterNow(9_999) })).to.equal(undefined);
    expect(await store.find(id)).to.deep.include({ state: "done", dueAt: null, log: [FAILED, OK] });
  });

  it("replay makes a delivery due again, with all attempts before it", async () => {
    const { store } = current();
    await store.add(DELIVERY);
    const claimed = await store.claim(ALL);
    const dead = { state: "dead", dueAt: null, attempt: FAILED } as const;
    await store.settle({ id: DELIVERY.id, claims: claimed?.claims ?? 0 }, dead);
    expect(await store.replay("none", NOW)).to.equal(false);
    expect(await store.replay(DELIVERY.id, afterNow(5))).to.equal(true);
    const waiting = { state: "waiting", dueAt: afterNow(5), attempts: 0, log: [FAILED] };
    expect(await store.find(DELIVERY.id)).to.deep.include(waiting);
    expect(await store.claim({ ...ALL, now: afterNow(5) })).to.include({ attempts: 1, claims: 2 });
  });
}

function describeOrder(current: Current<DeliveryStore>): void {
  it("claim takes the deliveries of a lane one after the other", async () => {
    const { store, another } = current();
    await store.add(delivery(2, { createdAt: afterNow(-10) }));
    await store.add(delivery(1));
    await store.add(delivery(1, { id: "d1b" }));
    const order: string[] = [];
    for (const connection of [store, another, store]) {
      const claimed = await connection.claim(ALL);
      expect(await another.claim(ALL), "the next one waits").to.equal(undefined);
      order.push(claimed?.id ?? "none");
      const { id = "", claims = 0 } = claimed ?? {};
      await store.settle({ id, claims }, { state: "done", dueAt: null, attempt: OK });
    }
    expect(order).to.deep.equal(["d1", "d1b", "d2"]);
  });

  it("claim passes over a lane whose first delivery waits for another attempt", async () => {
    const { store } = current();
    await store.add(delivery(1));
    await store.add(delivery(2));
    await store.add(delivery(3, { lane: "whe_1/tokens/clother001", createdAt: afterNow(-1) }));
    await store.add(delivery(4, { lane: "whe_2/tokens/clacme0001", targetId: "whe_2" }));
    expect(await store.claim(ALL)).to.include({ id: "d3" });
    const first = await store.claim(ALL);
    expect(first).to.include({ id: "d1" });
    const retry = { state: "waiting", dueAt: afterNow(10), attempt: FAILED } as const;
    await store.settle({ id: "d1", claims: first?.claims ?? 0 }, retry);
    expect(await store.claim(ALL)).to.equal(undefined);
    expect(await store.claim({ ...ALL, targetIds: ["whe_1", "whe_2"] })).to.include({ id: "d4" });
    expect(await store.claim({ ...ALL, now: afterNow(10) })).to.include({ id: "d1" });
  });
}

function describeLog(current: Current<DeliveryStore>): void {
  it("settle keeps the last attempts, in their order", async () => {
    const { store } = current();
    await store.add(DELIVERY);
    for (let count = 1; count <= KEPT_ATTEMPTS + 2; count += 1) {
      const now = afterNow(100 * count);
      const claimed = await store.claim({ ...ALL, now, until: afterNow(100 * count + 50) });
      const attempt = { at: now, status: null, error: `attempt ${count}` };
      const { id = "", claims = 0 } = claimed ?? {};
      await store.settle({ id, claims }, { state: "waiting", dueAt: now, attempt });
    }
    const { log } = (await store.find(DELIVERY.id)) ?? { log: [] };
    const last = Array.from({ length: KEPT_ATTEMPTS }, (_, index) => `attempt ${index + 3}`);
    expect(log.map(({ error }) => error)).to.deep.equal(last);
  });

  it("list answers the deliveries of a target, newest first, page by page", async () => {
    const { store, another } = current();
    for (const position of [1, 2, 3]) {
      await store.add(delivery(position, { createdAt: afterNow(Math.min(position, 2)) }));
    }
    await store.add(delivery(4, { targetId: "whe_2" }));
    const first = await another.list("whe_1", { limit: 2 });
    expect(first.map(({ id }) => id)).to.deep.equal(["d3", "d2"]);
    const { createdAt = NOW, id = "" } = first.at(-1) ?? {};
    const rest = await store.list("whe_1", { after: { createdAt, id }, limit: 2 });
    expect(rest.map((one) => one.id)).to.deep.equal(["d1"]);
    expect(await store.list("whe_1", { limit: 0 })).to.deep.equal([]);
  });

  it("purge removes old deliveries, at most so many", async () => {
    const { store } = current();
    for (const position of [1, 2, 3, 4]) {
      await store.add(delivery(position, { createdAt: afterNow(position) }));
    }
    expect(await store.purge({ createdBefore: afterNow(4), limit: 2 })).to.equal(2);
    expect(await store.purge({ createdBefore: afterNow(4), limit: 2 })).to.equal(1);
    expect(await store.purge({ createdBefore: afterNow(4), limit: 2 })).to.equal(0);
    expect((await store.list("whe_1", { limit: 9 })).map(({ id }) => id)).to.deep.equal(["d4"]);
  });
}
