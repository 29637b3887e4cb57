import { expect } from "chai";
import { I18n } from "../../../src/adapters/dashboard/client/i18n.js";
import {
  dueLaterView,
  owedView,
  processingText,
} from "../../../src/adapters/dashboard/client/overview_view.js";
import { planStatus } from "../../../src/adapters/dashboard/client/standing/plan_status.js";
import type { Subscription } from "../../../src/adapters/dashboard/client/types.js";
import { END_REASONS } from "../../../src/domain/subscription/customer_snapshot.ts";
import { ENTITLEMENT_REASONS } from "../../../src/domain/subscription/entitlement.ts";
import { SUBSCRIPTION_STATUSES } from "../../../src/domain/subscription/subscription.ts";
import { emails, FREE_SUBSCRIPTION, PLANS, SUBSCRIPTION } from "../../samples/page.ts";

const ENGLISH = new I18n("en");
const END = "2026-12-23T10:00:00.000Z";
const ENDED = { planSlug: "pro", at: "2026-11-14T10:00:00Z" };
const OWED = {
  amount: 2_900,
  invoiceAmount: 2_900,
  currency: "eur",
  dueAt: null,
  invoiceUrl: "https://pay.example/1",
};
const PROCESSING = { amount: 2_900, currency: "eur" };

/** What is said of a subscription to Pro, or of another one, that differs in this. */
function said(changes: object, subscription: object = SUBSCRIPTION) {
  const changed = { ...subscription, ...changes } as Subscription;
  const { tone, label, sentence, action } = planStatus(changed, PLANS, ENGLISH);
  return [tone, label, sentence, action];
}

describe("what is owed and what is on its way, in words", () => {
  it("P36 says that a payment is on its way, and nothing of what to pay", () => {
    const text = (changes: object) => processingText({ ...SUBSCRIPTION, ...changes }, ENGLISH);
    expect(text({})).to.equal(null);
    expect(text({ processing: PROCESSING })).to.equal(
      "Your payment of €29.00 is on its way. There is nothing to do.",
    );
    for (const more of [{ owed: OWED }, { status: "paused" }]) {
      expect(text({ processing: PROCESSING, ...more })).to.equal(
        "Your payment of €29.00 is on its way.",
      );
    }
  });

  it("P36 says whose limits hold until a payment arrives that is on its way", () => {
    const until = (plan: string) =>
      `The limits of ${plan} apply until the payment arrives. A bank debit takes some days.`;
    const first = { reason: "first_payment_owed", effectivePlanSlug: "free" };
    for (const status of ["active", "incomplete"]) {
      expect(said({ ...first, status, processing: PROCESSING })).to.deep.equal([
        "info",
        "Payment on its way",
        until("Free"),
        "cancel",
      ]);
    }
    const change = { reason: "change_owed", effectivePlanSlug: "starter", processing: PROCESSING };
    const arrives =
      "The change takes effect when the payment arrives. A bank debit takes some days.";
    expect(said(change)[2]).to.equal(arrives);
    const overdue = { ...first, status: "past_due", reason: "renewal_overdue" };
    expect(said({ ...overdue, processing: PROCESSING })[2]).to.equal(until("Free"));
    const unpaid = { ...first, status: "unpaid", reason: "not_subscribed" };
    expect(said({ ...unpaid, processing: PROCESSING })[2]).to.equal(until("Free"));
  });

  it("P36 says how long a plan goes on whose renewal is on its way", () => {
    const grace = {
      status: "past_due",
      reason: "renewal_in_grace",
      graceEndsAt: "2026-12-07T10:00:00Z",
      processing: PROCESSING,
    };
    expect(said(grace)).to.deep.equal([
      "info",
      "Payment on its way",
      "Pro goes on until December 7, 2026, and after that once the payment has arrived. A bank debit takes some days.",
      "cancel",
    ]);
    expect(said({ ...grace, cancelAt: END }).slice(2)).to.deep.equal([
      "Pro ends on December 23, 2026 as arranged.",
      "resume",
    ]);
    expect(said({ ...grace, owed: OWED })[3], "something else is owed").to.equal("pay");
    expect(said({ processing: PROCESSING }), "an ordinary renewal").to.deep.equal(said({}));
  });

  it("P17 leaves a pause alone while a payment is on its way", () => {
    const paused = { status: "paused", resumable: true, reason: "not_subscribed" };
    expect(said({ ...paused })[3]).to.equal("unpause");
    expect(said({ ...paused, processing: PROCESSING })[3]).to.equal("none");
  });

  it("says that a plan ended because it was not paid only where that is why", () => {
    const because = (reason: string | null, changes: object = { owed: OWED }) =>
      said({ ended: { ...ENDED, reason }, ...changes }, FREE_SUBSCRIPTION)[2];
    const owing =
      "Pro ended on November 14, 2026, and a payment is open. Paying now does not bring it back: the limits of Free apply.";
    expect([...END_REASONS, null].map((reason) => because(reason))).to.deep.equal([
      "Pro ended on November 14, 2026 because it was not paid. Paying now does not bring it back: the limits of Free apply.",
      "Pro ended on November 14, 2026 because a payment was disputed. Paying now does not bring it back: the limits of Free apply.",
      owing,
      owing,
    ]);
    expect(because("payment_failed", { processing: PROCESSING })).to.equal(
      "Pro ended on November 14, 2026. The limits of Free apply.",
    );
  });

  it("says when a plan ends whose change is owed, and why its limits do not hold", () => {
    const owing = { reason: "change_owed", effectivePlanSlug: "starter", owed: OWED };
    const why = "The limits of Starter apply: the change has not been paid.";
    expect(said(owing)).to.deep.equal(["bad", "Payment open", why, "pay"]);
    const ends = `${why} Pro ends on December 23, 2026 as arranged.`;
    expect(said({ ...owing, cancelAt: END })[2]).to.equal(ends);
    const declined = { ...owing, status: "past_due" };
    expect(said(declined)).to.deep.equal(["bad", "Payment failed", why, "pay"]);
    expect(said({ ...declined, cancelAt: END })[2]).to.equal(ends);
    expect(said({ ...declined, effectivePlanSlug: "pro" })[2], "of the interval").to.equal(
      "The limits of Pro apply: the change has not been paid.",
    );
  });

  it("P36 says that a plan that was to change goes on in grace", () => {
    const grace = {
      status: "past_due",
      reason: "renewal_in_grace",
      planSlug: "starter",
      effectivePlanSlug: "pro",
      graceEndsAt: "2026-12-07T10:00:00Z",
    };
    expect(said({ ...grace, owed: OWED })).to.deep.equal([
      "warning",
      "Payment failed",
      "Payment failed, access until December 7, 2026. Pay what is owed to keep Starter.",
      "pay",
    ]);
    expect(said({ ...grace, processing: PROCESSING })[2]).to.equal(
      "The change takes effect when the payment arrives. A bank debit takes some days.",
    );
  });

  it("is not alarmed while the invoice of a renewal is being made", () => {
    const owed = { ...OWED, invoiceUrl: null };
    const renewing = { reason: "renewal_in_grace", graceEndsAt: "2026-12-07T10:00:00Z", owed };
    expect(said(renewing)).to.deep.equal(["info", "Renewing", "Pro is being renewed.", "cancel"]);
    const view = (changes: object) => owedView({ ...SUBSCRIPTION, ...changes }, ENGLISH);
    expect(view(renewing)).to.include({
      tone: "info",
      text: "€29.00 is about to be invoiced.",
      note: "There is nothing to do now.",
      url: null,
    });
    const stuck = { ...renewing, reason: "renewal_overdue", effectivePlanSlug: "free" };
    expect(said(stuck)[0]).to.equal("bad");
    expect(view(stuck)).to.include({
      tone: "bad",
      text: "€29.00 is owed.",
      note: "Its invoice is not finished. Ask the support if it stays so.",
    });
  });

  it("shows what is due later, where it is paid, and asks for nothing", () => {
    const dueLater = { ...OWED, dueAt: END };
    expect(dueLaterView({ dueLater: null }, ENGLISH)).to.equal(null);
    expect(dueLaterView({ dueLater: { ...OWED, dueAt: null } }, ENGLISH)).to.equal(null);
    expect(dueLaterView({ dueLater }, ENGLISH)).to.deep.equal({
      tone: "info",
      text: "€29.00 is due on December 23, 2026.",
      note: "",
      pay: "Pay €29.00",
      url: "https://pay.example/1",
    });
    expect(said({ dueLater })).to.deep.equal(said({}));
  });

  it("says what else is not paid where the plan is", () => {
    const extra = "An invoice for something beside the plan is not paid. Pay it under Invoices";
    expect(said({ status: "past_due" }).slice(2)).to.deep.equal([
      `${extra} to keep Pro.`,
      "cancel",
    ]);
  });

  it("says that a first payment failed that nobody can make any more", () => {
    const failed = { reason: "first_payment_owed", effectivePlanSlug: "free" };
    expect(said(failed)).to.deep.equal([
      "warning",
      "Payment failed",
      "The first payment of Pro failed. The limits of Free apply until the next invoice is paid.",
      "cancel",
    ]);
  });

  it("says of e-mails that are used up beside a payment that failed", () => {
    const grace = { status: "past_due", reason: "renewal_in_grace", owed: OWED };
    const usage = { emails: emails(5_000, 5_500) };
    expect(said({ ...grace, usage })).to.deep.equal([
      "warning",
      "Payment failed",
      "Payment failed. Pay what is owed to keep Pro. The month's e-mails are used up.",
      "pay",
    ]);
  });

  it("P44 promises nothing until a tenant's end where something is owed", () => {
    const tenantEnd = { at: END, isOver: false };
    const ends = "This tenant ends on December 23, 2026, and nothing more can be bought.";
    const overdue = { status: "past_due", reason: "renewal_overdue", effectivePlanSlug: "free" };
    expect(said({ ...overdue, owed: OWED, tenantEnd })[2]).to.equal(
      `Payment failed. The limits of Free apply until it is paid. ${ends}`,
    );
    const arriving = { ...overdue, processing: PROCESSING, tenantEnd };
    expect(said(arriving).slice(1)).to.deep.equal([
      "Payment on its way",
      `The limits of Free apply until the payment arrives. A bank debit takes some days. ${ends}`,
      "none",
    ]);
  });

  it("has words in every language for everything that can be on its way", () => {
    for (const language of ["en", "es"]) {
      for (const status of SUBSCRIPTION_STATUSES) {
        for (const reason of ENTITLEMENT_REASONS) {
          for (const graceEndsAt of [null, END]) {
            const changes = { status, reason, graceEndsAt, processing: PROCESSING };
            const subscription = { ...SUBSCRIPTION, ...changes } as Subscription;
            const { label, sentence } = planStatus(subscription, PLANS, new I18n(language));
            expect(label, `${language} ${status}`).to.match(/\p{L}{3}/u);
            expect(sentence, `${language} ${status}`).to.match(/\.$/).and.to.not.include("{");
          }
        }
      }
    }
  });
});
