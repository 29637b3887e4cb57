import { expect } from "chai";
import { OpenCheckout } from "../../src/application/open_checkout.ts";
import { PortError } from "../../src/application/ports/port_error.ts";
import { ProvideCustomer } from "../../src/application/provide_customer.ts";
import { sampleAccountSubscription, TENANT } from "../domain/sample_subscription.ts";
import { BillingFixture } from "./billing_fixture.ts";

const LOST = new PortError("Cannot create: status 500", { transient: true, keySpent: true });

describe("OpenCheckout", () => {
  let fixture: BillingFixture;

  beforeEach(async () => {
    fixture = await BillingFixture.open();
    await fixture.addCustomer();
  });
  afterEach(() => fixture.close());

  function open(trialDays: number | null = null) {
    const { store, payments, billing } = fixture;
    const accounts = store.accounts;
    const openCheckout = new OpenCheckout({
      accounts,
      payments,
      syncSubscription: billing.syncSubscription,
      provideCustomer: new ProvideCustomer({ accounts, payments }),
      clock: () => fixture.now,
    });
    return openCheckout.execute({
      tenantId: TENANT,
      wish: {
        planSlug: "pro",
        interval: "month",
        priceId: "price_pro_month",
        successUrl: "https://app.example.com/ok",
        cancelUrl: "https://app.example.com/no",
        trialDays,
      },
    });
  }

  it("P22 uses the session of its attempt that a call left whose failure is kept", async () => {
    fixture.payments.after("createCheckout", () => Promise.reject(LOST));
    expect(await open()).to.deep.equal({ type: "started", url: "https://pay.example/cs_1" });
    expect(fixture.payments.checkouts).to.have.length(1);
  });

  it("P17 opens none for a tenant that has a subscription", async () => {
    await fixture.save({ subscription: sampleAccountSubscription() });
    expect(await open()).to.deep.equal({ type: "subscribed" });
    expect(fixture.payments.checkouts).to.deep.equal([]);
  });

  it("P18 replaces an open one that has another trial", async () => {
    await open();
    await open(14);
    expect(
      fixture.payments.checkouts.map(({ state, request }) => [state, request.trialDays]),
    ).to.deep.equal([
      ["expired", null],
      ["open", 14],
    ]);
  });
});
