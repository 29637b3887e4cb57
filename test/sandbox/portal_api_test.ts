import { expect } from "chai";
import { Stripe } from "stripe";
import { refusal, seed, startRig, stopRigs, subscribe } from "./rig.ts";

const FEATURES: Stripe.BillingPortal.ConfigurationCreateParams.Features = {
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true },
  subscription_cancel: { enabled: true, mode: "at_period_end" },
};

describe("sandbox Portal API", () => {
  afterEach(stopRigs);

  it("wants a configuration before the first session, as Stripe does", async () => {
    const { stripe } = await startRig();
    const { id: customer } = await stripe.customers.create({});
    const refused = await refusal(stripe.billingPortal.sessions.create({ customer }));
    expect(refused.message).to.contain("default configuration has not been created");
    const configuration = await stripe.billingPortal.configurations.create({
      features: FEATURES,
      default_return_url: "https://app.example.com/billing",
    });
    expect(configuration).to.include({ is_default: true, active: true });
    const session = await stripe.billingPortal.sessions.create({ customer });
    expect(session).to.include({
      customer,
      configuration: configuration.id,
      return_url: "https://app.example.com/billing",
      flow: null,
    });
    expect(session.url).to.match(/\/p\/session\/bps_\w{24}$/);
  });

  it("keeps several configurations and changes them", async () => {
    const { stripe } = await startRig();
    const { configurations } = stripe.billingPortal;
    const first = await configurations.create({ features: FEATURES });
    const second = await configurations.create({
      features: {
        subscription_update: {
          enabled: true,
          default_allowed_updates: ["price"],
          products: [{ product: "prod_a", prices: ["price_a"] }],
          proration_behavior: "always_invoice",
        },
      },
      metadata: { app: "billing" },
    });
    expect(second.is_default).to.equal(false);
    expect(second.features.subscription_update).to.deep.include({
      enabled: true,
      default_allowed_updates: ["price"],
      proration_behavior: "always_invoice",
    });
    const updated = await configurations.update(second.id, {
      active: false,
      features: { invoice_history: { enabled: true } },
    });
    expect(updated.active).to.equal(false);
    expect(updated.features.invoice_history.enabled).to.equal(true);
    expect(updated.features.subscription_update.enabled).to.equal(true);
    const listed = await configurations.list({ active: true });
    expect(listed.data.map(({ id }) => id)).to.deep.equal([first.id]);
    const refused = await refusal(configurations.update(first.id, { active: false }));
    expect(refused.param).to.equal("active");
  });

  it("opens the flows it can do and refuses the others by name", async () => {
    const rig = await startRig();
    const catalog = await seed(rig);
    const { id: subscription } = await subscribe(rig, catalog);
    const customer = catalog.customer.id;
    await rig.stripe.billingPortal.configurations.create({ features: FEATURES });
    const open = (flow: Stripe.BillingPortal.SessionCreateParams.FlowData) =>
      rig.stripe.billingPortal.sessions.create({ customer, flow_data: flow });
    const cancel = await open({
      type: "subscription_cancel",
      subscription_cancel: { subscription },
      after_completion: { type: "redirect", redirect: { return_url: "https://a.example/x" } },
    });
    expect(cancel.flow).to.deep.include({
      type: "subscription_cancel",
      subscription_cancel: { retention: null, subscription },
    });
    expect((await open({ type: "payment_method_update" })).flow?.after_completion.type).to.equal(
      "portal_homepage",
    );
    const pause = await refusal(
      open({ type: "subscription_pause", subscription_pause: { subscription } }),
    );
    expect(pause.param).to.equal("flow_data[type]");
    expect(pause.message).to.contain("does not do the flow `subscription_pause`");
    const missing = await refusal(open({ type: "subscription_cancel" }));
    expect(missing.code).to.equal("parameter_missing");
    const other = await refusal(
      open({ type: "subscription_cancel", subscription_cancel: { subscription: "sub_none" } }),
    );
    expect(other.code).to.equal("resource_missing");
    await rig.stripe.subscriptions.update(subscription, { cancel_at_period_end: true });
    const twice = await refusal(
      open({ type: "subscription_cancel", subscription_cancel: { subscription } }),
    );
    expect(twice.statusCode).to.equal(400);
  });

  it("refuses flows that the configuration does not enable", async () => {
    const { stripe } = await startRig();
    const { id: customer } = await stripe.customers.create({});
    await stripe.billingPortal.configurations.create({
      features: { invoice_history: { enabled: true } },
    });
    const refused = await refusal(
      stripe.billingPortal.sessions.create({
        customer,
        flow_data: { type: "payment_method_update" },
      }),
    );
    expect(refused.param).to.equal("flow_data[type]");
  });
});

describe("sandbox events and endpoints API", () => {
  afterEach(stopRigs);

  it("lists events by type, types and time, newest first", async () => {
    const rig = await startRig();
    await subscribe(rig, await seed(rig));
    const typesOf = async (params: Stripe.EventListParams) =>
      (await rig.stripe.events.list(params)).data.map(({ type }) => type);
    expect(await typesOf({ type: "invoice.paid" })).to.deep.equal(["invoice.paid"]);
    expect(await typesOf({ type: "invoice.*" })).to.deep.equal([
      "invoice.payment_succeeded",
      "invoice.paid",
      "invoice.updated",
      "invoice.finalized",
      "invoice.created",
    ]);
    expect(await typesOf({ types: ["price.created", "charge.succeeded"] })).to.deep.equal([
      "charge.succeeded",
      "price.created",
    ]);
    expect(await typesOf({ created: { gt: 4_000_000_000 } })).to.deep.equal([]);
    const [paid] = (await rig.stripe.events.list({ type: "invoice.paid" })).data;
    expect(await rig.stripe.events.retrieve(String(paid?.id))).to.deep.include({
      type: "invoice.paid",
      pending_webhooks: 0,
    });
    const sent = rig.receiver.received.find(({ event }) => event.id === paid?.id)?.event;
    expect(paid?.data.object).to.deep.equal(sent?.data.object);
  });

  it("names the request that caused an event", async () => {
    const { stripe } = await startRig();
    const created = await stripe.products.create({ name: "Pro" }, { idempotencyKey: "k1" });
    const [event] = (await stripe.events.list()).data;
    expect(event?.request).to.deep.equal({
      id: created.lastResponse.requestId,
      idempotency_key: "k1",
    });
  });

  it("shows an endpoint's secret only when it is created", async () => {
    const { stripe } = await startRig({ webhookEndpoints: [] });
    const endpoint = await stripe.webhookEndpoints.create({
      url: "https://app.example.com/webhooks",
      enabled_events: ["invoice.paid"],
      api_version: "2026-10-28.endive",
      metadata: { app: "billing" },
    });
    expect(endpoint.secret).to.match(/^whsec_sandbox\w{32}$/);
    expect(await stripe.webhookEndpoints.retrieve(endpoint.id)).to.not.have.property("secret");
    const updated = await stripe.webhookEndpoints.update(endpoint.id, {
      enabled_events: ["*"],
      description: "all",
    });
    expect(updated).to.deep.include({ enabled_events: ["*"], description: "all" });
    expect((await stripe.webhookEndpoints.list()).data).to.have.length(1);
    expect(await stripe.webhookEndpoints.del(endpoint.id)).to.include({ deleted: true });
    expect((await stripe.webhookEndpoints.list()).data).to.deep.equal([]);
    const refused = await refusal(
      stripe.webhookEndpoints.create({ url: "ftp://x", enabled_events: ["*"] }),
    );
    expect(refused.param).to.equal("url");
  });

  it("gives an endpoint the version that was asked for, once and for all", async () => {
    const { stripe } = await startRig({ webhookEndpoints: [] });
    const create = (version?: string) =>
      stripe.webhookEndpoints.create({
        url: "https://app.example.com/webhooks",
        enabled_events: ["invoice.paid"],
        ...(version && {
          api_version: version as Stripe.WebhookEndpointCreateParams.ApiVersion,
        }),
      });
    expect((await create("2025-03-31.basil")).api_version).to.equal("2025-03-31.basil");
    const byDefault = await create();
    expect(byDefault.api_version).to.equal(null);
    expect((await refusal(create("newest"))).param).to.equal("api_version");
    const change = { api_version: "2026-10-28.endive" } as Stripe.WebhookEndpointUpdateParams;
    const refused = await refusal(stripe.webhookEndpoints.update(byDefault.id, change));
    expect(refused).to.include({ code: "parameter_unknown", param: "api_version" });
  });

  it("sends its own version to an endpoint of another one, and each event says so", async () => {
    const { stripe, receiver, control } = await startRig({ webhookEndpoints: [] });
    await stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ["*"],
      api_version: "2025-03-31.basil",
    });
    await stripe.products.create({ name: "Pro" });
    const { data: events } = await stripe.events.list();
    expect(events.map(({ api_version: version }) => version)).to.deep.equal([Stripe.API_VERSION]);
    expect((await control("GET", "/deliveries")).body.deliveries).to.have.length(1);
  });

  it("tells its own time, which tests move, in the Date header", async () => {
    const { stripe, advance } = await startRig();
    const date = async () => {
      const { headers } = (await stripe.products.list()).lastResponse;
      return new Headers(headers).get("date");
    };
    expect(await date()).to.equal("Sat, 31 Jan 2026 10:00:00 GMT");
    await advance({ advanceDays: 1 });
    expect(await date()).to.equal("Sun, 01 Feb 2026 10:00:00 GMT");
  });
});
