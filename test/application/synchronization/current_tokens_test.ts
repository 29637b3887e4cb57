import { expect } from "chai";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { paidStanding, sampleAccountSubscription, TENANT } from "../../samples/account.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import {
  sampleInvoice,
  sampleItem,
  sampleLine,
  sampleSubscription,
} from "../../samples/subscription.ts";

const april = monthsFrom("2026-04-10");

describe("CurrentTokens", () => {
  let fixture: BillingFixture;

  beforeEach(async () => {
    fixture = await BillingFixture.open();
    await fixture.addCustomer();
    await fixture.save({
      subscription: sampleAccountSubscription(),
      standing: paidStanding(monthsFrom("2026-03-10")),
    });
  });
  afterEach(() => fixture.close());

  /** The renewal is paid at the provider, and nobody has told us. */
  function renewUnheard(): void {
    fixture.payments.setTruth("cus_one", {
      subscriptions: [sampleSubscription({ items: [sampleItem("pro", { period: april })] })],
      invoices: [
        sampleInvoice({ id: "in_two", lines: [sampleLine("pro", april)] }),
        sampleInvoice(),
      ],
    });
    fixture.now = at("2026-04-10T01:00:00Z");
  }

  function current() {
    return fixture.billing.currentTokens.execute({ tenantId: TENANT });
  }

  it("P26 begins a month that nobody has noticed, without asking the provider", async () => {
    expect((await current()).balance.monthly).to.equal(300);
    expect(fixture.payments.count("read")).to.equal(0);
  });

  it("P37 finds a renewal that no webhook told of, before it answers", async () => {
    await current();
    const spend = { tenantId: TENANT, key: "all", tokens: 300 };
    await fixture.billing.spendTokens.execute(spend);
    renewUnheard();
    const { month, balance } = await current();
    expect([month?.start, balance.monthly]).to.deep.equal([april.start, 300]);
    expect(fixture.payments.count("read")).to.equal(1);
  });

  it("P37 lets a spend find the renewal that it needs", async () => {
    await fixture.billing.spendTokens.execute({ tenantId: TENANT, key: "all", tokens: 300 });
    renewUnheard();
    const next = { tenantId: TENANT, key: "next", tokens: 300 };
    expect((await fixture.billing.spendTokens.execute(next)).type).to.equal("recorded");
  });
});
