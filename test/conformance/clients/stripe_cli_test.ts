import { expect } from "chai";
import { type Rig, startReceiver, startRig, stopRigs } from "../../sandbox/rig.ts";
import { describeClient, installNpm } from "./install_client.ts";
import { type StripeCli, stripeCli } from "./stripe_cli.ts";

const installed = await installNpm("stripe_cli/package.json");
const TRIGGERS =
  "folder" in installed ? await triggersOf(stripeCli(installed.folder, "http://127.0.0.1:9")) : [];

/** What `stripe trigger` offers that is about parts of Stripe which the sandbox does not have. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  account: "Connect",
  balance: "payouts",
  cash_balance: "bank transfers",
  customer_cash_balance_transaction: "bank transfers",
  "payment_intent.partially_funded": "bank transfers",
  identity: "Identity",
  issuing_authorization: "Issuing",
  issuing_card: "Issuing",
  issuing_cardholder: "Issuing",
  issuing_transaction: "Issuing",
  payment_link: "Payment Links",
  payout: "payouts",
  plan: "plans, which prices have replaced",
  quote: "quotes",
  reporting: "reports",
  topup: "top-ups",
  transfer: "Connect",
  "v1.billing.meter": "events of API v2",
};

/**
 * Triggers that send a parameter which API version 2026-10-28.endive no longer has, so that an
 * account of that version has them refused by Stripe, too; by the parameter.
 */
const OUTDATED: Readonly<Record<string, readonly string[]>> = {
  payment_method_types: [
    "charge.captured",
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.failed",
    "charge.refund.updated",
    "charge.refunded",
    "charge.succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.async_payment_succeeded",
    "payment_intent.amount_capturable_updated",
    "payment_intent.created",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "payment_intent.succeeded",
    "setup_intent.canceled",
    "setup_intent.created",
    "setup_intent.setup_failed",
    "setup_intent.succeeded",
  ],
  coupon: [
    "customer.discount.created",
    "customer.discount.deleted",
    "customer.discount.updated",
    "promotion_code.created",
    "promotion_code.updated",
  ],
  iterations: [
    "subscription_schedule.canceled",
    "subscription_schedule.completed",
    "subscription_schedule.created",
    "subscription_schedule.released",
    "subscription_schedule.updated",
  ],
};

/**
 * Triggers whose calls are answered as Stripe's reference says, by which another event comes of
 * them, or theirs comes later.
 */
const OTHERWISE: Readonly<Record<string, string>> = {
  "subscription_schedule.aborted":
    "it cancels a schedule that has not begun; the event is about one whose customer does not pay",
  "subscription_schedule.expiring":
    "its clock stops nine days before the end, and the event comes seven days before",
};

/** Triggers whose name is not the event that they are about. */
const EVENT_OF: Readonly<Record<string, string>> = {
  "subscription.payment_failed": "invoice.payment_failed",
  "subscription.payment_succeeded": "invoice.payment_succeeded",
};

describeClient("Stripe's command line (@stripe/cli 1.52.0)", installed, (folder) => {
  let rig: Rig;
  let cli: StripeCli;

  before(async () => {
    rig = await startRig({ now: Date.now });
    cli = stripeCli(folder, rig.sandbox.url);
  });
  after(stopRigs);

  const outdated = Object.values(OUTDATED).flat();
  const played = TRIGGERS.filter(
    (one) => elsewhere(one) === undefined && !outdated.includes(one) && !(one in OTHERWISE),
  );

  for (const trigger of played) {
    it(`trigger ${trigger}`, async () => {
      const { code, output } = await cli.run("trigger", trigger);
      expect(code, output).to.equal(0);
      const type = EVENT_OF[trigger] ?? trigger;
      const { data } = await rig.stripe.events.list({ type, limit: 1 });
      expect(data.map((event) => event.type)).to.deep.equal([type]);
    });
  }

  for (const [parameter, triggers] of Object.entries(OUTDATED)) {
    for (const trigger of triggers) {
      it(`trigger ${trigger} is refused for its ${parameter}, as by Stripe`, async () => {
        const type = EVENT_OF[trigger] ?? trigger;
        const before = await rig.stripe.events.list({ type, limit: 100 });
        const { output, code } = await cli.run("trigger", trigger);
        // One fixture expects refusals and goes on, so that nothing is told of it.
        expect(output).to.match(code === 0 ? /./ : /unknown parameters?: /);
        expect(code === 0 || output.includes(parameter), output).to.equal(true);
        const { data } = await rig.stripe.events.list({ type, limit: 100 });
        expect(data).to.have.length(before.data.length);
      });
    }
  }

  it("trigger subscription_schedule.aborted cancels a schedule", async () => {
    const { code, output } = await cli.run("trigger", "subscription_schedule.aborted");
    expect(code, output).to.equal(0);
    const of = async (type: string) => (await rig.stripe.events.list({ type })).data.length;
    expect(await of("subscription_schedule.aborted")).to.equal(0);
    expect(await of("subscription_schedule.canceled")).to.be.above(0);
  });

  it("trigger subscription_schedule.expiring stops two days before the event", async () => {
    await rig.control("POST", "/dunning", { subscription: "past_due" });
    const type = "subscription_schedule.expiring";
    const { code, output } = await cli.run("trigger", type);
    expect(code, output).to.equal(0);
    expect((await rig.stripe.events.list({ type })).data).to.deep.equal([]);
    const [clock] = (await rig.stripe.testHelpers.testClocks.list()).data;
    const frozen_time = (clock?.frozen_time ?? 0) + 2 * 86_400;
    await rig.stripe.testHelpers.testClocks.advance(String(clock?.id), { frozen_time });
    expect((await rig.stripe.events.list({ type })).data).to.have.length(1);
  });

  it("more triggers are played than refused, and every list names triggers only", () => {
    expect(TRIGGERS).to.include.members([...outdated, ...Object.keys(OTHERWISE)]);
    expect(played.length).to.be.above(outdated.length);
  });

  it("every trigger that is left out is about something that the sandbox does not have", () => {
    const prefixes = TRIGGERS.map((trigger) => elsewhere(trigger)?.[0]);
    expect(new Set(prefixes)).to.include.all.keys(Object.keys(ELSEWHERE));
    expect(TRIGGERS.length).to.be.above(100);
  });

  it("listen forwards each event once, signed with the secret that it shows", async () => {
    const { output } = await cli.run("listen", "--print-secret");
    const secret = /whsec_\w+/.exec(output)?.[0] ?? "";
    const receiver = await startReceiver(secret);
    const listener = cli.listen("--all-snapshot", "--forward-to", receiver.url);
    try {
      const ready = await listener.line(/Ready!/);
      expect(ready).to.contain(secret).and.to.contain("2026-10-28.endive");
      const { id } = await rig.stripe.customers.create({ email: "listen@example.com" });
      await listener.line(/\[200\] POST/);
      const objects = receiver.received.map(({ event }) => event.data.object);
      expect(objects).to.have.length(1);
      expect(objects[0]).to.include({ id, object: "customer" });
      const { data: events } = await rig.stripe.events.list({ type: "customer.created", limit: 1 });
      await cli.run("events", "resend", String(events[0]?.id));
      await receiver.arrived(2);
      expect(receiver.received.map(({ event }) => event.id)).to.deep.equal([
        events[0]?.id,
        events[0]?.id,
      ]);
    } finally {
      await listener.stop();
    }
  });

  it("logs tail shows each request with its answer, or those that are asked for", async () => {
    const [all, failed] = [cli.tail(), cli.tail("--filter-status-code-type", "4XX")];
    try {
      await Promise.all([all.line(/Ready!/), failed.line(/Ready!/)]);
      await rig.stripe.customers.create({ email: "tail@example.com" });
      await rig.stripe.customers.retrieve("cus_unknown").catch(() => null);
      expect(await all.line(/\[200\] POST \/v1\/customers /)).to.match(/\[req_\w+\]/);
      await failed.line(/\[404\] GET \/v1\/customers\/cus_unknown /);
      await failed.line(/^Message: No such customer: 'cus_unknown'/);
      expect(failed.lines.filter((line) => line.includes("[200]"))).to.deep.equal([]);
    } finally {
      await Promise.all([all.stop(), failed.stop()]);
    }
  });

  it("listen asks for a new session where the sandbox has forgotten its own", async () => {
    const response = await fetch(`${rig.sandbox.url}/stripecli/subscribe`, {
      headers: { connection: "upgrade", upgrade: "websocket", "websocket-id": "cliws_unknown" },
    }).catch(() => null);
    expect(response?.status ?? 400).to.equal(400);
  });

  it("events resend sends an event to one endpoint again", async () => {
    await rig.stripe.customers.create({ email: "again@example.com" });
    await rig.sandbox.settled();
    const { data: events } = await rig.stripe.events.list({ type: "customer.created", limit: 1 });
    const [endpoint] = (await rig.stripe.webhookEndpoints.list()).data;
    const before = rig.receiver.received.length;
    const { code, output } = await cli.run(
      "events",
      "resend",
      String(events[0]?.id),
      "--webhook-endpoint",
      String(endpoint?.id),
    );
    expect(code, output).to.equal(0);
    await rig.sandbox.settled();
    expect(rig.receiver.received.slice(before).map(({ event }) => event.id)).to.deep.equal([
      events[0]?.id,
    ]);
  });

  it("objects are created, listed, changed and deleted by its own commands", async () => {
    const created = await cli.run("customers", "create", "--email", "cli@example.com");
    const { id } = JSON.parse(created.output) as { id: string };
    await cli.run("customers", "update", id, "--name", "Changed");
    const listed = await cli.run("customers", "list", "--email", "cli@example.com");
    expect(JSON.parse(listed.output).data[0]).to.include({ id, name: "Changed" });
    const deleted = await cli.run("customers", "delete", id, "--confirm");
    expect(deleted.code, deleted.output).to.equal(0);
    expect(await rig.stripe.customers.retrieve(id)).to.include({ deleted: true });
  });
});

/** The entry that leaves a trigger out; undefined where it has to work. */
function elsewhere(trigger: string): [string, string] | undefined {
  return Object.entries(ELSEWHERE).find(
    ([prefix]) => trigger === prefix || trigger.startsWith(`${prefix}.`),
  );
}

async function triggersOf(cli: StripeCli): Promise<string[]> {
  const { output } = await cli.run("trigger", "--help");
  const names = /Supported events:\n([\s\S]*?)\n\n/.exec(output)?.[1] ?? "";
  return names.split("\n").map((line) => line.trim());
}
