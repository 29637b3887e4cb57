import { expect } from "chai";
import { OpenCheckout } from "../../../src/application/checkout/open_checkout.ts";
import { ProvideCustomer } from "../../../src/application/checkout/provide_customer.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { sampleAccountSubscription, TENANT } from "../../samples/account.ts";
import { NO_PAPERWORK } from "../../samples/catalog.ts";

const LOST = new PortError("Cannot create: status 500", { transient: true, keySpent: true });

describe("OpenCheckout", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    await fixture.addCustomer();
  });

  /** Opens a Checkout; `meanwhile` happens once the customer is at hand. */
  function open(trialDays: number | null = null, meanwhile?: () => Promise<unknown>) {
    const { store, payments, billing } = fixture;
    const accounts = store.accounts;
    const provideCustomer = new ProvideCustomer({ accounts, payments, clock: () => fixture.now });
    const provide = provideCustomer.execute.bind(provideCustomer);
    provideCustomer.execute = async (command) => {
      const customerId = await provide(command);
      await meanwhile?.();
      meanwhile = undefined;
      return customerId;
    };
    const openCheckout = new OpenCheckout({
      accounts,
      payments,
      synchronizeTenant: billing.synchronizeTenant,
      provideCustomer,
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
      paperwork: NO_PAPERWORK,
    });
  }

  it("P22 uses the session of its attempt that a call left whose failure is kept", async () => {
    fixture.payments.after("createCheckout", () => Promise.reject(LOST));
    expect(await open()).to.deep.equal({ type: "started", url: "https://pay.example/cs_1" });
    expect(fixture.payments.checkouts).to.have.length(1);
  });

  it("P22 makes another where an earlier release sent other parameters", async () => {
    await open();
    fixture.payments.rememberOtherParameters();
    expect(await open()).to.deep.equal({ type: "started", url: "https://pay.example/cs_2" });
    expect(fixture.payments.checkouts.map(({ state }) => state)).to.deep.equal(["expired", "open"]);
  });

  it("P22 asks again under another key where Stripe repeats what it refused before", async () => {
    const replayed = { transient: false, replayed: true };
    fixture.payments.before("createCheckout", () =>
      Promise.reject(new PortError("Cannot create: refused", replayed)),
    );
    expect(await open()).to.deep.equal({ type: "started", url: "https://pay.example/cs_1" });
    expect(new Set(fixture.payments.keys).size).to.equal(2);
  });

  it("P22 is no failure again where Stripe repeats a failure that nobody has heard of", async () => {
    const kept = new PortError("Cannot create: status 500", { transient: true, replayed: true });
    fixture.payments.before("createCheckout", () => Promise.reject(kept));
    expect(await open()).to.deep.equal({ type: "started", url: "https://pay.example/cs_1" });
    expect(new Set(fixture.payments.keys).size).to.equal(2);
  });

  it("P18 closes the one that is open before it makes another", async () => {
    const { payments } = fixture;
    await open();
    let openMeanwhile: unknown;
    payments.before("createCheckout", async () => {
      openMeanwhile = await payments.openCheckouts("cus_one");
    });
    await open(14);
    expect(openMeanwhile).to.deep.equal([]);
  });

  it("P17 opens none for a tenant that has a subscription", async () => {
    await fixture.save({ subscription: sampleAccountSubscription() });
    expect(await open()).to.deep.equal({ type: "subscribed" });
    expect(fixture.payments.checkouts).to.deep.equal([]);
  });

  it("P16 makes no second customer when the first is deleted meanwhile", async () => {
    const { payments, store, billing } = fixture;
    // Stripe's search does not know customers of the last minute.
    payments.findCustomer = async () => undefined;
    const held = payments.hold("createCustomer");
    let other: Promise<string> | undefined;
    const opened = await open(null, async () => {
      payments.customers.set("cus_one", { tenantId: TENANT, deleted: true });
      await billing.synchronizeTenant.look({ tenantId: TENANT });
      const another = new ProvideCustomer({
        accounts: store.accounts,
        payments,
        clock: () => fixture.now,
      });
      other = another.execute({ tenantId: TENANT });
      await held.reached;
      held.release();
    });
    expect(opened.type).to.equal("started");
    expect(await other).to.equal("cus_2");
    expect([...payments.customers.keys()]).to.deep.equal(["cus_one", "cus_2"]);
    expect(payments.checkouts.map(({ request }) => request.customerId)).to.deep.equal(["cus_2"]);
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
