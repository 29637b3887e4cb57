import { expect } from "chai";
import { PortError } from "../../../../src/application/ports/port_error.ts";
import { connected } from "../connected.ts";
import { at, fixture, type Json, page } from "../fixture.ts";
import { useRecordedApi } from "../recorded_api.ts";
import { rejectionOf } from "../rejection_of.ts";

const CHANGE = {
  customerId: "cus_QvAcme",
  subscriptionId: "sub_1QvEndive",
  itemId: "si_QvEndive",
  priceId: "price_business",
  quantity: 3,
  endsTrial: false,
};
const PREVIEW = "/v1/invoices/create_preview";
const PAYMENTS = "/v1/invoice_payments";
const REFUNDS = "/v1/refunds";

function payment(id: string, source: object) {
  return { id, object: "invoice_payment", payment: source };
}

function refusal(status: number, code: string) {
  return { status, body: { error: { type: "invalid_request_error", code, message: "no" } } };
}

describe("StripePaymentGateway: plan changes", () => {
  const api = useRecordedApi();
  const { gateway } = connected();

  it("P19 previewChange asks for the invoice that the change would make", async () => {
    const invoice = fixture("invoice_endive", {
      amount_due: 1_250,
      total: 1_500,
      starting_balance: -250,
      total_taxes: [
        { amount: 150, tax_behavior: "exclusive" },
        { amount: 50, tax_behavior: "inclusive" },
      ],
      total_discount_amounts: [{ amount: 100, discount: "di_1" }],
    });
    api.answer("POST", PREVIEW, { body: invoice });
    const preview = await gateway.previewChange(CHANGE, "now");
    const amounts = { dueNow: 1_250, total: 1_500, startingBalance: -250, tax: 200 };
    expect(preview).to.include({ ...amounts, currency: "eur" });
    expect(preview.discount).to.equal(100);
    const [line] = at(invoice, "lines").data as Json[];
    expect(preview.lines[0]).to.deep.include({
      description: line?.description,
      amount: line?.amount,
      priceId: "price_1QvStarterMonthly",
      credited: [],
    });
    expect(api.requests[0]?.form).to.deep.equal({
      customer: "cus_QvAcme",
      subscription: "sub_1QvEndive",
      "subscription_details[items][0][id]": "si_QvEndive",
      "subscription_details[items][0][price]": "price_business",
      "subscription_details[items][0][quantity]": "3",
      "subscription_details[proration_behavior]": "always_invoice",
      "subscription_details[billing_cycle_anchor][type]": "now",
    });
  });

  it("P19 previewChange asks for what recurs, and for a new subscription", async () => {
    const purchase = {
      customerId: "cus_QvAcme",
      priceId: "price_business",
      trialEnd: null,
      automaticTax: false,
    };
    const details = "subscription_details";
    const bought = {
      customer: "cus_QvAcme",
      [`${details}[items][0][price]`]: "price_business",
      [`${details}[items][0][quantity]`]: "1",
    };
    const changed = {
      subscription: "sub_1QvEndive",
      [`${details}[items][0][id]`]: "si_QvEndive",
      [`${details}[items][0][quantity]`]: "3",
    };
    const recurs = { preview_mode: "recurring" };
    const trialEnd = new Date("2026-12-01T00:00:00Z");
    const trial = { [`${details}[trial_end]`]: String(trialEnd.getTime() / 1000) };
    const asked = [
      [purchase, "now", bought],
      [{ ...purchase, trialEnd }, "now", { ...bought, ...trial }],
      [{ ...purchase, automaticTax: true }, "now", { ...bought, "automatic_tax[enabled]": "true" }],
      [{ ...purchase, trialEnd }, "recurring", { ...bought, ...recurs }],
      [{ ...CHANGE, endsTrial: true }, "recurring", { ...bought, ...changed, ...recurs }],
    ] as const;
    for (const [change, part, form] of asked) {
      api.answer("POST", PREVIEW, { body: fixture("invoice_endive") });
      await gateway.previewChange(change, part);
      expect(api.requests.at(-1)?.form).to.deep.equal(form);
    }
  });

  it("P19 previewChange asks for the next renewal, with the discounts that hold then", async () => {
    const asked = [
      [["di_1", "di_2"], { "discounts[0][discount]": "di_1", "discounts[1][discount]": "di_2" }],
      [[], { discounts: "" }],
    ] as const;
    for (const [discountIds, form] of asked) {
      api.answer("POST", PREVIEW, { body: fixture("invoice_endive") });
      await gateway.previewChange({ ...CHANGE, discountIds }, "at_renewal");
      expect(api.requests.at(-1)?.form).to.deep.equal({
        customer: "cus_QvAcme",
        subscription: "sub_1QvEndive",
        "subscription_details[items][0][id]": "si_QvEndive",
        "subscription_details[items][0][price]": "price_business",
        "subscription_details[items][0][quantity]": "3",
        "subscription_details[proration_behavior]": "none",
        ...form,
      });
    }
  });

  it("P43 previewChange leaves out the tax that Stripe cannot compute, and no other refusal", async () => {
    const purchase = {
      customerId: "cus_QvAcme",
      priceId: "price_business",
      trialEnd: null,
      automaticTax: true,
    };
    for (const asked of [purchase, CHANGE]) {
      api.answer("POST", PREVIEW, refusal(400, "customer_tax_location_invalid"));
      api.answer("POST", PREVIEW, { body: fixture("invoice_endive") });
      expect(await gateway.previewChange(asked, "now")).to.include({ tax: 0 });
      const [first, second] = api.requests.slice(-2).map(({ form }) => form);
      expect(second).to.deep.equal({ ...first, "automatic_tax[enabled]": "false" });
    }
    api.answer("POST", PREVIEW, refusal(400, "parameter_invalid_empty"));
    const refused = await rejectionOf(gateway.previewChange(purchase, "now"));
    expect(refused).to.be.instanceOf(PortError).and.include({ transient: false });
  });

  it("P19 previewChange says whether the change ends a trial", async () => {
    api.answer("POST", PREVIEW, { body: fixture("invoice_endive") });
    await gateway.previewChange({ ...CHANGE, endsTrial: true }, "now");
    expect(api.requests[0]?.form).to.include({ "subscription_details[trial_end]": "now" });
  });

  it("P17 resumeSubscription charges at once, for a new period or for none", async () => {
    const path = "/v1/subscriptions/sub_1QvEndive/resume";
    const subscriptionId = "sub_1QvEndive";
    for (const [keepsPeriod, form] of [
      [false, { "billing_cycle_anchor[type]": "now" }],
      [true, { "billing_cycle_anchor[type]": "unchanged", proration_behavior: "none" }],
    ] as const) {
      api.answer("POST", path, { body: fixture("subscription_endive") });
      await gateway.resumeSubscription({ subscriptionId, keepsPeriod }, "resume:one");
      const request = api.requests.at(-1);
      const payment_behavior = "resume_on_payment_success";
      expect(request?.form).to.deep.equal({ payment_behavior, ...form });
      expect(request?.headers.get("idempotency-key")).to.equal("resume:one");
    }
  });

  it("P17 createPortalSession leads to the page that confirms the change", async () => {
    const url = "https://billing.stripe.com/p/session/1";
    const body = { id: "bps_1", object: "billing_portal.session", url };
    api.answer("POST", "/v1/billing_portal/sessions", { body });
    const { customerId, subscriptionId, itemId, priceId, quantity } = CHANGE;
    const answer = await gateway.createPortalSession({
      customerId,
      configurationId: "bpc_1Qv",
      returnUrl: "https://app.example.com/plans",
      completedUrl: "https://app.example.com/done",
      flow: { type: "subscription_update_confirm", subscriptionId, itemId, priceId, quantity },
    });
    expect(answer).to.deep.equal({ url });
    const confirm = "flow_data[subscription_update_confirm]";
    expect(api.requests[0]?.form).to.deep.equal({
      customer: "cus_QvAcme",
      configuration: "bpc_1Qv",
      return_url: "https://app.example.com/plans",
      "flow_data[type]": "subscription_update_confirm",
      [`${confirm}[subscription]`]: "sub_1QvEndive",
      [`${confirm}[items][0][id]`]: "si_QvEndive",
      [`${confirm}[items][0][price]`]: "price_business",
      [`${confirm}[items][0][quantity]`]: "3",
      "flow_data[after_completion][type]": "redirect",
      "flow_data[after_completion][redirect][return_url]": "https://app.example.com/done",
    });
  });

  it("P22 findCustomer searches by the tenant's id; what was deleted since does not count", async () => {
    const gone = { id: "cus_QvGone", object: "customer", deleted: true };
    const data = [fixture("customer", { id: gone.id }), fixture("customer")];
    const body = { object: "search_result", data, has_more: false };
    api.answer("GET", "/v1/customers/search", { body });
    api.answer("GET", "/v1/customers/cus_QvGone", { body: gone });
    api.answer("GET", "/v1/customers/cus_QvAcme", { body: fixture("customer") });
    expect(await gateway.findCustomer("acme_mail")).to.equal("cus_QvAcme");
    expect(api.requests[0]?.query.query).to.equal("metadata['tenantId']:'acme_mail'");
    api.answer("GET", "/v1/customers/search", { body: { ...body, data: [] } });
    expect(await gateway.findCustomer("acme_mail")).to.equal(undefined);
  });

  it("P35 findCustomer asks for the tenant's id and nothing else, and takes no other tenant's", async () => {
    const ids = ["x' OR metadata['tenantId']:'acme_mail", String.raw`x\\' OR y`, "ACME_MAIL"];
    for (const tenantId of ids) {
      const body = { object: "search_result", data: [fixture("customer")], has_more: false };
      api.answer("GET", "/v1/customers/search", { body });
      api.answer("GET", "/v1/customers/cus_QvAcme", { body: fixture("customer") });
      expect(await gateway.findCustomer(tenantId), tenantId).to.equal(undefined);
    }
    const asked = api.requests.flatMap(({ query: { query } }) => query ?? []);
    expect(asked).to.deep.equal([
      String.raw`metadata['tenantId']:'x\' OR metadata[\'tenantId\']:\'acme_mail'`,
      String.raw`metadata['tenantId']:'x\\\\\' OR y'`,
      "metadata['tenantId']:'ACME_MAIL'",
    ]);
  });

  it("P18 refundInvoice gives every payment back, each under a key of its own", async () => {
    const intent = payment("inpay_1", { type: "payment_intent", payment_intent: "pi_1" });
    const charge = payment("inpay_2", { type: "charge", charge: "ch_1" });
    const record = payment("inpay_3", { type: "payment_record", payment_record: "pr_1" });
    api.answer("GET", PAYMENTS, { body: page([intent, charge, record]) });
    api.answer("POST", REFUNDS, { body: { id: "re_1", object: "refund", amount: 900 } });
    api.answer("POST", REFUNDS, { body: { id: "re_2", object: "refund", amount: 100 } });
    expect(await gateway.refundInvoice("in_1", "key")).to.deep.equal({ refunded: 1_000 });
    const [list, first, second] = api.requests;
    expect(list?.query).to.deep.equal({ invoice: "in_1", status: "paid" });
    expect(first?.form).to.include({ payment_intent: "pi_1", reason: "duplicate" });
    expect(second?.form).to.include({ charge: "ch_1" });
    expect(first?.headers.get("idempotency-key")).to.equal("key:inpay_1");
    expect(second?.headers.get("idempotency-key")).to.equal("key:inpay_2");
  });

  it("P18 refundInvoice takes what was given back before for done", async () => {
    const intent = payment("inpay_1", { type: "payment_intent", payment_intent: "pi_1" });
    api.answer("GET", PAYMENTS, { body: page([intent]) });
    api.answer("POST", REFUNDS, refusal(400, "charge_already_refunded"));
    expect(await gateway.refundInvoice("in_1", "key")).to.deep.equal({ refunded: 0 });
    api.answer("GET", PAYMENTS, { body: page([intent]) });
    api.answer("POST", REFUNDS, refusal(400, "charge_disputed"));
    expect(await rejectionOf(gateway.refundInvoice("in_1", "key"))).to.be.instanceOf(PortError);
  });
});
