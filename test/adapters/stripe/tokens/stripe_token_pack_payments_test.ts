import { expect } from "chai";
import { NO_PAPERWORK } from "../../../samples/catalog.ts";
import { connected } from "../connected.ts";
import { fixture, type Json, page } from "../fixture.ts";
import { useRecordedApi } from "../recorded_api.ts";
import { rejectionOf } from "../rejection_of.ts";

const SESSIONS = "/v1/checkout/sessions";
const CREATED = 1_788_171_300;
const METADATA = { tenantId: "acme_mail", kind: "token_pack", packSlug: "growth", tokens: "50000" };
const REQUEST = {
  tenantId: "acme_mail",
  customerId: "cus_QvAcme",
  priceId: "price_growth",
  packSlug: "growth",
  tokens: 50_000,
  successUrl: "https://app.example.com/done",
  cancelUrl: "https://app.example.com/billing",
  paperwork: NO_PAPERWORK,
  invoice: true,
};

function charge(changes: Json = {}): Json {
  return { id: "ch_1", object: "charge", disputed: false, refunds: page([]), ...changes };
}

/** A completed session that sold a pack, with its payment expanded as it was asked for. */
function sold(changes: Json = {}, paidBy: Json | null = charge()): Json {
  return fixture("checkout_session", {
    id: "cs_pack",
    mode: "payment",
    status: "complete",
    payment_status: "paid",
    amount_total: 2_000,
    metadata: METADATA,
    url: null,
    payment_intent: paidBy && {
      id: "pi_1",
      object: "payment_intent",
      latest_charge: paidBy,
      customer: "cus_1",
    },
    ...changes,
  });
}

function refund(status: string, changes: Json = {}): Json {
  return { id: "re_1", object: "refund", amount: 500, created: CREATED, status, ...changes };
}

function dispute(status: string): Json {
  return { id: "dp_1", object: "dispute", amount: 2_000, created: CREATED, status };
}

describe("StripeTokenPackPayments", () => {
  const api = useRecordedApi();
  const { packs } = connected();
  const purchases = () => packs.purchases("cus_QvAcme", "acme_mail", false);

  it("P20 P22 createPackCheckout sells one pack at one price, and says what on the payment", async () => {
    api.answer("POST", SESSIONS, { body: fixture("checkout_session", { mode: "payment" }) });
    expect(await packs.createPackCheckout(REQUEST, "pack-checkout:1")).to.deep.equal({
      id: "cs_test_a1QvAcme",
      url: "https://checkout.stripe.com/c/pay/cs_test_a1QvAcme",
    });
    const { form, headers } = api.single();
    const metadata = (prefix: string) =>
      Object.fromEntries(
        Object.entries(METADATA).map(([key, value]) => [`${prefix}[${key}]`, value]),
      );
    expect(form).to.deep.equal({
      mode: "payment",
      customer: "cus_QvAcme",
      client_reference_id: "acme_mail",
      "line_items[0][price]": "price_growth",
      "line_items[0][quantity]": "1",
      success_url: REQUEST.successUrl,
      cancel_url: REQUEST.cancelUrl,
      ...metadata("metadata"),
      ...metadata("payment_intent_data[metadata]"),
      "invoice_creation[enabled]": "true",
      ...metadata("invoice_creation[invoice_data][metadata]"),
      "adaptive_pricing[enabled]": "false",
      "automatic_tax[enabled]": "false",
      "managed_payments[enabled]": "false",
    });
    expect(headers.get("idempotency-key")).to.equal("pack-checkout:1");
  });

  it("P29 purchases reads completed Checkouts with their payments in one call", async () => {
    api.answer("GET", SESSIONS, { body: page([sold()]) });
    expect(await purchases()).to.deep.equal([
      {
        sessionId: "cs_pack",
        packSlug: "growth",
        tokens: 50_000,
        amount: 2_000,
        paid: true,
        reversals: [],
      },
    ]);
    expect(api.single().query).to.deep.equal({
      customer: "cus_QvAcme",
      status: "complete",
      limit: "100",
      "expand[0]": "data.payment_intent.latest_charge.refunds",
    });
  });

  it("P29 purchases tells what is not paid yet", async () => {
    const sessions = [
      { payment_status: "unpaid" },
      { payment_status: "no_payment_required" },
      { payment_status: "no_payment_required", amount_total: 0 },
    ].map((changes) => sold(changes, null));
    api.answer("GET", SESSIONS, { body: page(sessions) });
    const paid = (await purchases()).map((purchase) => purchase.paid);
    expect(paid, "a code left nothing to pay of the last").to.deep.equal([false, false, true]);
  });

  it("P07 purchases leaves out subscriptions, other tenants' and other products' payments", async () => {
    const sessions = [
      sold({ mode: "subscription" }),
      sold({ metadata: {} }),
      sold({ metadata: null }),
      sold({ metadata: { ...METADATA, kind: "poster" } }),
      sold({ metadata: { ...METADATA, tenantId: "other_mail" } }),
    ];
    api.answer("GET", SESSIONS, { body: page(sessions) });
    expect(await purchases()).to.deep.equal([]);
  });

  for (const [status, inForce] of [
    ["succeeded", true],
    ["pending", true],
    ["requires_action", true],
    ["failed", false],
    ["canceled", false],
  ] as const) {
    it(`P29 a refund that is ${status} is ${inForce ? "" : "not "}in force`, async () => {
      const refunds = page([refund(status)]);
      api.answer("GET", SESSIONS, { body: page([sold({}, charge({ refunds }))]) });
      expect((await purchases())[0]?.reversals).to.deep.equal([
        { id: "re_1", kind: "refund", createdAt: new Date(CREATED * 1000), amount: 500, inForce },
      ]);
    });
  }

  for (const [status, inForce] of [
    ["needs_response", true],
    ["under_review", true],
    ["lost", true],
    ["won", false],
    ["warning_needs_response", false],
    ["warning_under_review", false],
    ["warning_closed", false],
    ["prevented", false],
  ] as const) {
    it(`P29 a dispute that is ${status} is ${inForce ? "" : "not "}in force`, async () => {
      api.answer("GET", SESSIONS, { body: page([sold({}, charge({ disputed: true }))]) });
      api.answer("GET", "/v1/disputes", { body: page([dispute(status)]) });
      expect((await purchases())[0]?.reversals).to.deep.include({
        id: "dp_1",
        kind: "dispute",
        createdAt: new Date(CREATED * 1000),
        amount: 2_000,
        inForce,
      });
      expect(api.requests[1]?.query).to.deep.equal({ charge: "ch_1", limit: "100" });
    });
  }

  it("purchases reads refunds by themselves where the embedded list is cut off or missing", async () => {
    const cut = charge({ refunds: page([refund("failed")], true) });
    const bare = charge({ id: "ch_2", refunds: null });
    const sessions = [sold({}, cut), sold({ id: "cs_2" }, bare)];
    api.answer("GET", SESSIONS, { body: page(sessions) });
    const all = page([refund("failed"), refund("succeeded", { id: "re_2" })]);
    api.answer("GET", "/v1/refunds", { body: all });
    api.answer("GET", "/v1/refunds", { body: page([]) });
    const found = await purchases();
    expect(found.map(({ reversals }) => reversals.map(({ id }) => id))).to.deep.equal([
      ["re_1", "re_2"],
      [],
    ]);
    expect(api.requests.slice(1).map(({ query }) => query.charge)).to.deep.equal(["ch_1", "ch_2"]);
  });

  it("P41 purchases leaves out what does not say how many tokens: no other purchase waits for it", async () => {
    for (const tokens of ["many", "0", "-5", "1e9", "9".repeat(16), "1.5", ""]) {
      const unclear = sold({ id: "cs_unclear", metadata: { ...METADATA, tokens } });
      api.answer("GET", SESSIONS, { body: page([unclear, sold()]) });
      const found = await purchases();
      expect(found.map(({ sessionId }) => sessionId)).to.deep.equal(["cs_pack"]);
    }
  });

  it("purchases is empty for a customer that is gone, and fails for everything else", async () => {
    const gone = { error: { type: "invalid_request_error", code: "resource_missing" } };
    api.answer("GET", SESSIONS, { status: 404, body: gone });
    expect(await purchases()).to.deep.equal([]);
    api.answer("GET", SESSIONS, { status: 500, body: { error: { type: "api_error" } } });
    expect(await rejectionOf(purchases())).to.include({ transient: true });
  });

  const event = (object: Json) => JSON.stringify({ object: "event", data: { object } });

  it("P07 customerOfEvent finds the customer by the payment that the object names", async () => {
    const intent = { id: "pi_1", object: "payment_intent", customer: "cus_QvAcme" };
    api.answer("GET", "/v1/payment_intents/pi_1", { body: intent });
    const payload = event({ ...dispute("won"), payment_intent: "pi_1" });
    expect(await packs.customerOfEvent(payload)).to.equal("cus_QvAcme");
  });

  it("P07 customerOfEvent is null without a payment, for one that is gone, and a guest's", async () => {
    expect(await packs.customerOfEvent(event(refund("failed")))).to.equal(null);
    const gone = { error: { type: "invalid_request_error", code: "resource_missing" } };
    api.answer("GET", "/v1/payment_intents/pi_1", { status: 404, body: gone });
    expect(await packs.customerOfEvent(event({ payment_intent: "pi_1" }))).to.equal(null);
    const guest = { id: "pi_2", object: "payment_intent", customer: null };
    api.answer("GET", "/v1/payment_intents/pi_2", { body: guest });
    expect(await packs.customerOfEvent(event({ payment_intent: "pi_2" }))).to.equal(null);
  });
});
