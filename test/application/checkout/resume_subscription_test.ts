import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleInvoice, sampleSubscription } from "../../samples/subscription.ts";

const PAGE = "https://pay.example/resume";

describe("ResumeSubscription", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    await fixture.addCustomer();
    truth("paused");
    fixture.payments.onResume = () => truth("active");
  });

  function truth(status: "paused" | "active", invoices = [sampleInvoice()]) {
    const subscriptions = [sampleSubscription({ status })];
    fixture.payments.setTruth("cus_one", { subscriptions, invoices });
  }

  function unpaid() {
    const open = sampleInvoice({ id: "in_two", status: "open", hostedUrl: PAGE });
    truth("paused", [open, sampleInvoice()]);
  }

  function resume(billing = fixture.billing) {
    return billing.resumeSubscription.execute({ tenantId: TENANT });
  }

  const active = { type: "running", status: "active" };

  it("P17 resumes it, and answers what a look finds then", async () => {
    expect(await resume()).to.deep.equal(active);
    expect(fixture.payments.resumptions).to.deep.equal([
      { subscriptionId: "sub_one", keepsPeriod: true },
    ]);
    expect((await fixture.account())?.subscription?.status).to.equal("active");
  });

  it("P17 is harmless twice: what runs is only told, what is open is led to", async () => {
    await resume();
    expect(await resume()).to.deep.equal(active);
    unpaid();
    const led = { type: "payment_required", url: PAGE };
    expect([await resume(), await resume()]).to.deep.equal([led, led]);
    expect(fixture.payments.resumptions).to.have.length(1);
  });

  it("P22 is one call for all that click at the same time, in every process", async () => {
    const held = fixture.payments.hold("resumeSubscription");
    const clicks = [resume(), resume(fixture.process())];
    await held.reached;
    held.release();
    expect(await Promise.all(clicks)).to.deep.equal([active, active]);
    expect(fixture.payments.resumptions).to.have.length(1);
    expect(new Set(fixture.payments.keys).size).to.equal(1);
  });

  it("P22 finds what a call has done whose answer was lost", async () => {
    const lost = new PortError("Cannot resume: no answer", { transient: true });
    fixture.payments.onResume = unpaid;
    fixture.payments.after("resumeSubscription", () => Promise.reject(lost));
    expect(await resume().catch((error: unknown) => error)).to.equal(lost);
    expect(await resume()).to.deep.equal({ type: "payment_required", url: PAGE });
    expect(fixture.payments.resumptions).to.have.length(1);
  });

  it("P22 takes another key where a failure is kept under the first", async () => {
    const kept = new PortError("Cannot resume: status 500", { transient: true, keySpent: true });
    fixture.payments.before("resumeSubscription", () => Promise.reject(kept));
    expect(await resume()).to.deep.equal(active);
    expect(new Set(fixture.payments.keys).size).to.equal(2);
  });

  it("P22 takes another key where an answer of before is repeated", async () => {
    await resume();
    truth("paused");
    expect(await resume()).to.deep.equal(active);
    expect(fixture.payments.resumptions).to.have.length(2);
  });

  it("looks again where Stripe refuses, and says so only where nothing has changed", async () => {
    const refused = new PortError("Cannot resume: refused", { transient: false });
    fixture.payments.before("resumeSubscription", () => {
      unpaid();
      throw refused;
    });
    expect(await resume()).to.deep.equal({ type: "payment_required", url: PAGE });
    truth("paused");
    for (const _ of [1, 2]) {
      fixture.payments.before("resumeSubscription", () => Promise.reject(refused));
    }
    expect(await resume().catch((error: unknown) => error)).to.equal(refused);
  });

  it("ends with a transient failure where it stays paused for no reason", async () => {
    fixture.payments.onResume = () => undefined;
    const failure = await resume().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(PortError).and.to.have.property("transient", true);
  });

  it("P17 does the same where a plan is chosen meanwhile, and goes on to the change", async () => {
    const wish = {
      tenantId: TENANT,
      successUrl: "https://app.example.com/ok?id={CHECKOUT_SESSION_ID}",
      cancelUrl: "https://app.example.com/no",
    };
    const start = (planSlug: string) =>
      fixture.billing.startCheckout.execute({ ...wish, planSlug });
    expect(await start("pro")).to.deep.equal({
      type: "portal",
      url: "https://app.example.com/ok?id=",
      purpose: "resumed",
      change: null,
    });
    truth("paused");
    expect(await start("business")).to.include({ type: "portal", purpose: "confirm_change" });
    unpaid();
    expect(await start("business")).to.deep.equal({
      type: "portal",
      url: PAGE,
      purpose: "pay_invoice",
      change: null,
    });
    const byEmail = sampleSubscription({ status: "paused", collectionMethod: "send_invoice" });
    fixture.payments.setTruth("cus_one", { subscriptions: [byEmail] });
    expect(await start("pro")).to.deep.equal({ type: "unchangeable", limit: "invoiced_by_email" });
    expect(fixture.payments.count("createCheckout")).to.equal(0);
  });
});
