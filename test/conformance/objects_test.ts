import { expect } from "chai";
import { ROUTE_NAMES } from "../../sandbox/api/routes.ts";
import { startRig, stopRigs } from "../sandbox/rig.ts";
import { KNOWN_DIFFERENCES } from "./known_differences.ts";
import { objectsIn, type RecordingClient, recordingClient, type Wire } from "./recorded_answers.ts";
import { findStripeMock } from "./stripe_mock.ts";
import { type Difference, StripeSchemas } from "./stripe_schemas.ts";
import { liveWholeLife } from "./whole_life.ts";

/** What events are about in a whole life. */
const EVENT_OBJECTS = [
  "customer",
  "product",
  "price",
  "billing_portal.configuration",
  "billing_portal.session",
  "checkout.session",
  "subscription",
  "subscription_schedule",
  "invoice",
  "invoice_payment",
  "payment_intent",
  "charge",
  "refund",
  "dispute",
  "payment_method",
  "card",
  "tax_rate",
  "invoiceitem",
  "coupon",
  "promotion_code",
  "tax_id",
  "discount",
  "radar.early_fraud_warning",
  "credit_note",
  "test_helpers.test_clock",
  "setup_intent",
  "billing.meter",
];

const mock = await findStripeMock();

describe("Objects of the sandbox, against Stripe's own description", function () {
  this.timeout(60_000);
  if ("reason" in mock) {
    it("DID NOT RUN, which is allowed where REQUIRE_STRIPE_MOCK is not set", () => {
      expect(process.env.REQUIRE_STRIPE_MOCK, mock.reason).to.not.equal("1");
    });
    return;
  }

  let schemas: StripeSchemas;
  let answers: RecordingClient["answers"];
  let events: readonly Wire[];

  before(async () => {
    schemas = new StripeSchemas(mock.specification);
    const rig = await startRig();
    const client = recordingClient(rig.sandbox);
    ({ answers } = client);
    await liveWholeLife({ ...rig, stripe: client.stripe });
    await rig.sandbox.settled();
    events = rig.receiver.received.map(({ event }) => event as unknown as Wire);
  });
  after(stopRigs);

  function unknown(objects: readonly Wire[]): Difference[] {
    const found = objects.flatMap((object) => schemas.differences(object));
    const news = found.filter(({ place, message }) => !isKnown(`${place}: ${message}`));
    return [...new Map(news.map((one) => [`${one.place}: ${one.message}`, one])).values()];
  }

  for (const route of ROUTE_NAMES) {
    it(`${route} answers as Stripe does`, () => {
      const objects = objectsIn(answers.get(route) ?? []);
      expect(objects, "the life that is lived asks for it").to.not.deep.equal([]);
      expect(unknown(objects)).to.deep.equal([]);
    });
  }

  it("nothing was answered that is in no route", () => {
    expect([...answers.keys()].filter((route) => !ROUTE_NAMES.includes(route))).to.deep.equal([]);
  });

  it("webhooks carry events, and objects, as Stripe's do", () => {
    const objects = events.map((event) => (event.data as { object: Wire }).object);
    expect(unknown(events)).to.deep.equal([]);
    expect(unknown(objects)).to.deep.equal([]);
    expect([...new Set(objects.map(({ object }) => object))]).to.have.members(EVENT_OBJECTS);
  });

  it("the check notices a field that is missing and one that is wrong", () => {
    const [subscription] = objectsIn(answers.get("GET /v1/subscriptions") ?? []);
    const { items: _, ...without } = subscription ?? {};
    expect(schemas.differences(without)).to.not.deep.equal([]);
    expect(schemas.differences({ ...subscription, status: "dreaming" })).to.not.deep.equal([]);
  });

  it("the description is of the version that the differences were noted for", () => {
    expect(schemas.version).to.equal("2026-08-26.dahlia");
  });

  it("the list of known differences is short, and each has a reason", () => {
    expect(KNOWN_DIFFERENCES.length).to.be.at.most(10);
    for (const { reason } of KNOWN_DIFFERENCES) {
      expect(reason.length).to.be.greaterThan(20);
    }
  });

  function isKnown(text: string): boolean {
    return KNOWN_DIFFERENCES.some(({ difference }) => difference.test(text));
  }
});
