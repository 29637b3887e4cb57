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

describe("CurrentEmailQuota", () => {
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
    return fixture.billing.currentEmailQuota.execute({ tenantId: TENANT });
  }

  it("P33 decides the quota anew, without asking the provider", async () => {
    expect((await current()).usage).to.deep.include({ limit: 3_000, used: 0 });
    expect(fixture.payments.count("read")).to.equal(0);
  });

  it("P37 lets a send find the renewal that no webhook told of", async () => {
    const send = (count: number) =>
      fixture.billing.consumeEmailQuota.execute({ tenantId: TENANT, count });
    await send(3_300);
    expect((await send(1)).type).to.equal("exceeded");
    renewUnheard();
    expect((await send(1)).type).to.equal("counted");
    expect((await current()).usage.period).to.deep.equal(april);
    expect(fixture.payments.count("read")).to.equal(1);
  });
});
