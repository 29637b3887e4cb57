import { expect } from "chai";
import type { Stripe } from "stripe";
import { submit, visit } from "./browser.ts";
import { eventsOf, subscribed } from "./plans.ts";
import { type Rig, refusal, seed, startRig, stopRigs, subscribe } from "./rig.ts";

type Features = Stripe.BillingPortal.ConfigurationCreateParams.Features;

const ALL: Features = {
  customer_update: {
    enabled: true,
    allowed_updates: ["address", "email", "name", "phone", "tax_id"],
  },
};

// docs.stripe.com/customer-management; stripe-node BillingPortal.Configuration and Session.
describe("billing details in the sandbox's Portal", () => {
  afterEach(stopRigs);

  it("are changed as far as the configuration lets them be", async () => {
    const rig = await startRig();
    const { customer } = await seed(rig);
    const url = await portal(rig, customer.id, ALL);
    const form = await visit(`${url}/details`);
    const events = await eventsOf(rig, async () => {
      const saved = await submit(url, form, {
        email: "new@example.com",
        name: "New",
        country: "de",
        city: "Berlin",
        tax_id_type: "eu_vat",
        tax_id: "DE123456789",
      });
      expect(saved.location).to.contain("done=details");
    });
    expect(events).to.deep.equal(["customer.tax_id.created", "customer.updated"]);
    const changed = await rig.stripe.customers.retrieve(customer.id);
    expect(changed).to.include({ email: "new@example.com", name: "New" });
    expect(changed).to.have.nested.property("address.country", "DE");
    const home = await visit(`${url}/home`);
    expect(home.text).to.contain("DE123456789").and.to.contain("Berlin");
    const at = home.forms.findIndex(({ action }) => action.includes("/tax_ids/"));
    await submit(url, home, {}, { form: at });
    expect((await rig.stripe.customers.listTaxIds(customer.id)).data).to.deep.equal([]);
    const wrong = await submit(url, form, { tax_id: "DE1" });
    expect(wrong.status).to.equal(400);
    expect(wrong.text).to.contain("not a valid EU VAT number. One looks like DE123456789");
    expect((await submit(url, form, { email: "nope" })).status).to.equal(400);
    const narrow = await portal(rig, customer.id, {
      customer_update: { enabled: true, allowed_updates: ["address"] },
    });
    const only = await visit(`${narrow}/details`);
    expect(Object.keys(only.forms[0]?.fields ?? {})).to.not.include("email");
    const none = await portal(rig, customer.id, { invoice_history: { enabled: true } });
    expect((await visit(`${none}/details`)).status).to.equal(409);
  });

  it("can be all that a session is for", async () => {
    const rig = await startRig();
    const { stripe } = rig;
    const { customer } = await seed(rig);
    const { id: configuration } = await stripe.billingPortal.configurations.create({
      features: ALL,
    });
    const session = await stripe.billingPortal.sessions.create({
      customer: customer.id,
      configuration,
      flow_data: {
        type: "customer_update",
        after_completion: { type: "redirect", redirect: { return_url: "https://a.example.com/" } },
      },
    });
    expect(session.flow).to.deep.include({ type: "customer_update", customer_update: {} });
    const { location } = await visit(session.url);
    const done = await submit(session.url, await visit(String(location)), { country: "DE" });
    expect(done.location).to.equal("https://a.example.com/");
    const { id: other } = await stripe.billingPortal.configurations.create({
      features: { invoice_history: { enabled: true } },
    });
    const refused = stripe.billingPortal.sessions.create({
      customer: customer.id,
      configuration: other,
      flow_data: { type: "customer_update" },
    });
    expect((await refusal(refused)).param).to.equal("flow_data[type]");
  });
});

describe("canceling and changing in the sandbox's Portal", () => {
  afterEach(stopRigs);

  it("asks why, where the configuration wants to know", async () => {
    const rig = await startRig();
    const catalog = await seed(rig);
    const { id } = await subscribe(rig, catalog);
    const url = await portal(rig, catalog.customer.id, {
      subscription_cancel: {
        enabled: true,
        mode: "at_period_end",
        cancellation_reason: { enabled: true, options: ["too_expensive", "unused"] },
      },
    });
    const page = await visit(`${url}/subscriptions/${id}/cancel`);
    expect(page.text).to.contain("It is too expensive").and.to.not.contain("hard to use");
    await submit(url, page, { feedback: "too_expensive", comment: "Bye" });
    const { cancellation_details: details, cancel_at: end } =
      await rig.stripe.subscriptions.retrieve(id);
    expect(details).to.include({ feedback: "too_expensive", comment: "Bye" });
    expect(end).to.be.a("number");
  });

  for (const [way, expected] of [
    ["keeps_change", { status: "past_due", amount: 9900, pending: false }],
    ["refuses_change", { status: "active", amount: 4900, pending: false }],
    ["pends_change", { status: "active", amount: 4900, pending: true }],
  ] as const) {
    it(`plays an upgrade whose charge is declined: ${way}`, async () => {
      const it = await subscribed("4000000000000341");
      const { rig, catalog, subscription, business } = it;
      await rig.control("POST", "/assumptions", { portalDecline: way });
      const url = await portal(rig, catalog.customer.id, {
        subscription_update: {
          enabled: true,
          default_allowed_updates: ["price"],
          proration_behavior: "always_invoice",
          products: [{ product: String(business.product), prices: [business.id] }],
        },
      });
      const page = await visit(`${url}/subscriptions/${subscription.id}/update/${business.id}`);
      await submit(url, page);
      const after = await rig.stripe.subscriptions.retrieve(subscription.id);
      expect({
        status: after.status,
        amount: after.items.data[0]?.price.unit_amount,
        pending: after.pending_update !== null,
      }).to.deep.equal(expected);
    });
  }
});

async function portal({ stripe }: Rig, customer: string, features: Features): Promise<string> {
  const { id } = await stripe.billingPortal.configurations.create({ features });
  const { url } = await stripe.billingPortal.sessions.create({ customer, configuration: id });
  return url;
}
