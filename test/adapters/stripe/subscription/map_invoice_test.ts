import { expect } from "chai";
import {
  invoiceStatus,
  subscriptionOfInvoice,
} from "../../../../src/adapters/stripe/subscription/map_invoice.ts";
import { WireObject } from "../../../../src/adapters/stripe/wire_object.ts";
import { fixture, type Json } from "../fixture.ts";

const GENERATIONS = ["acacia", "basil", "clover", "dahlia", "endive"];

function wireOf(json: Json): WireObject {
  return new WireObject(json, 'invoice "in_1"');
}

describe("fields of invoices", () => {
  for (const generation of GENERATIONS) {
    const name = generation[0]?.toUpperCase() + generation.slice(1);

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

  for (const status of ["draft", "open", "paid", "uncollectible", "void"]) {
    it(`keeps the status ${status}`, () => {
      expect(invoiceStatus(wireOf(fixture("invoice_endive", { status })))).to.equal(status);
    });
  }

  it("takes an unknown status for a draft, which neither grants nor demands", () => {
    for (const status of [null, "suspended"]) {
      expect(invoiceStatus(wireOf(fixture("invoice_endive", { status })))).to.equal("draft");
    }
  });
});
