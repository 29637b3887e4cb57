import { expect } from "chai";
import type { Billing } from "../../../src/application/billing.ts";
import type { ClaimableEvent } from "../../../src/application/events/event_claim.ts";
import { HandleDeliveries } from "../../../src/application/events/handle_deliveries.ts";
import { LookPace } from "../../../src/application/events/look_pace.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { SETTINGS, useBilling } from "../../rig/billing_fixture.ts";
import { sampleInvoice, sampleSubscription } from "../../samples/subscription.ts";

const DOWN = new PortError("Cannot list subscriptions: rate limited", { transient: true });
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("HandleDeliveries", () => {
  const fixture = useBilling();

  async function addTenants(count: number): Promise<string[]> {
    const customers = Array.from({ length: count }, (_, index) => `cus_${index}`);
    for (const [index, customerId] of customers.entries()) {
      await fixture.addCustomer(customerId, `tenant_${index}`);
      fixture.payments.setTruth(customerId, {
        subscriptions: [sampleSubscription({ id: `sub_${index}` })],
        invoices: [sampleInvoice({ subscriptionId: `sub_${index}` })],
      });
    }
    return customers;
  }

  async function deliver(billing: Billing, id: string, customerId: string) {
    await fixture.receive({ id, customerId });
    return await billing.handleDeliveries.execute({ eventId: id, customerId });
  }

  const states = async (ids: readonly string[]) =>
    new Set(await Promise.all(ids.map(async (id) => (await fixture.store.inbox.find(id))?.state)));

  it("P09 a burst of one tenant's events costs at most two looks", async () => {
    await addTenants(1);
    const ids = Array.from({ length: 40 }, (_, index) => `evt_${index}`);
    const burst = ids.map((id) => deliver(fixture.billing, id, "cus_0"));
    expect((await Promise.all(burst)).every(({ type }) => type === "settled")).to.equal(true);
    expect(fixture.payments.count("read")).to.be.at.most(2);
    expect(await states(ids)).to.deep.equal(new Set(["done"]));
  });

  it("P09 5 events of each of 60 tenants cost at most 78 looks, never more at once than allowed", async () => {
    const customers = await addTenants(60);
    let [inHand, most] = [0, 0];
    const read = fixture.payments.read.bind(fixture.payments);
    fixture.payments.read = async (customerId) => {
      inHand += 1;
      most = Math.max(most, inHand);
      await turn();
      inHand -= 1;
      return await read(customerId);
    };
    const settings = { ...SETTINGS, eventRequestsPerSecond: 10_000 };
    const billing = fixture.process({ settings });
    const ids: string[] = [];
    const burst = [1, 2, 3, 4, 5].flatMap((round) =>
      customers.map((customerId) => {
        ids.push(`evt_${customerId}_${round}`);
        return deliver(billing, `evt_${customerId}_${round}`, customerId);
      }),
    );
    await Promise.all(burst);
    expect(await states(ids)).to.deep.equal(new Set(["done"]));
    expect(fixture.payments.count("read")).to.be.within(60, 78);
    expect(most).to.equal(settings.workerConcurrency);
  });

  it("P09 an event that comes while its tenant is looked at gets a look of its own", async () => {
    await addTenants(1);
    const reached = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    fixture.payments.before("read", async () => {
      reached.resolve();
      await go.promise;
    });
    const first = deliver(fixture.billing, "evt_1", "cus_0");
    await reached.promise;
    const second = deliver(fixture.billing, "evt_2", "cus_0");
    await turn();
    await turn();
    expect(fixture.billing.handleDeliveries.hasRoom).to.equal(false);
    expect((await fixture.store.inbox.find("evt_2"))?.state).to.equal("received");
    go.resolve();
    await Promise.all([first, second]);
    expect(fixture.payments.count("read")).to.equal(2);
  });

  it("P03 who waits for a handling hears at once that others wait for their turn", async () => {
    await addTenants(1);
    const go = Promise.withResolvers<void>();
    fixture.payments.before("read", () => go.promise);
    const { handleDeliveries } = fixture.billing;
    let isCrowded = false;
    const crowded = handleDeliveries.crowded.then(() => {
      isCrowded = true;
    });
    const first = deliver(fixture.billing, "evt_1", "cus_0");
    await turn();
    await turn();
    expect(isCrowded).to.equal(false);
    const second = deliver(fixture.billing, "evt_2", "cus_0");
    const third = deliver(fixture.billing, "evt_3", "cus_0");
    await crowded;
    go.resolve();
    await Promise.all([first, second, third]);
    expect(fixture.payments.count("read")).to.equal(2);
  });

  it("P08 all events of a failed look fail, each to be repeated in its own time", async () => {
    await addTenants(1);
    for (const id of ["evt_1", "evt_2"]) {
      await fixture.receive({ id, customerId: "cus_0" });
    }
    fixture.payments.before("read", () => Promise.reject(DOWN));
    const { handleStripeEvent } = fixture.billing;
    const outcomes = await handleStripeEvent.executeAll({
      events: ["evt_1", "evt_2", "evt_no"].map((eventId) => ({ eventId })),
    });
    expect(outcomes.map(({ type }) => type)).to.deep.equal(["settled", "settled", "not_claimed"]);
    expect(await states(["evt_1", "evt_2"])).to.deep.equal(new Set(["failed"]));
    expect(fixture.payments.count("read")).to.equal(1);
  });

  it("P06 events that are not ours, and those of nobody, end beside the others", async () => {
    await addTenants(1);
    await fixture.receive({ id: "evt_ours", customerId: "cus_0" });
    await fixture.receive({ id: "evt_live", customerId: "cus_0", livemode: true });
    await fixture.receive({ id: "evt_stranger", customerId: "cus_stranger" });
    const eventIds = ["evt_live", "evt_stranger", "evt_ours"];
    await fixture.billing.handleStripeEvent.executeAll({
      events: eventIds.map((eventId) => ({ eventId })),
    });
    const found = await Promise.all(eventIds.map((id) => fixture.store.inbox.find(id)));
    expect(found.map((event) => event?.state)).to.deep.equal(["ignored", "unmatched", "done"]);
  });

  it("P03 the worker leaves what waits for its turn here to its delivery", async () => {
    await addTenants(1);
    const go = Promise.withResolvers<void>();
    fixture.payments.before("read", () => go.promise);
    const waiting = ["evt_1", "evt_2"].map((id) => deliver(fixture.billing, id, "cus_0"));
    await turn();
    await turn();
    fixture.advance(1_000 * SETTINGS.eventFirstAttemptSeconds + 1);
    expect(await fixture.billing.handleDueEvents.execute({ limit: 9 })).to.deep.equal([]);
    go.resolve();
    await Promise.all(waiting);
    expect(await states(["evt_1", "evt_2"])).to.deep.equal(new Set(["done"]));
  });

  it("P10 an event that was stored as claimed is held until its lease is over", async () => {
    await fixture.addSubscriber();
    const claimed = async (id: string) => {
      const rawBody = new TextEncoder().encode(id);
      return await fixture.billing.receiveStripeEvent.execute({
        rawBody,
        signature: "genuine",
        claims: true,
      });
    };
    const first = await claimed("evt_1");
    const again = await claimed("evt_1");
    expect(first).to.include({ type: "stored", state: "processing" }).and.to.have.property("claim");
    expect(again).to.include({ type: "stored", state: "processing" });
    expect(again).not.to.have.property("claim");
    const { handleStripeEvent, handleDueEvents } = fixture.billing;
    expect(await handleStripeEvent.execute({ eventId: "evt_1" })).to.include({
      type: "not_claimed",
    });
    expect(await handleDueEvents.execute({ limit: 9 })).to.deep.equal([]);
    fixture.advance(1_000 * SETTINGS.eventLeaseSeconds);
    expect(await handleDueEvents.execute({ limit: 9 })).to.have.length(1);
    expect(await states(["evt_1"])).to.deep.equal(new Set(["done"]));
  });

  it("P10 a claim whose lease is over claims again, or leaves the event to others", async () => {
    await fixture.addSubscriber();
    const { receiveStripeEvent, handleStripeEvent } = fixture.billing;
    for (const [id, isTaken] of [
      ["evt_late", false],
      ["evt_taken", true],
    ] as const) {
      const rawBody = new TextEncoder().encode(id);
      const received = await receiveStripeEvent.execute({
        rawBody,
        signature: "genuine",
        claims: true,
      });
      const claim = received.type === "stored" ? received.claim : undefined;
      expect(claim, id).not.to.equal(undefined);
      fixture.advance(1_000 * SETTINGS.eventLeaseSeconds);
      if (isTaken) {
        await handleStripeEvent.execute({ eventId: id });
      }
      const late = await handleStripeEvent.execute({ eventId: id, ...(claim && { claim }) });
      expect(late.type, id).to.equal(isTaken ? "not_claimed" : "settled");
      const found = await fixture.store.inbox.find(id);
      expect(found).to.include({ state: "done", attempts: 2 });
    }
  });

  it("P03 what was not begun when the process ends stays due", async () => {
    const go = Promise.withResolvers<void>();
    const begun: string[] = [];
    const handleStripeEvent = {
      executeAll: async ({ events }: { events: readonly ClaimableEvent[] }) => {
        begun.push(...events.map(({ eventId }) => eventId));
        await go.promise;
        return events.map(() => ({ type: "not_claimed" }) as const);
      },
    };
    const pace = new LookPace({ eventRequestsPerSecond: 100 });
    const pool = new HandleDeliveries({ handleStripeEvent, pace }, { workerConcurrency: 2 });
    const all = ["a", "b", "c"].map((id) => pool.execute({ eventId: id, customerId: id }));
    await turn();
    const closed = pool.close();
    go.resolve();
    await closed;
    expect((await Promise.all(all)).map(({ type }) => type)).to.deep.equal(
      Array(3).fill("not_claimed"),
    );
    expect(begun).to.deep.equal(["a", "b"]);
    expect(await pool.execute({ eventId: "d", customerId: "d" })).to.deep.equal({
      type: "not_claimed",
    });
  });
});
