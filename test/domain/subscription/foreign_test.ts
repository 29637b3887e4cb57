import { expect } from "chai";
import {
  foreignPayment,
  isForeignPayment,
  type ReceivedPayment,
} from "../../../src/domain/subscription/findings/foreign.ts";
import { sampleCatalog } from "../../samples/catalog.ts";

const PLAN = "prod_pro";
const PACK = "prod_pack_starter";
const OWNER = { tenantId: "clacme0001" };
const OTHERS = "clother001";

describe("Payments that give no tenant anything", () => {
  const isForeign = (
    [source, productId, packFor]: readonly [
      ReceivedPayment["source"],
      string | null,
      string | null,
    ],
    owner: typeof OWNER | undefined,
  ) => {
    const productIds = productId === null ? [] : [productId];
    const about = { id: "pi_1", customerId: "cus_1", subscriptionId: null };
    const payment = { ...about, source, productIds, packFor, paidAt: new Date(0) };
    return isForeignPayment(payment, owner, sampleCatalog());
  };

  /** What paid, what for, what it says of itself; whether it is named of strangers, of a tenant. */
  const CASES = [
    ["invoice", PLAN, null, true, false, "the tenant's look judges invoices for plans"],
    ["invoice", PACK, null, true, true, "no top-up of ours wrote it"],
    ["invoice", PACK, OWNER.tenantId, true, false, "it is credited"],
    ["invoice", PACK, OTHERS, true, true, "it is for another tenant"],
    ["invoice", "prod_elsewhere", null, false, false, "it is for something else"],
    ["checkout", PLAN, null, true, true, "plans are not sold once"],
    ["checkout", PACK, null, true, true, "no Checkout of ours sold it"],
    ["checkout", PACK, OWNER.tenantId, true, false, "it is credited"],
    ["checkout", null, OWNER.tenantId, true, false, "its product may be gone"],
    ["checkout", PACK, "", true, true, "it says no tenant"],
    ["checkout", null, null, false, false, "it is for something else"],
    ["payment", null, OWNER.tenantId, true, true, "only Checkouts and invoices are credited"],
    ["payment", null, null, false, false, "it says nothing of a pack"],
  ] as const;
  for (const [source, productId, packFor, ofStranger, ofTenant, why] of CASES) {
    const what = `${source} for ${productId ?? "nothing known"}, pack for ${packFor ?? "nobody"}`;
    it(`P41 ${what}: ${why}`, () => {
      const payment = [source, productId, packFor] as const;
      expect([isForeign(payment, undefined), isForeign(payment, OWNER)]).to.deep.equal([
        ofStranger,
        ofTenant,
      ]);
    });
  }

  it("P41 is over when all of it was given back", () => {
    const about = { customerId: null, subscriptionId: null, productIds: [], packFor: null };
    const payment = { id: "pi_1", source: "checkout", paidAt: new Date(0), ...about } as const;
    expect(foreignPayment(payment, { amount: 0, currency: "eur" })).to.equal(null);
    const item = foreignPayment(payment, { amount: 150, currency: "eur" });
    expect(item).to.include({ id: "unexplained_payment:-:pi_1", tenantId: null });
    expect(item?.message).to.include("1.50 EUR of pi_1");
  });
});
