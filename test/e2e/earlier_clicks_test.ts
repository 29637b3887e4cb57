import { expect } from "chai";
import { useStarted } from "../rig/started_billing.ts";

/** What an earlier click has left at Stripe, and what this one comes to. */
describe("A click on buy never fails because of something that happened before", () => {
  const billing = useStarted();

  async function fail(route: string, fault: object): Promise<void> {
    const { status, body } = await billing.control("/faults", { route, times: 1, ...fault });
    expect(status, JSON.stringify(body)).to.equal(200);
  }

  async function buys(choice: { planSlug: string; interval?: "month" | "year" }): Promise<string> {
    const { status, body } = await billing.choose(choice);
    expect([status, body.mode], JSON.stringify(body)).to.deep.equal([200, "checkout"]);
    return body.url;
  }

  async function open() {
    const { data } = await billing.stripe.checkout.sessions.list({ status: "open" });
    return data;
  }

  for (const route of ["POST /v1/customers", "POST /v1/checkout/sessions"]) {
    it(`P22 a server error that Stripe kept of ${route}`, async () => {
      await fail(route, { status: 500 });
      await buys({ planSlug: "pro" });
      await buys({ planSlug: "pro" });
      expect(await open()).to.have.length(1);
      expect((await billing.stripe.customers.list()).data).to.have.length(1);
    });
  }

  it("P18 an open Checkout of another price, another currency, another plan", async () => {
    await buys({ planSlug: "pro" });
    const [{ id: tenantsOwn } = { id: "" }] = (await billing.stripe.customers.list()).data;
    const dollars = await billing.stripe.prices.create({
      currency: "usd",
      unit_amount: 500,
      recurring: { interval: "month" },
      product_data: { name: "Pro as it was sold in dollars" },
    });
    const before = await billing.stripe.checkout.sessions.list({ status: "open" });
    await billing.stripe.checkout.sessions.expire(String(before.data[0]?.id));
    await billing.stripe.checkout.sessions.create({
      mode: "subscription",
      customer: tenantsOwn,
      success_url: billing.sandbox.url,
      line_items: [{ price: dollars.id, quantity: 1 }],
      metadata: { tenantId: billing.tenantId, attempt: "1" },
    });
    for (const planSlug of ["pro", "business", "pro"]) {
      await buys({ planSlug });
      expect(await open()).to.have.length(1);
    }
    await buys({ planSlug: "pro", interval: "year" });
    expect(await open()).to.have.length(1);
  });

  it("P16 a customer that was deleted at Stripe", async () => {
    await buys({ planSlug: "pro" });
    const [customer] = (await billing.stripe.customers.list()).data;
    await billing.stripe.customers.del(String(customer?.id));
    await billing.sandbox.settled();
    await buys({ planSlug: "pro" });
    expect((await open()).filter((one) => one.customer !== customer?.id)).to.have.length(1);
  });
});
