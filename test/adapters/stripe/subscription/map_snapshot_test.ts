import { expect } from "chai";
import {
  mapSnapshotInvoice,
  mapSnapshotLine,
  priceIdOfLine,
} from "../../../../src/adapters/stripe/subscription/map_snapshot_invoice.ts";
import { mapSnapshotSubscription } from "../../../../src/adapters/stripe/subscription/map_snapshot_subscription.ts";
import { PriceRegister } from "../../../../src/adapters/stripe/subscription/price_register.ts";
import { WireObject } from "../../../../src/adapters/stripe/wire_object.ts";
import { PortError } from "../../../../src/application/ports/port_error.ts";
import type { SnapshotLine } from "../../../../src/domain/subscription/customer_snapshot.ts";
import { at, fixture, type Json } from "../fixture.ts";

const CHANGED = new Date("2026-08-20T09:15:00Z");
const START = new Date("2026-09-01T09:15:00Z");
const END = new Date("2026-10-01T09:15:00Z");
const ALONE = { invoice: null, price: null };
const GENERATIONS = ["acacia", "basil", "clover", "dahlia", "endive"];

function subscription(json: Json) {
  const wire = new WireObject(json, 'subscription "sub_1"');
  const register = new PriceRegister();
  return mapSnapshotSubscription(wire, {
    items: wire.child("items").objects("data"),
    priceOf: (price) => register.learn(price),
  });
}

describe("mapSnapshotSubscription", () => {
  for (const generation of GENERATIONS) {
    it(`P11 reads a subscription of API generation ${generation}`, () => {
      const mapped = subscription(fixture(`subscription_${generation}`));
      expect(mapped).to.deep.include({ tenantId: "acme_mail", status: "active" });
      expect(mapped.items).to.have.length(1);
      expect(mapped.items[0]).to.deep.include({
        priceId: "price_1QvProMonthly",
        productId: "prod_QvPro",
        licensed: true,
        interval: "month",
        intervalCount: 1,
        amount: 2_900,
        period: {
          start: new Date("2026-09-01T09:15:00Z"),
          end: new Date("2026-10-01T09:15:00Z"),
        },
      });
    });
  }

  it("reads discounts in the newer and the older shape, and none that was not expanded", () => {
    const shared = { object: "coupon", percent_off: 12.5, amount_off: null, duration: "once" };
    const coupon = { id: "co_1", ...shared };
    const discounts = [
      { id: "di_1", object: "discount", end: null, source: { type: "coupon", coupon } },
      {
        id: "di_2",
        object: "discount",
        end: 1_800_000_000,
        coupon: { ...coupon, amount_off: 5, duration: "repeating" },
      },
      { id: "di_3", object: "discount", end: null, source: { type: "coupon", coupon: "co_1" } },
    ];
    expect(subscription(fixture("subscription_endive", { discounts })).discounts).to.deep.equal([
      { id: "di_1", percentOff: 12.5, amountOff: null, once: true, endsAt: null },
      {
        id: "di_2",
        percentOff: 12.5,
        amountOff: 5,
        once: false,
        endsAt: new Date(1_800_000_000_000),
      },
    ]);
    expect(
      subscription(fixture("subscription_endive", { discounts: ["di_1"] })).discounts,
    ).to.deep.equal([]);
  });

  it("takes what it does not know for what gives least", () => {
    const mapped = subscription(
      fixture("subscription_endive", {
        status: "hibernating",
        pause_collection: { behavior: "sleep", resumes_at: null },
        collection_method: "barter",
      }),
    );
    expect(mapped.status).to.equal("paused");
    expect(mapped.pauseCollection).to.equal("keep_as_draft");
    expect(mapped.collectionMethod).to.equal("charge_automatically");
  });

  it("P11 refuses a period that ends before it starts, and an impossible date", () => {
    const json = fixture("subscription_endive");
    const items = structuredClone(json.items) as { data: Json[] };
    Object.assign(items.data[0] ?? {}, { current_period_end: 1 });
    expect(() => subscription({ ...json, items })).to.throw(PortError, "ends before it starts");
    expect(() => subscription({ ...json, trial_end: "soon" })).to.throw(PortError, "trial_end");
  });
});

function whatItCharges({ subscriptionId, amount, proration, period }: SnapshotLine) {
  return { subscriptionId, amount, proration, period };
}

describe("mapSnapshotInvoice", () => {
  for (const generation of GENERATIONS) {
    it(`P12 reads an invoice of API generation ${generation}, with the prices of its lines`, () => {
      const wire = new WireObject(fixture(`invoice_${generation}`), "invoice");
      const wires = wire.child("lines").objects("data");
      expect(wires.map(priceIdOfLine)).to.deep.equal([
        "price_1QvStarterMonthly",
        "price_1QvProMonthly",
        "price_1QvProMonthly",
      ]);
      const lines = wires.map((line) => mapSnapshotLine(line, { invoice: wire, price: null }));
      const subscriptionId = `sub_1Qv${generation[0]?.toUpperCase()}${generation.slice(1)}`;
      expect(mapSnapshotInvoice(wire, { order: 7, lines })).to.deep.include({
        subscriptionId,
        status: "paid",
        billingReason: "subscription_cycle",
        total: 3_480,
        finalizedAt: new Date("2026-09-01T10:15:00Z"),
        order: 7,
        lines,
      });
      expect(lines.map(whatItCharges)).to.deep.equal([
        { subscriptionId, amount: -580, proration: true, period: { start: CHANGED, end: START } },
        { subscriptionId, amount: 1_160, proration: true, period: { start: CHANGED, end: START } },
        { subscriptionId, amount: 2_900, proration: false, period: { start: START, end: END } },
      ]);
    });
  }

  for (const field of ["start", "end"]) {
    it(`P11 names the ${field} of a line's period when it is missing or zero`, () => {
      for (const value of [null, 0]) {
        const json = fixture("invoice_endive");
        at(json, "lines", "data", 2, "period")[field] = value;
        const lines = new WireObject(json, "invoice").child("lines").objects("data");
        expect(() => lines.map((line) => mapSnapshotLine(line, ALONE))).to.throw(
          PortError,
          `lines.data[2].period.${field} is`,
        );
      }
    });
  }

  it("was not finalised where Stripe has no such time", () => {
    for (const status_transitions of [null, { finalized_at: null }]) {
      const wire = new WireObject(fixture("invoice_endive", { status_transitions }), "invoice");
      expect(mapSnapshotInvoice(wire, { order: 0, lines: [] }).finalizedAt).to.equal(null);
    }
  });

  it("reads why an invoice was given up, and a status that is new as a draft", () => {
    const wire = (changes: Json) => new WireObject(fixture("invoice_endive", changes), "invoice");
    const parts = { order: 0, lines: [] };
    const forgiven = wire({
      status: "uncollectible",
      status_details: { uncollectible: { reason: "user_forgiven" } },
    });
    expect(mapSnapshotInvoice(forgiven, parts)).to.deep.include({
      status: "uncollectible",
      uncollectibleReason: "user_forgiven",
    });
    expect(mapSnapshotInvoice(wire({ status: "simmering" }), parts).status).to.equal("draft");
  });

  it("reads what a credit gives back from a position and from an invoice item", () => {
    const base = { id: "il_1", object: "line_item", amount: -5, period: { start: 5, end: 9 } };
    const credited = { invoice: "in_1", invoice_line_items: ["il_a", "il_b"] };
    const position = new WireObject(
      {
        ...base,
        parent: {
          type: "subscription_item_details",
          subscription_item_details: {
            subscription: "sub_1",
            proration: true,
            proration_details: { credited_items: credited },
          },
        },
      },
      "line",
    );
    const item = new WireObject(
      {
        ...base,
        proration: true,
        parent: { type: "subscription_details", subscription_details: { subscription: "sub_1" } },
        proration_details: {
          credited_items: {
            type: "invoice_line_items",
            invoice_line_item_details: credited,
          },
        },
      },
      "item",
    );
    for (const wire of [position, item]) {
      const line = mapSnapshotLine(wire, ALONE);
      expect(line).to.deep.include({ subscriptionId: "sub_1", proration: true, licensed: false });
      expect(line.credited).to.deep.equal([
        { invoiceId: "in_1", lineId: "il_a" },
        { invoiceId: "in_1", lineId: "il_b" },
      ]);
    }
  });
});
