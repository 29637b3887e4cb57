import { expect } from "chai";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import { live } from "./live.ts";
import { type Template, World } from "./world.ts";

const CARD = "4242424242424242";
const LOOK = 2;

describe("Requests to Stripe that a burst of events costs", () => {
  let template: Template;

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  /** A world whose subscription has just been renewed and paid for; nothing is delivered yet. */
  async function renewed(): Promise<World> {
    const world = await World.begin(template, 1);
    await live(world, { do: "buy", who: 0, plan: "pro", interval: "month", card: CARD });
    for (const event of [...world.mail]) {
      await world.deliver(event, 0);
    }
    await live(world, { do: "wait", hours: 32 * 24 });
    return world;
  }

  it("P09 a renewal delivered all at once costs at most two looks, duplicates included", async () => {
    const world = await renewed();
    const burst = [...world.mail];
    expect(burst.length).to.be.at.least(6);
    const before = world.disturbance.requests;
    await Promise.all([...burst, ...burst].map((event) => world.deliver(event, 0)));
    const requests = world.disturbance.requests - before;
    await world.store.close();
    expect(requests).to.be.at.most(2 * LOOK);
  });

  it("P09 a renewal delivered one by one costs a look for each event that matters", async () => {
    const world = await renewed();
    const burst = [...world.mail];
    const before = world.disturbance.requests;
    for (const event of burst) {
      await world.deliver(event, 0);
    }
    const requests = world.disturbance.requests - before;
    await world.store.close();
    expect(requests).to.equal(2 * LOOK);
  });

  it("P04 an event that is finished costs nothing when it comes again", async () => {
    const world = await renewed();
    const burst = [...world.mail];
    await Promise.all(burst.map((event) => world.deliver(event, 0)));
    const before = world.disturbance.requests;
    await Promise.all(burst.map((event) => world.deliver(event, 1)));
    const requests = world.disturbance.requests - before;
    await world.store.close();
    expect(requests).to.equal(0);
  });

  it("P37 a comparison costs a request for each hundred objects of a list, and three for each look", async () => {
    const world = await renewed();
    const { reconcile } = world.process(0);
    await reconcile.execute({});
    await live(world, { do: "wait", hours: 1 });
    const count = async (command: { thorough?: boolean }) => {
      const before = world.disturbance.requests;
      const outcome = await reconcile.execute(command);
      expect(outcome).to.deep.include({ tenants: 1, drifted: 0, failed: 0 });
      return world.disturbance.requests - before;
    };
    const lists = {
      customers: 1,
      subscriptions: 1,
      "invoices of a month, drafts, open and uncollectible ones": 4,
      Checkouts: 1,
      "payments that have begun or failed": 1,
      "refunds and disputes": 2,
      "payments of a month: invoices, Checkouts, charges": 3,
      "undelivered events": 2,
      endpoints: 1,
    };
    const listed = Object.values(lists).reduce((sum, requests) => sum + requests, 0);
    const [quiet, thorough] = [await count({}), await count({ thorough: true })];
    await world.store.close();
    expect([quiet, thorough]).to.deep.equal([listed, listed + 3]);
  });
});
