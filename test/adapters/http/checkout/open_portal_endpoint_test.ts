import { expect } from "chai";
import { subscribe, useService } from "../../../rig/service_rig.ts";
import { CHECKOUT, ORIGIN, subscriptionOf } from "../../../samples/http.ts";

describe("POST /billing/portal", () => {
  const service = useService();

  async function openedPortal(body?: unknown) {
    await service.send("/billing/checkout", { body: CHECKOUT });
    return await service.send("/billing/portal", { method: "POST", body });
  }

  it("answers 409 before the tenant's first checkout", async () => {
    const { status, body } = await service.send("/billing/portal", { method: "POST" });
    expect([status, body.code]).to.deep.equal([409, "no_customer"]);
  });

  for (const body of [undefined, {}, ""]) {
    it(`returns to the dashboard when the body is ${JSON.stringify(body)}`, async () => {
      const received = await openedPortal(body);
      expect(received.status).to.equal(200);
      expect(received.body).to.deep.equal({ url: "https://portal.example/1" });
      expect(service.payments.portals[0]).to.deep.include({
        customerId: "cus_1",
        returnUrl: `${ORIGIN}/dashboard/billing`,
        flow: null,
      });
    });
  }

  it("opens the task that was asked for and returns where it was told to", async () => {
    const returnUrl = `${ORIGIN}/back`;
    const { status } = await openedPortal({ flow: "payment_method_update", returnUrl });
    expect(status).to.equal(200);
    const flow = { type: "payment_method_update" };
    expect(service.payments.portals[0]).to.deep.include({ returnUrl, flow });
  });

  it("answers 409 when there is nothing to cancel, and opens it when there is", async () => {
    const body = { flow: "subscription_cancel" };
    const nothing = await openedPortal(body);
    expect([nothing.status, nothing.body.code]).to.deep.equal([409, "no_subscription"]);
    subscribe(service, subscriptionOf("active"));
    expect((await openedPortal(body)).status).to.equal(200);
  });

  it("P20 refuses a return URL elsewhere", async () => {
    const { status, body } = await openedPortal({ returnUrl: "https://evil.example/" });
    expect([status, body.code]).to.deep.equal([400, "invalid_redirect"]);
    expect(body).to.have.nested.property("details[0].field", "returnUrl");
  });

  for (const body of [{ flow: "subscription_update" }, { customer: "cus_2" }, []]) {
    it(`refuses the body ${JSON.stringify(body)}`, async () => {
      const received = await openedPortal(body);
      expect([received.status, received.body.code]).to.deep.equal([400, "invalid_body"]);
    });
  }
});
