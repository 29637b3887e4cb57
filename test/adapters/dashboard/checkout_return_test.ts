import { expect } from "chai";
import {
  checkoutUrls,
  packArrived,
  planArrived,
  portalUrl,
  readReturn,
  WAITS_MS,
  withoutReturn,
} from "../../../src/adapters/dashboard/client/checkout_return.js";
import type { Subscription } from "../../../src/adapters/dashboard/client/types.js";
import { SUBSCRIPTION } from "../../samples/page.ts";

const PAGE = "https://app.example.com/settings?tab=billing#top";
const PLAN = { type: "plan", planSlug: "pro", interval: "year" } as const;
const PACK = { type: "pack", packSlug: "growth" } as const;

describe("the way to Stripe and back", () => {
  it("is remembered by the address, for plans and for packs", () => {
    for (const errand of [PLAN, PACK]) {
      const { successUrl, cancelUrl } = checkoutUrls(PAGE, errand, "checkout");
      expect(successUrl, "Stripe fills it in").to.include("={CHECKOUT_SESSION_ID}");
      const filled = successUrl.replace("{CHECKOUT_SESSION_ID}", "cs_1");
      expect(readReturn(filled)).to.deep.equal({ type: "success", errand, sessionId: "cs_1" });
      expect(readReturn(cancelUrl)).to.deep.equal({ type: "cancel" });
      for (const url of [filled, cancelUrl]) {
        expect(withoutReturn(url), "where they began").to.equal(PAGE);
      }
    }
  });

  it("knows nothing of what was done in the Portal", () => {
    expect(readReturn(portalUrl(PAGE))).to.deep.equal({ type: "portal" });
    expect(readReturn(checkoutUrls(PAGE, PLAN, "portal").cancelUrl)).to.deep.equal({
      type: "portal",
    });
  });

  it("does not grow when somebody goes again", () => {
    const once = checkoutUrls(PAGE, PLAN, "checkout").successUrl;
    expect(checkoutUrls(once, PLAN, "checkout").successUrl).to.equal(once);
  });

  it("P21 takes nothing else from an address", () => {
    for (const query of [
      "",
      "?billing-return=paid",
      "?billing-return=success",
      "?billing-return=success&billing-for=plan&billing-planSlug=pro",
      "?billing-return=success&billing-for=plan&billing-planSlug=pro&billing-interval=week",
      "?billing-return=success&billing-for=pack",
      "?return=success&for=pack&packSlug=growth",
    ]) {
      expect(readReturn(`https://app.example.com/${query}`), query).to.equal(null);
    }
  });

  it("is over when what was chosen is in force, or scheduled, by what the service says", () => {
    const arrived = (changes: object) =>
      planArrived(PLAN, { ...SUBSCRIPTION, interval: "year", ...changes } as Subscription);
    expect(arrived({})).to.equal("now");
    expect(arrived({ status: "trialing" })).to.equal("now");
    const scheduledChange = { ...PLAN, effectiveAt: "2026-12-23T10:00:00.000Z" };
    expect(arrived({ planSlug: "business", scheduledChange })).to.equal("later");
    const other = { ...scheduledChange, planSlug: "starter" };
    expect(arrived({ planSlug: "business", scheduledChange: other })).to.equal(null);
    for (const changes of [
      { planSlug: "starter" },
      { interval: "month" },
      { status: "incomplete" },
      { reason: "first_payment_owed" },
      { reason: "change_owed" },
    ]) {
      expect(arrived(changes), JSON.stringify(changes)).to.equal(null);
    }
    expect(packArrived("cs_1", [{ key: "pack:cs_1", amount: 50_000 }])).to.equal(50_000);
    expect(packArrived("cs_1", [{ key: "pack:cs_2", amount: 50_000 }])).to.equal(null);
  });

  it("is waited for about a minute", () => {
    const total = WAITS_MS.reduce((sum, wait) => sum + wait, 0);
    expect(total).to.be.within(50_000, 70_000);
  });
});
