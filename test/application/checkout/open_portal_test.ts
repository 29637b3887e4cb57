import { expect } from "chai";
import type { OpenPortalCommand } from "../../../src/application/checkout/open_portal.ts";
import { SUBSCRIPTION_STATUSES } from "../../../src/domain/subscription/subscription.ts";
import { SETTINGS, useBilling } from "../../rig/billing_fixture.ts";
import { sampleAccountSubscription, TENANT } from "../../samples/account.ts";

describe("OpenPortal", () => {
  const fixture = useBilling();

  function open(changes: Partial<OpenPortalCommand> = {}) {
    return fixture.billing.openPortal.execute({ tenantId: TENANT, ...changes });
  }

  it("P20 opens the catalogue's Portal and returns to the dashboard", async () => {
    await fixture.addCustomer();
    expect(await open()).to.deep.equal({ type: "opened", url: "https://portal.example/1" });
    expect(fixture.payments.portals).to.deep.equal([
      {
        customerId: "cus_one",
        configurationId: "bpc_sample",
        returnUrl: SETTINGS.dashboardUrl,
        flow: null,
      },
    ]);
  });

  it("P20 returns where the tenant wants, within the allowed origins", async () => {
    await fixture.addCustomer();
    const returnUrl = "https://app.example.com/plans";
    await open({ returnUrl });
    expect(fixture.payments.portals[0]?.returnUrl).to.equal(returnUrl);
    const refused = await open({ returnUrl: "https://app.example.com@evil.example" });
    expect(refused).to.deep.equal({
      type: "invalid_redirect",
      problems: [{ field: "returnUrl", problem: "must not carry a user name or password" }],
    });
    expect(fixture.payments.portals).to.have.length(1);
  });

  it("P16 has no Portal for a tenant without a customer", async () => {
    expect(await open()).to.deep.equal({ type: "no_customer" });
    await fixture.save({ customerId: null });
    expect(await open()).to.deep.equal({ type: "no_customer" });
  });

  it("P35 opens the tenant's own customer only", async () => {
    await fixture.addCustomer();
    await fixture.addCustomer("cus_two", "tenant_two");
    await open({ tenantId: "tenant_two" });
    expect(fixture.payments.portals.map(({ customerId }) => customerId)).to.deep.equal(["cus_two"]);
  });

  it("P17 leads to the payment method, with or without a subscription", async () => {
    await fixture.addCustomer();
    const returnUrl = "https://app.example.com/plans";
    expect((await open({ flow: "payment_method_update", returnUrl })).type).to.equal("opened");
    const [portal] = fixture.payments.portals;
    expect(portal?.flow).to.deep.equal({ type: "payment_method_update" });
    expect(portal?.completedUrl, "a task leads back once it is done").to.equal(returnUrl);
  });

  const ended = ["canceled", "incomplete_expired"];
  for (const status of SUBSCRIPTION_STATUSES) {
    const does = ended.includes(status) ? "has nothing to cancel" : "cancels";
    it(`P13 ${does} while ${status}`, async () => {
      await fixture.addCustomer();
      await fixture.save({ subscription: sampleAccountSubscription({ status }) });
      const outcome = await open({ flow: "subscription_cancel" });
      const flows = fixture.payments.portals.map(({ flow }) => flow);
      if (ended.includes(status)) {
        expect(outcome).to.deep.equal({ type: "no_subscription" });
        expect(flows).to.deep.equal([]);
      } else {
        expect(outcome.type).to.equal("opened");
        const flow = { type: "subscription_cancel", subscriptionId: "sub_one" };
        expect(flows).to.deep.equal([flow]);
      }
    });
  }

  it("P13 has nothing to cancel without a subscription", async () => {
    await fixture.addCustomer();
    expect(await open({ flow: "subscription_cancel" })).to.deep.equal({ type: "no_subscription" });
  });
});
