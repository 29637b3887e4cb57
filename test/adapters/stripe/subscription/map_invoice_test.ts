import { expect } from "chai";
import {
  mapInvoice,
  subscriptionOfInvoice,
} from "../../../../src/adapters/stripe/subscription/map_invoice.ts";
import { WireObject } from "../../../../src/adapters/stripe/wire_object.ts";
import { periodLines } from "../../../../src/domain/subscription/invoice.ts";
import { at, fixture, type Json } from "../fixture.ts";

const GENERATIONS = ["acacia", "basil", "clover", "dahlia", "endive"];
const CHANGED = new Date("2026-08-20T09:15:00Z");
const START = new Date("2026-09-01T09:15:00Z");
const END = new Date("2026-10-01T09:15:00Z");

function wireOf(json: Json): WireObject {
  return new WireObject(json, 'invoice "in_1"');
}

describe("mapInvoice", () => {
  for (const generation of GENERATIONS) {
    const name = generation[0]?.toUpperCase() + generation.slice(1);

    it(`P11 P12 reads an invoice of API generation ${generation}`, () => {
      const change = { proration: true, period: { start: CHANGED, end: START } };
      expect(mapInvoice(wireOf(fixture(`invoice_${generation}`)))).to.deep.equal({
        id: `in_1Qv${name}`,
        status: "paid",
        billingReason: "subscription_cycle",
        total: 3480,
        finalizedAt: new Date("2026-09-01T10:15:00Z"),
        lines: [
          { productId: "prod_QvStarter", amount: -580, ...change },
          { productId: "prod_QvPro", amount: 1160, ...change },
          {
            productId: "prod_QvPro",
            amount: 2900,
            proration: false,
            period: { start: START, end: END },
          },
        ],
      });
    });

    it(`P24 finds the one line of a whole period in generation ${generation}`, () => {
      const lines = periodLines(mapInvoice(wireOf(fixture(`invoice_${generation}`))));
      expect(lines.map(({ amount }) => amount)).to.deep.equal([2900]);
    });

    it(`P12 finds the subscription of an invoice of generation ${generation}`, () => {
      const wire = wireOf(fixture(`invoice_${generation}`));
      expect(subscriptionOfInvoice(wire)).to.equal(`sub_1Qv${name}`);
    });
  }

  it("P12 finds no subscription on an invoice made by hand", () => {
    expect(subscriptionOfInvoice(wireOf(fixture("invoice_endive", { parent: null })))).to.equal(
      null,
    );
  });

  for (const field of ["start", "end"]) {
    it(`P11 names the ${field} of a line's period when it is missing or zero`, () => {
      for (const value of [null, 0]) {
        const json = fixture("invoice_endive");
        at(json, "lines", "data", 2, "period")[field] = value;
        expect(() => mapInvoice(wireOf(json))).to.throw(`lines.data[2].period.${field} is`);
      }
    });
  }

  for (const status of ["draft", "open", "paid", "uncollectible", "void"]) {
    it(`keeps the status ${status}`, () => {
      expect(mapInvoice(wireOf(fixture("invoice_endive", { status }))).status).to.equal(status);
    });
  }

  it("takes an unknown status for a draft, which neither grants nor demands", () => {
    for (const status of [null, "suspended"]) {
      expect(mapInvoice(wireOf(fixture("invoice_endive", { status }))).status).to.equal("draft");
    }
  });

  it("was not finalised where Stripe has no such time", () => {
    for (const status_transitions of [null, { finalized_at: null }]) {
      const invoice = mapInvoice(wireOf(fixture("invoice_endive", { status_transitions })));
      expect(invoice.finalizedAt).to.equal(null);
    }
  });

  it("reads expanded prices and products, and has no product without either", () => {
    const json = fixture("invoice_endive");
    const details = at(json, "lines", "data", 0, "pricing", "price_details");
    details.product = fixture("product");
    const second = at(json, "lines", "data", 1, "pricing", "price_details");
    second.product = null;
    second.price = fixture("price");
    at(json, "lines", "data", 2).pricing = null;
    const products = mapInvoice(wireOf(json)).lines.map(({ productId }) => productId);
    expect(products).to.deep.equal(["prod_QvPro", "prod_QvPro", null]);
  });
});
