import { expect } from "chai";
import { I18n } from "../../../src/adapters/dashboard/client/i18n.js";
import { planStatus } from "../../../src/adapters/dashboard/client/plan_status.js";
import type { Plan, Subscription } from "../../../src/adapters/dashboard/client/types.js";
import { SUBSCRIPTION_STATUSES } from "../../../src/domain/subscription/subscription.ts";
import { FREE_SUBSCRIPTION, PLANS, SUBSCRIPTION } from "../../browser/billing_answers.ts";

const ENGLISH = new I18n("en");
const END = "2026-12-23T10:00:00.000Z";
const LOST = { effectivePlanSlug: "free" };

/** What is said of a subscription to Pro that differs in this. */
function said(changes: object, subscription: object = SUBSCRIPTION) {
  const changed = { ...subscription, ...changes } as Subscription;
  const { tone, sentence, action } = planStatus(changed, PLANS as Plan[], ENGLISH);
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
    const pastDue = { status: "past_due", graceEndsAt: "2026-12-07T10:00:00Z" };
    expect(said(pastDue)).to.deep.equal([
      "warning",
      "Payment failed, access until December 7, 2026. Update the payment method to keep Pro.",
      "pay",
    ]);
    expect(said({ ...pastDue, ...LOST })).to.deep.equal([
      "bad",
      "Payment failed. The limits of Free apply until it is paid.",
      "pay",
    ]);
    expect(said({ status: "past_due", graceEndsAt: null })[0]).to.equal("warning");
  });

  it("has words in every language for every status that there is", () => {
    for (const language of ["en", "es"]) {
      for (const status of SUBSCRIPTION_STATUSES) {
        const subscription = { ...SUBSCRIPTION, status } as Subscription;
        const { label, sentence } = planStatus(subscription, PLANS as Plan[], new I18n(language));
        expect(label, `${language} ${status}`).to.match(/\p{L}{3}/u);
        expect(sentence, `${language} ${status}`).to.match(/\.$/).and.to.not.include("{");
      }
    }
  });

  it("names a plan that is not on offer by its slug, and one of no catalogue in general", () => {
    const grace = { status: "past_due", effectivePlanSlug: "old" };
    expect(said({ ...grace, planSlug: "old" })[1]).to.include("keep old");
    expect(said({ ...grace, planSlug: null })[1]).to.include("keep Custom plan");
  });
});
