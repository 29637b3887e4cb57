import { expect } from "chai";
import { subscribe, useService } from "../../../rig/service_rig.ts";
import { CHECKOUT, subscriptionOf } from "../../../samples/http.ts";
import { sampleInvoice } from "../../../samples/subscription.ts";

describe("POST /billing/subscription/resume", () => {
  const service = useService();
  const paused = { ...subscriptionOf("paused"), cancelAt: null };

  beforeEach(async () => {
    await service.send("/billing/checkout", { body: CHECKOUT });
  });

  async function resume() {
    const { status, body } = await service.send("/billing/subscription/resume", { method: "POST" });
    return [status, body.code ?? body];
  }

  it("P17 answers the status, and is harmless where it runs already", async () => {
    subscribe(service, paused);
    service.payments.onResume = () => subscribe(service, { ...paused, status: "active" });
    expect(await resume()).to.deep.equal([200, { status: "active" }]);
    expect(await resume()).to.deep.equal([200, { status: "active" }]);
    expect(service.payments.resumptions).to.have.length(1);
  });

  it("P17 answers the page of the invoice that has to be paid first", async () => {
    const url = "https://pay.example/open";
    const invoice = sampleInvoice({ status: "open", hostedUrl: url });
    const subscriptions = [paused];
    service.payments.setTruth("cus_1", { subscriptions, invoices: [invoice] });
    expect(await resume()).to.deep.equal([200, { url }]);
  });

  it("P17 answers 422 for invoices by e-mail, and 409 where there is no subscription", async () => {
    expect(await resume()).to.deep.equal([409, "no_subscription"]);
    subscribe(service, { ...paused, collectionMethod: "send_invoice" });
    expect(await resume()).to.deep.equal([422, "invoiced_by_email"]);
    expect(service.payments.resumptions).to.deep.equal([]);
  });

  it("GET /billing/subscription says whether it can be resumed", async () => {
    const resumable = async () => {
      await service.billing.synchronizeTenant.look({ tenantId: "clacme0001" });
      return (await service.send("/billing/subscription")).body.resumable;
    };
    subscribe(service, paused);
    expect(await resumable()).to.equal(true);
    subscribe(service, { ...paused, collectionMethod: "send_invoice" });
    expect(await resumable()).to.equal(false);
    subscribe(service, { ...paused, status: "active" });
    expect(await resumable()).to.equal(false);
  });
});
