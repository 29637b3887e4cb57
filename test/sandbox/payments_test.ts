import { expect } from "chai";
import type { Stripe } from "stripe";
import { eventsOf } from "./plans.ts";
import { type Rig, refusal, seed, startRig, stopRigs, subscribe } from "./rig.ts";

function pay(
  { stripe }: Rig,
  payment_method: string,
  params: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({
    amount: 2000,
    currency: "usd",
    confirm: true,
    payment_method,
    ...params,
  });
}

async function sumOfBooks({ stripe }: Rig): Promise<number> {
  const { data } = await stripe.balanceTransactions.list({ limit: 100 });
  return data.reduce((sum, { net }) => sum + net, 0);
}

/** docs.stripe.com/payments/paymentintents/lifecycle, docs.stripe.com/testing. */
describe("payments in the sandbox", () => {
  afterEach(stopRigs);

  it("succeed, are declined with 402, or wait for their holder, as their card says", async () => {
    const rig = await startRig();
    expect(await eventsOf(rig, () => pay(rig, "pm_card_visa"))).to.deep.equal([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
    ]);
    const declined = await refusal(pay(rig, "pm_card_visa_chargeDeclinedInsufficientFunds"));
    expect(declined).to.include({ statusCode: 402, code: "card_declined" });
    expect(declined).to.include({ decline_code: "insufficient_funds" });
    const waiting = await pay(rig, "pm_card_authenticationRequired");
    expect(waiting.status).to.equal("requires_action");
    const alone = await refusal(pay(rig, "pm_card_authenticationRequired", { off_session: true }));
    expect(alone).to.include({ statusCode: 402, code: "authentication_required" });
    expect(await sumOfBooks(rig)).to.equal(2000);
  });

  it("can be held and captured later, in part, or released", async () => {
    const rig = await startRig();
    const held = await pay(rig, "pm_card_visa", { capture_method: "manual" });
    expect(held).to.include({ status: "requires_capture", amount_capturable: 2000 });
    expect(await sumOfBooks(rig)).to.equal(0);
    const much = await refusal(
      rig.stripe.paymentIntents.capture(held.id, { amount_to_capture: 2001 }),
    );
    expect(much.statusCode).to.equal(400);
    const taken = await rig.stripe.paymentIntents.capture(held.id, { amount_to_capture: 1500 });
    expect(taken).to.include({ status: "succeeded", amount_received: 1500 });
    expect(await sumOfBooks(rig)).to.equal(1500);
    const other = await pay(rig, "pm_card_visa", { capture_method: "manual" });
    expect((await rig.stripe.paymentIntents.cancel(other.id)).status).to.equal("canceled");
    expect((await refusal(rig.stripe.paymentIntents.cancel(taken.id))).statusCode).to.equal(400);
  });

  it("by bank debit are in processing for days, and then succeed", async () => {
    const rig = await startRig();
    const intent = await pay(rig, "pm_sepaDebit_success", { currency: "eur" });
    expect(intent.status).to.equal("processing");
    expect(await sumOfBooks(rig)).to.equal(0);
    const types = await eventsOf(rig, () => rig.advance({ advanceDays: 5 }));
    expect(types).to.deep.equal(["charge.succeeded", "payment_intent.succeeded"]);
    expect(await sumOfBooks(rig)).to.equal(2000);
  });

  it("are refused below the smallest amount of their currency", async () => {
    const rig = await startRig();
    for (const [currency, amount] of [
      ["usd", 49],
      ["gbp", 29],
      ["jpy", 49],
    ] as const) {
      const error = await refusal(pay(rig, "pm_card_visa", { currency, amount }));
      expect(error).to.include({ statusCode: 400, code: "amount_too_small" });
    }
  });
});

/** docs.stripe.com/refunds, docs.stripe.com/testing#refunds. */
describe("refunds in the sandbox", () => {
  afterEach(stopRigs);

  /** stripe-node, `refunds.cancel`: only those that wait for their customer can be canceled. */
  it("cannot be canceled, as none waits for its customer", async () => {
    const rig = await startRig();
    const { latest_charge: charge } = await pay(rig, "pm_card_visa");
    const { id } = await rig.stripe.refunds.create({ charge: String(charge) });
    const refused = await refusal(rig.stripe.refunds.cancel(id));
    expect(refused.message).to.contain("requires_action").and.to.contain("succeeded");
    expect(await refusal(rig.stripe.refunds.cancel("re_none"))).to.include({ statusCode: 404 });
  });

  it("take money from the books, in parts, and no more than there was", async () => {
    const rig = await startRig();
    const { latest_charge: charge } = await pay(rig, "pm_card_visa");
    await rig.stripe.refunds.create({ charge: String(charge), amount: 700 });
    expect(await sumOfBooks(rig)).to.equal(1300);
    const much = await refusal(rig.stripe.refunds.create({ charge: String(charge), amount: 1301 }));
    expect(much.statusCode).to.equal(400);
    await rig.stripe.refunds.create({ charge: String(charge) });
    expect(await rig.stripe.charges.retrieve(String(charge))).to.include({
      refunded: true,
      amount_refunded: 2000,
    });
    expect((await refusal(rig.stripe.refunds.create({ charge: String(charge) }))).code).to.equal(
      "charge_already_refunded",
    );
    expect(await sumOfBooks(rig)).to.equal(0);
  });

  it("are pending for a day, or fail after one, with the cards for that", async () => {
    const rig = await startRig();
    const slow = await pay(rig, "pm_card_pendingRefund");
    const failing = await pay(rig, "pm_card_refundFail");
    const pending = await rig.stripe.refunds.create({ payment_intent: slow.id });
    const doomed = await rig.stripe.refunds.create({ payment_intent: failing.id });
    expect([pending.status, doomed.status]).to.deep.equal(["pending", "succeeded"]);
    const types = await eventsOf(rig, () => rig.advance({ advanceDays: 1 }));
    expect(types).to.deep.equal([
      "refund.updated",
      "charge.refund.updated",
      "refund.updated",
      "refund.failed",
      "charge.refund.updated",
    ]);
    expect((await rig.stripe.refunds.retrieve(pending.id)).status).to.equal("succeeded");
    expect((await rig.stripe.refunds.retrieve(doomed.id)).status).to.equal("failed");
    expect(await sumOfBooks(rig)).to.equal(2000);
  });
});

/** docs.stripe.com/disputes, docs.stripe.com/testing#disputes. */
describe("disputes in the sandbox", () => {
  afterEach(stopRigs);

  it("of a subscription's payment take its money and give it back when they are won", async () => {
    const rig = await startRig();
    const { latest_invoice: invoice } = await subscribe(rig, await seed(rig));
    const types = await eventsOf(rig, () =>
      rig.control("POST", `/payments/${invoice}/dispute`, { reason: "product_not_received" }),
    );
    expect(types).to.deep.equal(["charge.dispute.created", "charge.dispute.funds_withdrawn"]);
    const [dispute] = (await rig.stripe.disputes.list()).data;
    expect(dispute).to.include({ amount: 4900, status: "needs_response" });
    expect(await sumOfBooks(rig)).to.equal(0);
    const blocked = await refusal(rig.stripe.refunds.create({ charge: String(dispute?.charge) }));
    expect(blocked.code).to.equal("charge_disputed");
    const id = String(dispute?.id);
    const won = await rig.stripe.disputes.update(id, {
      evidence: { uncategorized_text: "winning_evidence" },
    });
    expect(won.status).to.equal("won");
    expect(await sumOfBooks(rig)).to.equal(4900);
    expect((await refusal(rig.stripe.disputes.close(id))).statusCode).to.equal(400);
  });

  it("that are accepted are lost; an inquiry takes nothing", async () => {
    const rig = await startRig();
    await pay(rig, "pm_card_createDispute");
    const inquired = await pay(rig, "pm_card_createDisputeInquiry");
    expect(await sumOfBooks(rig)).to.equal(2000);
    const { data } = await rig.stripe.disputes.list();
    const lost = data.find(({ payment_intent: of }) => of !== inquired.id);
    expect((await rig.stripe.disputes.close(String(lost?.id))).status).to.equal("lost");
    const closed = data.find(({ payment_intent: of }) => of === inquired.id);
    expect(closed?.status).to.equal("warning_needs_response");
  });

  it("may be announced by a warning of fraud", async () => {
    const rig = await startRig();
    const types = await eventsOf(rig, () => pay(rig, "pm_card_createIssuerFraudRecord"));
    expect(types).to.include("radar.early_fraud_warning.created");
    const { data } = await rig.stripe.radar.earlyFraudWarnings.list();
    expect(data[0]).to.include({ actionable: true });
  });
});

/** docs.stripe.com/api/balance_transactions: an independent look at what came of all this. */
describe("the sandbox's books", () => {
  afterEach(stopRigs);

  it("hold every movement, pending for two days and available after them", async () => {
    const rig = await startRig();
    await pay(rig, "pm_card_visa");
    const [balance] = (await rig.stripe.balance.retrieve()).pending;
    expect(balance).to.include({ amount: 2000, currency: "usd" });
    await rig.advance({ advanceDays: 2 });
    const after = await rig.stripe.balance.retrieve();
    expect(after.available[0]).to.include({ amount: 2000 });
    const [entry] = (await rig.stripe.balanceTransactions.list({ type: "charge" })).data;
    expect(entry).to.include({ amount: 2000, fee: 0, net: 2000, status: "available" });
  });
});
