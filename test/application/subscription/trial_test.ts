import { expect } from "chai";
import type { SnapshotSubscription } from "../../../src/domain/subscription/customer_snapshot.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleCatalog, samplePlan } from "../../samples/catalog.ts";
import { at } from "../../samples/dates.ts";
import { sampleSubscription } from "../../samples/subscription.ts";

describe("StartCheckout: trials", () => {
  let fixture: BillingFixture;

  beforeEach(async () => {
    const plans = [
      samplePlan("free", 1),
      samplePlan("pro", 3, { trialDays: 14 }),
      samplePlan("business", 4),
    ];
    fixture = await BillingFixture.open({ catalog: sampleCatalog(plans) });
  });
  afterEach(() => fixture.close());

  async function trialOf(planSlug: string): Promise<number | null | undefined> {
    const outcome = await fixture.billing.startCheckout.execute({
      tenantId: TENANT,
      planSlug,
      successUrl: "https://app.example.com/ok",
      cancelUrl: "https://app.example.com/no",
    });
    expect(outcome.type).to.equal("started");
    return fixture.payments.checkouts.at(-1)?.request.trialDays;
  }

  async function past(changes: Partial<SnapshotSubscription>): Promise<void> {
    await fixture.addCustomer();
    const ended = sampleSubscription({ status: "canceled", endedAt: at("2026-02-01"), ...changes });
    fixture.payments.setTruth("cus_one", { subscriptions: [ended] });
  }

  it("gives a tenant's first subscription the trial of its plan", async () => {
    expect(await trialOf("pro")).to.equal(14);
  });

  it("gives none with a plan that has none", async () => {
    expect(await trialOf("business")).to.equal(null);
  });

  it("gives none to a tenant that had one, whatever became of it", async () => {
    await past({ trialEnd: at("2026-01-20") });
    expect(await trialOf("pro")).to.equal(null);
    await past({ status: "incomplete_expired", trialEnd: at("2026-01-20") });
    expect(await trialOf("pro")).to.equal(null);
  });

  it("gives one to a tenant that paid before without a trial", async () => {
    await past({ trialEnd: null });
    expect(await trialOf("pro")).to.equal(14);
  });

  it("does not count trials of other products of the same customer", async () => {
    await past({ trialEnd: at("2026-01-20"), tenantId: null });
    expect(await trialOf("pro")).to.equal(14);
  });

  it("offers the same Checkout again with the same trial", async () => {
    await trialOf("pro");
    await trialOf("pro");
    expect(fixture.payments.checkouts).to.have.length(1);
  });
});
