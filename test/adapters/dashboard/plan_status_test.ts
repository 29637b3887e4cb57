import { expect } from "chai";
import { I18n } from "../../../src/adapters/dashboard/client/i18n.js";
import {
  inForce,
  nextInvoiceText,
  owedView,
  scheduledView,
} from "../../../src/adapters/dashboard/client/overview_view.js";
import { planStatus } from "../../../src/adapters/dashboard/client/standing/plan_status.js";
import type { Subscription } from "../../../src/adapters/dashboard/client/types.js";
import { ENTITLEMENT_REASONS } from "../../../src/domain/subscription/entitlement.ts";
import { SUBSCRIPTION_STATUSES } from "../../../src/domain/subscription/subscription.ts";
import { emails, FREE_SUBSCRIPTION, PLANS, SUBSCRIPTION } from "../../samples/page.ts";

const ENGLISH = new I18n("en");
const END = "2026-12-23T10:00:00.000Z";
const GRACE = { status: "past_due", reason: "renewal_in_grace" };
const LOST = { effectivePlanSlug: "free", reason: "renewal_overdue" };
const OWED = {
  amount: 2_900,
  invoiceAmount: 2_900,
  currency: "eur",
  dueAt: null,
  invoiceUrl: "https://pay.example/1",
};

/** What is said of a subscription to Pro that differs in this. */
function said(changes: object, subscription: object = SUBSCRIPTION) {
  const changed = { ...subscription, ...changes } as Subscription;
  const { tone, sentence, action } = planStatus(changed, PLANS, ENGLISH);
  return [tone, sentence, action];
}

describe("how a subscription stands, in words", () => {
  it("is told of every status", () => {
    expect(said({})).to.deep.equal(["good", "Renews on December 23, 2026.", "cancel"]);
    expect(said({}, FREE_SUBSCRIPTION)).to.deep.equal([
      "good",
      "Nothing to pay. Your limits start anew on December 1, 2026.",
      "none",
    ]);
    expect(said({ status: "trialing", trialEnd: "2026-12-07T10:00:00Z" })).to.deep.equal([
      "info",
      "The free trial ends on December 7, 2026; the first payment is due then.",
      "cancel",
    ]);
    for (const status of ["active", "trialing"]) {
      expect(said({ status, cancelAt: END })).to.deep.equal([
        "warning",
        "Cancels on December 23, 2026. Until then everything stays as it is.",
        "resume",
      ]);
    }
    expect(said({ status: "unpaid", ...LOST })).to.deep.equal([
      "bad",
      "Payments have stopped. The limits of Free apply until it is paid.",
      "pay",
    ]);
    expect(said({ status: "paused", resumable: true, ...LOST })).to.deep.equal([
      "bad",
      "Pro is paused. The limits of Free apply until it is resumed.",
      "unpause",
    ]);
    expect(said({ status: "paused", resumable: false, ...LOST })).to.deep.equal([
      "bad",
      "Pro is paused. The limits of Free apply. Ask the support to resume it.",
      "none",
    ]);
    expect(said({ status: "incomplete", ...LOST })).to.deep.equal([
      "bad",
      "The first payment of Pro is not finished. The limits of Free apply.",
      "finish",
    ]);
  });

  it("P36 tells until when an unpaid renewal keeps its access, and when it has lost it", () => {
    const pastDue = { ...GRACE, graceEndsAt: "2026-12-07T10:00:00Z" };
    expect(said(pastDue)).to.deep.equal([
      "warning",
      "Payment failed, access until December 7, 2026. Pay what is owed to keep Pro.",
      "pay",
    ]);
    expect(said({ ...pastDue, ...LOST })).to.deep.equal([
      "bad",
      "Payment failed. The limits of Free apply until it is paid.",
      "pay",
    ]);
    expect(said({ ...GRACE, graceEndsAt: null })[0]).to.equal("warning");
    expect(said({ ...pastDue, cancelAt: END })).to.deep.equal([
      "warning",
      "Payment failed, access until December 7, 2026. Pay what is owed; Pro ends on December 23, 2026 as arranged.",
      "pay",
    ]);
  });

  it("says that a plan ended because it was not paid, or that it ended", () => {
    const ended = { planSlug: "pro", at: "2026-11-14T10:00:00Z", reason: "payment_failed" };
    expect(said({ ended, owed: OWED }, FREE_SUBSCRIPTION)).to.deep.equal([
      "bad",
      "Pro ended on November 14, 2026 because it was not paid. Paying now does not bring it back: the limits of Free apply.",
      "pay",
    ]);
    expect(said({ ended }, FREE_SUBSCRIPTION)).to.deep.equal([
      "good",
      "Pro ended on November 14, 2026. Nothing to pay. Your limits start anew on December 1, 2026.",
      "none",
    ]);
  });

  it("never says that there is nothing to pay where something is owed", () => {
    expect(said({ owed: OWED }, FREE_SUBSCRIPTION)).to.deep.equal([
      "bad",
      "The limits of Free apply, and a payment is open.",
      "pay",
    ]);
  });

  it("says of an invoice by e-mail that it was not paid, not that a payment failed", () => {
    const owed = { ...OWED, dueAt: END };
    const late = { ...GRACE, owed };
    expect(said({ ...late, graceEndsAt: "2027-01-06T10:00:00Z" })[1]).to.equal(
      "The invoice was not paid in time, access until January 6, 2027. Pay it to keep Pro.",
    );
    expect(said(late)[1]).to.equal("The invoice was not paid in time. Pay it to keep Pro.");
    expect(said({ ...late, ...LOST })[1]).to.equal(
      "The invoice was not paid in time. The limits of Free apply until it is paid.",
    );
  });

  it("P44 says of a tenant that an operator ends when that is, and offers no way back", () => {
    const tenantEnd = { at: END, isOver: false };
    const until =
      "This tenant ends on December 23, 2026. Until then everything stays as it is, but nothing more can be bought.";
    for (const status of ["active", "trialing"]) {
      const ends = said({ status, tenantEnd, cancelAt: END });
      expect(ends).to.deep.equal(["warning", until, "none"]);
    }
    const pastDue = said({ ...GRACE, tenantEnd });
    expect(pastDue).to.deep.equal([
      "warning",
      "Payment failed. Pay what is owed to keep Pro. This tenant ends on December 23, 2026, and nothing more can be bought.",
      "pay",
    ]);
    const over = { at: END, isOver: true };
    expect(said({ tenantEnd: over }, FREE_SUBSCRIPTION)).to.deep.equal([
      "bad",
      "This tenant ended on December 23, 2026. Nothing can be sent, used or bought any more; the invoices stay.",
      "none",
    ]);
  });

  it("says until when a plan goes on that is to change", () => {
    const scheduledChange = { planSlug: "starter", interval: "month", effectiveAt: END };
    expect(said({ scheduledChange })[1]).to.equal("Pro goes on until December 23, 2026.");
  });

  it("is not in order while sending stops", () => {
    const used = (count: number) => said({ usage: { emails: emails(5_000, count) } })[0];
    expect([4_999, 5_000, 5_499, 5_500].map(used)).to.deep.equal([
      "good",
      "warning",
      "warning",
      "bad",
    ]);
    expect(said({ usage: { emails: emails(0, 0) } })[0], "without e-mails").to.equal("good");
    const stopped = { usage: { emails: emails(5_000, 5_500) } };
    const trial = "The free trial ends on December 23, 2026; the first payment is due then.";
    expect(said({ ...stopped, status: "trialing", trialEnd: END })).to.deep.equal([
      "bad",
      `The month's e-mails are used up. ${trial}`,
      "cancel",
    ]);
    const ends = "Cancels on December 23, 2026. Until then everything stays as it is.";
    expect(said({ ...stopped, cancelAt: END })).to.deep.equal([
      "bad",
      `The month's e-mails are used up. ${ends}`,
      "resume",
    ]);
  });

  it("P17 says what is owed and what is scheduled, with amounts and dates", () => {
    const dueAt = "2026-12-20T10:00:00Z";
    const owed = (changes: object) =>
      owedView({ ...SUBSCRIPTION, owed: { ...OWED, ...changes } }, ENGLISH);
    expect(owed({})).to.deep.equal({
      tone: "bad",
      text: "€29.00 is owed.",
      note: "",
      pay: "Pay €29.00",
      url: "https://pay.example/1",
    });
    expect(owed({ amount: 5_800 }), "two invoices, one after the other").to.include({
      text: "€58.00 is owed.",
      pay: "Pay €29.00",
    });
    expect(owed({ dueAt })?.text).to.equal("€29.00 is owed, due on December 20, 2026.");
    expect(owedView(SUBSCRIPTION, ENGLISH)).to.equal(null);
    const scheduled = (planSlug: string | null) =>
      scheduledView(
        { ...SUBSCRIPTION, scheduledChange: { planSlug, interval: "year", effectiveAt: END } },
        PLANS,
        ENGLISH,
      );
    expect(scheduled("starter")).to.deep.equal({
      text: "Changes to Starter on December 23, 2026: €90.00 per year.",
      keep: "Keep Pro",
    });
    expect(scheduled(null)?.text).to.equal("Changes to Custom plan on December 23, 2026.");
  });

  it("names the next invoice, as far as it is known", () => {
    expect(nextInvoiceText(SUBSCRIPTION, ENGLISH)).to.equal("€29.00 on December 23, 2026");
    expect(nextInvoiceText(FREE_SUBSCRIPTION, ENGLISH)).to.equal(null);
  });

  it("has words in every language for every status that there is", () => {
    for (const language of ["en", "es"]) {
      for (const status of SUBSCRIPTION_STATUSES) {
        const subscription = { ...SUBSCRIPTION, status } as Subscription;
        const { label, sentence } = planStatus(subscription, PLANS, new I18n(language));
        expect(label, `${language} ${status}`).to.match(/\p{L}{3}/u);
        expect(sentence, `${language} ${status}`).to.match(/\.$/).and.to.not.include("{");
      }
    }
  });

  it("has words in every language for every reason that there is", () => {
    for (const language of ["en", "es"]) {
      const said = ENTITLEMENT_REASONS.map((reason) =>
        inForce({ ...SUBSCRIPTION, reason }, PLANS, new I18n(language)),
      );
      const trial = inForce({ ...SUBSCRIPTION, status: "trialing" }, PLANS, new I18n(language));
      expect(new Set([...said, trial])).to.have.length(ENTITLEMENT_REASONS.length + 1);
      for (const text of said) {
        expect(text).to.match(/^Pro: \p{Ll}/u);
      }
    }
  });

  it("names a plan that is not on offer by its slug, and one of no catalogue in general", () => {
    const grace = { ...GRACE, effectivePlanSlug: "old" };
    expect(said({ ...grace, planSlug: "old" })[1]).to.include("keep old");
    expect(said({ ...grace, planSlug: null })[1]).to.include("keep Custom plan");
  });
});
