import { expect } from "chai";
import { Stripe } from "stripe";
import { submit, visit } from "./browser.ts";
import { eventsOf } from "./plans.ts";
import { type Rig, refusal, startRig, stopRigs } from "./rig.ts";

const SET_UP = ["setup_intent.created", "payment_method.attached", "setup_intent.succeeded"];
const BACK = "https://app.example.com/saved";

// docs.stripe.com/payments/setupintents/lifecycle; stripe-node SetupIntent; docs.stripe.com/testing.
describe("sandbox setup intents", () => {
  afterEach(stopRigs);

  it("save a card for later, at once or step by step", async () => {
    const { rig, customer } = await ready();
    const { stripe } = rig;
    let intent: Stripe.SetupIntent | undefined;
    const events = await eventsOf(rig, async () => {
      intent = await stripe.setupIntents.create({
        customer,
        payment_method: "pm_card_visa",
        confirm: true,
        metadata: { tenantId: "tnt_01" },
      });
    });
    expect(events).to.deep.equal(SET_UP);
    expect(intent).to.deep.include({
      status: "succeeded",
      usage: "off_session",
      last_setup_error: null,
      metadata: { tenantId: "tnt_01" },
    });
    const saved = await stripe.paymentMethods.retrieve(String(intent?.payment_method));
    expect(saved.customer).to.equal(customer);
    const { id } = await stripe.setupIntents.create({ customer, description: "Slowly" });
    expect((await stripe.setupIntents.retrieve(id)).status).to.equal("requires_payment_method");
    const early = await refusal(stripe.setupIntents.confirm(id));
    expect(early.code).to.equal("setup_intent_unexpected_state");
    const chosen = await stripe.setupIntents.update(id, { payment_method: "pm_card_amex" });
    expect(chosen.status).to.equal("requires_confirmation");
    expect((await stripe.setupIntents.confirm(id)).status).to.equal("succeeded");
    const again = await refusal(stripe.setupIntents.confirm(id));
    expect(again.code).to.equal("setup_intent_unexpected_state");
  });

  it("tell of a declined card, and can be tried again", async () => {
    const { rig, customer } = await ready();
    const { stripe } = rig;
    const { id } = await stripe.setupIntents.create({ customer });
    const events = await eventsOf(rig, async () => {
      const declined = await refusal(
        stripe.setupIntents.confirm(id, { payment_method: "pm_card_visa_chargeDeclined" }),
      );
      expect(declined).to.be.instanceOf(Stripe.errors.StripeCardError);
      expect(declined).to.include({ code: "card_declined", decline_code: "generic_decline" });
      expect(declined.setup_intent).to.include({ id, status: "requires_payment_method" });
    });
    expect(events).to.deep.equal(["setup_intent.setup_failed"]);
    const failed = await stripe.setupIntents.retrieve(id, { expand: ["latest_attempt"] });
    expect(failed.last_setup_error?.code).to.equal("card_declined");
    expect(failed.latest_attempt).to.include({ object: "setup_attempt", status: "failed" });
    await stripe.setupIntents.confirm(id, { payment_method: "pm_card_visa" });
    const attempts = await stripe.setupAttempts.list({ setup_intent: id });
    expect(attempts.data.map(({ status }) => status)).to.deep.equal(["succeeded", "failed"]);
  });

  it("ask the card's holder, who completes or fails it on the bank's page", async () => {
    const { rig, customer } = await ready();
    const { stripe } = rig;
    const open = () =>
      stripe.setupIntents.create({
        customer,
        payment_method: "pm_card_authenticationRequired",
        confirm: true,
        return_url: BACK,
      });
    let intent: Stripe.SetupIntent | undefined;
    const events = await eventsOf(rig, async () => {
      intent = await open();
    });
    expect(events).to.deep.equal(["setup_intent.created", "setup_intent.requires_action"]);
    expect(intent?.status).to.equal("requires_action");
    const url = String(intent?.next_action?.redirect_to_url?.url);
    const done = await submit(url, await visit(url), { outcome: "complete" });
    expect(done.location).to.contain(`${BACK}?setup_intent=${intent?.id}`);
    expect((await stripe.setupIntents.retrieve(String(intent?.id))).status).to.equal("succeeded");
    const second = await open();
    const failing = String(second.next_action?.redirect_to_url?.url);
    await submit(failing, await visit(failing), { outcome: "fail" });
    const failed = await stripe.setupIntents.retrieve(second.id);
    expect(failed.status).to.equal("requires_payment_method");
    expect(failed.last_setup_error?.code).to.equal("setup_intent_authentication_failure");
    expect((await visit(failing)).status).to.equal(404);
    const inApp = await stripe.setupIntents.create({
      payment_method: "pm_card_authenticationRequired",
      confirm: true,
    });
    expect(inApp.next_action?.type).to.equal("use_stripe_sdk");
  });

  it("agree to bank debits", async () => {
    const { rig, customer } = await ready();
    const intent = await rig.stripe.setupIntents.create({
      customer,
      payment_method: "pm_sepaDebit_success",
      confirm: true,
    });
    const mandate = await rig.stripe.mandates.retrieve(String(intent.mandate));
    expect(mandate).to.include({ status: "active", type: "multi_use" });
    expect(mandate.payment_method).to.equal(intent.payment_method);
  });

  it("are canceled, and listed", async () => {
    const { rig, customer } = await ready();
    const { stripe } = rig;
    const { id } = await stripe.setupIntents.create({ customer });
    await stripe.setupIntents.create({});
    const events = await eventsOf(rig, () =>
      stripe.setupIntents.cancel(id, { cancellation_reason: "abandoned" }),
    );
    expect(events).to.deep.equal(["setup_intent.canceled"]);
    const twice = await refusal(stripe.setupIntents.cancel(id));
    expect(twice.code).to.equal("setup_intent_unexpected_state");
    const { data } = await stripe.setupIntents.list({ customer });
    expect(data.map((one) => [one.id, one.status])).to.deep.equal([[id, "canceled"]]);
  });
});

async function ready(): Promise<{ rig: Rig; customer: string }> {
  const rig = await startRig();
  const { id } = await rig.stripe.customers.create({ email: "a@example.com" });
  return { rig, customer: id };
}
