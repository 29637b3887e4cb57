import { expect } from "chai";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import { TenantEndedError } from "../../src/application/ports/tenant_ended_error.ts";
import { withoutChance } from "./chance.ts";
import { live } from "./live.ts";
import { TENANTS, type Template, tolerant, World } from "./world.ts";

const [tenantId] = TENANTS;
const GOOD = "4242424242424242";
const HALF_MONTH_HOURS = 24 * 14;
const WISH = { when: "now", refund: true, redact: "delete" } as const;
const SETTINGS = { enabled: true, belowTokens: 1, packSlug: "growth", maxPerMonth: 1 };
const LATER = { successUrl: "https://app.example.com/a", cancelUrl: "https://app.example.com/b" };

describe("Ending a tenant", () => {
  let template: Template;

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  /** A tenant that has paid for half a month, with a Checkout of a pack that is open. */
  async function begin(seed: number): Promise<World> {
    const world = await World.begin(template, seed);
    await live(world, { do: "buy", who: 0, plan: "pro", interval: "month", card: GOOD });
    const billing = world.process(0);
    await billing.synchronizeTenant.execute({ tenantId });
    await billing.changeAutoTopUp.execute({ tenantId, ...SETTINGS });
    await billing.startPackCheckout.execute({ tenantId, packSlug: "growth", ...LATER });
    await live(world, { do: "wait", hours: HALF_MONTH_HOURS });
    return world;
  }

  async function ended(world: World): Promise<object> {
    const { state } = world.provider;
    const billing = world.process(0);
    const refusals: string[] = [];
    for (const work of [
      () => billing.consumeEmailQuota.execute({ tenantId, count: 1, whenStoreFails: "open" }),
      () => billing.spendTokens.execute({ tenantId, key: "after", tokens: 1 }),
      () => billing.reserveTokens.execute({ tenantId, key: "hold", tokens: 1 }),
      () => billing.startPackCheckout.execute({ tenantId, packSlug: "growth", ...LATER }),
      () => billing.changeAutoTopUp.execute({ tenantId, ...SETTINGS }),
      () =>
        billing.startCheckout.execute({ tenantId, planSlug: "pro", interval: "month", ...LATER }),
    ]) {
      refusals.push(
        await work().then(
          ({ type }) => type,
          (error) => (error instanceof TenantEndedError ? "ended" : String(error)),
        ),
      );
    }
    return {
      refusals,
      subscriptions: [...state.subscriptions.values()].map(({ status }) => status),
      checkouts: [...state.checkoutSessions.values()].map(({ status }) => status),
      refunds: [...state.refunds.values()].map(({ amount }) => amount),
      customers: state.customers.size,
      audited: (await world.store.audit.list(tenantId, { limit: 100 })).filter(({ fields }) =>
        fields.some(({ field, before }) => field === "ending.at" && before === null),
      ).length,
      topUp: (await world.store.topUps.find(tenantId))?.enabled,
    };
  }

  const AFTER = {
    refusals: ["ended", "ended", "ended", "ended", "ended", "ended"],
    subscriptions: ["canceled"],
    checkouts: ["complete", "expired"],
    customers: 0,
    audited: 1,
    topUp: false,
  };

  it("P44 cancels, closes, gives the unused share back, removes the customer, and refuses the rest", async () => {
    await withoutChance(1, async () => {
      const world = await begin(1);
      const dry = await world.process(0).endTenant.execute({ tenantId, ...WISH, dryRun: true });
      expect((await world.store.accounts.find(tenantId))?.ending).to.equal(null);
      const outcome = await world.process(0).endTenant.execute({ tenantId, ...WISH });
      expect(outcome).to.deep.include({ type: "ended", refundProblem: null });
      expect(dry.type === "ended" && dry.subscriptionIds).to.have.length(1);
      const after = await ended(world);
      const [refund] = [...world.provider.state.refunds.values()];
      expect(after).to.deep.equal({ ...AFTER, refunds: [refund?.amount] });
      const price = [...world.provider.state.invoices.values()][0]?.total ?? 0;
      expect((refund?.amount ?? 0) / price).to.be.within(0.54, 0.56);
      await world.process(0).endTenant.execute({ tenantId, ...WISH });
      expect(await ended(world), "twice").to.deep.equal(after);
      await world.store.close();
    });
  });

  it("P44 comes to the same after a crash at any call, once it is asked for again", async () => {
    let crashes = 0;
    for (let call = 1; call < 200; call += 1) {
      const hasCrashed = await withoutChance(2, () => crashAt(call));
      if (!hasCrashed) {
        break;
      }
      crashes += 1;
    }
    expect(crashes).to.be.within(20, 150);
  });

  /** Ends the tenant in a process that dies at its n-th call; returns whether it did. */
  async function crashAt(call: number): Promise<boolean> {
    const world = await begin(2);
    const from = world.disturbance.calls.length;
    world.disturbance.onCall = (calls) => {
      if (calls === from + call) {
        world.crash(0);
      }
    };
    const outcome = await tolerant(() => world.process(0).endTenant.execute({ tenantId, ...WISH }));
    world.disturbance.onCall = () => undefined;
    if (outcome === undefined) {
      await world.process(0).endTenant.execute({ tenantId, ...WISH });
    }
    const after = await ended(world);
    const refunds = [...world.provider.state.refunds.values()].map(({ amount }) => amount);
    expect(after, `call ${call}`).to.deep.equal({ ...AFTER, refunds });
    expect(refunds, `call ${call}`).to.have.length(1);
    await world.store.close();
    return outcome === undefined;
  }

  it("P44 with the period, everything goes on until then, and ends by itself", async () => {
    await withoutChance(3, async () => {
      const world = await begin(3);
      const billing = world.process(0);
      const wish = { when: "period_end", refund: false, redact: null } as const;
      const outcome = await billing.endTenant.execute({ tenantId, ...wish });
      expect(outcome.type === "ended" && outcome.ending.at > world.now).to.equal(true);
      const send = await billing.consumeEmailQuota.execute({ tenantId, count: 1 });
      expect(send.type).to.equal("counted");
      const spend = await billing.spendTokens.execute({ tenantId, key: "before", tokens: 1 });
      expect(spend.type).to.equal("recorded");
      await live(world, { do: "wait", hours: 24 * 20 });
      expect(await ended(world)).to.deep.include({
        refusals: AFTER.refusals,
        subscriptions: ["canceled"],
        refunds: [],
        customers: 1,
      });
      await world.store.close();
    });
  });

  it("P44 what is paid afterwards grants nothing, and a tenant that nobody knows is not ended", async () => {
    await withoutChance(4, async () => {
      const world = await begin(4);
      const billing = world.process(0);
      const wish = { when: "now", refund: false, redact: null } as const;
      expect(await billing.endTenant.execute({ tenantId: "clnobody01", ...wish })).to.deep.equal({
        type: "unknown",
      });
      await billing.endTenant.execute({ tenantId, ...wish });
      const before = (await world.store.ledger.last(tenantId))?.seq;
      for (const event of [...world.mail]) {
        await world.deliver(event, 0);
      }
      await billing.synchronizeTenant.execute({ tenantId, reversals: true });
      expect((await world.store.ledger.last(tenantId))?.seq).to.equal(before);
      await world.store.close();
    });
  });
});
