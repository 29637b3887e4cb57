import { expect } from "chai";
import {
  foreignPayment,
  moneyForExtras,
  moneyForNothing,
  type ReceivedPayment,
  type SoldItem,
} from "../../../src/domain/subscription/findings/foreign.ts";
import { sampleCatalog } from "../../samples/catalog.ts";

const PLAN = "prod_pro";
const PACK = "prod_pack_starter";
const ELSEWHERE = "prod_elsewhere";
const OWNER = { tenantId: "clacme0001" };
const OTHERS = "clother001";
const PAYMENT: ReceivedPayment = {
  id: "pi_1",
  source: "checkout",
  customerId: "cus_1",
  subscriptionId: null,
  amount: 900,
  sold: [],
  packFor: null,
  tenantId: null,
  paidAt: new Date(0),
};

function sold(productId: string, amount = 900, recurring = false): SoldItem {
  return { productId, amount, quantity: 1, recurring };
}

const renewed = (productId: string, amount = 900) => sold(productId, amount, true);

describe("Payments that give no tenant anything", () => {
  const forNothing = (changes: Partial<ReceivedPayment>, owner: typeof OWNER | undefined) =>
    moneyForNothing({ ...PAYMENT, ...changes }, owner, sampleCatalog());

  /** What paid, what for, what it says of itself; what strangers and tenants pay for nothing. */
  const CASES = [
    [
      "invoice",
      [renewed(PLAN)],
      null,
      900,
      0,
      "the tenant's look judges what subscriptions charge",
    ],
    ["invoice", [sold(PLAN)], null, 900, 900, "plans are not sold once"],
    ["invoice", [sold(PACK)], null, 900, 900, "no top-up of ours wrote it"],
    ["invoice", [sold(PACK)], OWNER.tenantId, 900, 0, "it is credited"],
    ["invoice", [sold(PACK)], OTHERS, 900, 900, "it is for another tenant"],
    ["invoice", [sold(ELSEWHERE)], null, 0, 0, "it is for something else"],
    ["invoice", [renewed(PLAN, 700), sold(PACK, 200)], null, 900, 200, "a pack came along"],
    ["invoice", [renewed(PLAN, 700), sold(PLAN, 200)], null, 900, 200, "so did a plan"],
    ["invoice", [sold(ELSEWHERE, 700), sold(PACK, 200)], null, 200, 200, "a pack beside others"],
    ["invoice", [sold(ELSEWHERE, 700), sold(PACK, 2_000)], null, 900, 900, "a coupon came off"],
    ["checkout", [sold(PLAN)], null, 900, 900, "plans are not sold once"],
    ["checkout", [sold(PACK)], null, 900, 900, "no Checkout of ours sold it"],
    ["checkout", [sold(PACK)], OWNER.tenantId, 900, 0, "it is credited"],
    ["checkout", [], OWNER.tenantId, 900, 0, "its product may be gone"],
    ["checkout", [sold(ELSEWHERE)], OTHERS, 900, 900, "it says that it is a pack"],
    ["checkout", [sold(PACK)], "", 900, 900, "it says no tenant"],
    ["checkout", [], null, 0, 0, "it is for something else"],
    ["payment", [], OWNER.tenantId, 900, 900, "only Checkouts and invoices are credited"],
    ["payment", [], null, 0, 0, "it says nothing of a pack"],
  ] as const;
  for (const [source, items, packFor, ofStranger, ofTenant, why] of CASES) {
    const what = items.map((item) => `${item.productId}${item.recurring ? " again" : ""}`);
    const name = `${source} for ${what.join(", ") || "nothing known"}`;
    it(`P41 ${name}, pack for ${packFor ?? "nobody"}: ${why}`, () => {
      const payment = { source, sold: items, packFor };
      expect([forNothing(payment, undefined), forNothing(payment, OWNER)]).to.deep.equal([
        ofStranger,
        ofTenant,
      ]);
    });
  }

  it("P41 is more than one plan, or one more than once, of a subscription", () => {
    const extras = (...items: SoldItem[]) =>
      moneyForExtras({ ...PAYMENT, amount: 1_500, sold: items }, sampleCatalog());
    expect(extras(renewed(PLAN))).to.equal(0);
    expect(extras({ ...renewed(PLAN), quantity: 3 })).to.equal(600);
    expect(extras(renewed(PLAN), renewed(PLAN, 400))).to.equal(400);
    expect(extras(renewed(PLAN), sold(PACK), renewed(ELSEWHERE))).to.equal(0);
  });

  it("P41 is over when that part was given back, and says who paid", () => {
    const item = (amount: number, forNothing: number, owner: string | null) =>
      foreignPayment(PAYMENT, {
        kept: { amount, currency: "eur" },
        forNothing,
        owner,
        tenantId: owner,
      });
    expect(item(0, 900, null)).to.equal(null);
    expect(item(700, 200, null)).to.equal(null);
    expect(item(150, 900, null)).to.include({ id: "unexplained_payment:-:pi_1", tenantId: null });
    expect(item(150, 900, null)?.message).to.include(
      "1.50 EUR of pi_1 was paid by customer cus_1 ",
    );
    expect(item(850, 200, OWNER.tenantId)).to.include({
      id: "payment_without_sale:clacme0001:pi_1",
      tenantId: OWNER.tenantId,
    });
    expect(item(850, 200, OWNER.tenantId)?.message).to.include(
      "1.50 EUR of pi_1 was paid by customer cus_1 of tenant clacme0001",
    );
    const guest = foreignPayment(
      { ...PAYMENT, customerId: null },
      { kept: { amount: 150, currency: "eur" }, forNothing: 900, owner: null, tenantId: null },
    );
    expect(guest?.message).to.include("paid by a guest");
  });
});
