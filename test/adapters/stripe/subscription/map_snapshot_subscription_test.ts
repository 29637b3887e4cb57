import { expect } from "chai";
import { mapSnapshotSubscription } from "../../../../src/adapters/stripe/subscription/map_snapshot_subscription.ts";
import { PriceRegister } from "../../../../src/adapters/stripe/subscription/price_register.ts";
import { WireObject } from "../../../../src/adapters/stripe/wire_object.ts";
import { PortError } from "../../../../src/application/ports/port_error.ts";
import { SUBSCRIPTION_STATUSES } from "../../../../src/domain/subscription/subscription.ts";
import { at, fixture, type Json } from "../fixture.ts";

const PERIOD = {
  start: new Date("2026-09-01T09:15:00Z"),
  end: new Date("2026-10-01T09:15:00Z"),
};

function mapped(json: Json) {
  const wire = new WireObject(json, 'subscription "sub_1"');
  const register = new PriceRegister();
  return mapSnapshotSubscription(wire, {
    items: wire.child("items").objects("data"),
    priceOf: (price) => register.learn(price),
  });
}

function failure(json: Json): PortError {
  try {
    mapped(json);
  } catch (error) {
    expect(error).to.be.instanceOf(PortError);
    return error as PortError;
  }
  throw new Error("Cannot see the failure: the subscription was read");
}

describe("mapSnapshotSubscription: parts", () => {
  it("P19 reads when a scheduled change takes effect, from an expanded schedule only", () => {
    const json = fixture("subscription_endive");
    const starts = [PERIOD.start, PERIOD.end].map((start) => start.getTime() / 1000);
    const phases = starts.map((start_date) => ({ start_date, end_date: start_date + 9 }));
    const schedule = { id: "sub_sched_1", current_phase: { start_date: starts[0] }, phases };
    expect(mapped({ ...json, schedule }).schedule?.changeAt).to.deep.equal(PERIOD.end);
    const last = { ...schedule, current_phase: { start_date: starts[1] } };
    expect(mapped({ ...json, schedule: last }).schedule?.changeAt).to.equal(null);
    expect(mapped({ ...json, schedule: "sub_sched_1" }).schedule?.changeAt).to.equal(null);
  });

  it("P19 reads what an item costs, for all of its quantity", () => {
    const json = fixture("subscription_endive");
    at(json, "items", "data", 0).quantity = 3;
    expect(mapped(json).items[0]).to.include({ quantity: 3, amount: 8_700 });
    at(json, "items", "data", 0, "price").unit_amount = null;
    expect(mapped(json).items[0]?.amount).to.equal(null);
  });

  it("P11 prefers the item's period to the subscription's, item by item", () => {
    const json = fixture("subscription_acacia");
    const item = at(json, "items", "data", 0);
    item.current_period_start = 1789000000;
    item.current_period_end = 1789600000;
    expect(mapped(json).items[0]?.period).to.deep.equal({
      start: new Date(1789000000000),
      end: new Date(1789600000000),
    });
  });

  for (const field of ["current_period_start", "current_period_end"]) {
    for (const value of [undefined, null, 0, -5, 1.5, "1788254100", 8_640_000_000_001]) {
      it(`P11 names ${field} and gives no date when it is ${JSON.stringify(value)}`, () => {
        const json = fixture("subscription_endive");
        at(json, "items", "data", 0)[field] = value;
        const error = failure(json);
        expect(error.message).to.include(`items.data[0].${field} is`);
        expect(error.message).to.match(/^Cannot read subscription "sub_1": /);
        expect(error.transient).to.equal(false);
      });
    }
  }

  it("P11 refuses a period that ends before it starts", () => {
    const json = fixture("subscription_endive");
    at(json, "items", "data", 0).current_period_end = 1788254099;
    expect(failure(json).message).to.include("ends before it starts");
  });

  it("P13 keeps cancel_at and cancel_at_period_end apart", () => {
    const flexible = mapped(fixture("subscription_endive", { cancel_at: 1790846100 }));
    expect(flexible.cancelAt).to.deep.equal(PERIOD.end);
    expect(flexible.cancelAtPeriodEnd).to.equal(false);
    const classic = mapped(fixture("subscription_acacia", { cancel_at_period_end: true }));
    expect(classic.cancelAt).to.equal(null);
    expect(classic.cancelAtPeriodEnd).to.equal(true);
  });

  for (const status of SUBSCRIPTION_STATUSES) {
    it(`keeps the status ${status}`, () => {
      expect(mapped(fixture("subscription_endive", { status })).status).to.equal(status);
    });
  }

  it("P17 takes a status of the future for paused: live, but without access", () => {
    const { status } = mapped(fixture("subscription_endive", { status: "hibernating" }));
    expect(status).to.equal("paused");
  });

  it("P14 has no tenant where the metadata has none", () => {
    for (const metadata of [{}, null, { tenantId: "" }, { tenantid: "acme_mail" }]) {
      expect(mapped(fixture("subscription_endive", { metadata })).tenantId).to.equal(null);
    }
  });

  it("reads expanded customers and products by their ids", () => {
    const json = fixture("subscription_endive", { customer: fixture("customer") });
    at(json, "items", "data", 0, "price").product = fixture("product");
    const subscription = mapped(json);
    expect(subscription.customerId).to.equal("cus_QvAcme");
    expect(subscription.items[0]?.productId).to.equal("prod_QvPro");
  });

  it("reads weekly and quarterly prices, and takes one that is paid once for no plan's", () => {
    const read = (recurring: object | null) => {
      const json = fixture("subscription_endive");
      at(json, "items", "data", 0, "price").recurring = recurring;
      return mapped(json).items[0];
    };
    const quarterly = { interval: "month", interval_count: 3 };
    expect(read(quarterly)).to.include({ interval: "month", intervalCount: 3, licensed: true });
    const weekly = { interval: "week", interval_count: 1 };
    expect(read(weekly)).to.include({ interval: "week", intervalCount: 1, licensed: true });
    expect(read(null)).to.include({ licensed: false });
  });

  it("names whatever else is missing", () => {
    for (const field of ["id", "customer", "status", "billing_cycle_anchor", "created", "items"]) {
      const error = failure(fixture("subscription_endive", { [field]: null }));
      expect(error.message).to.equal(`Cannot read subscription "sub_1": ${field} is missing`);
    }
  });
});
