import { expect } from "chai";
import type { CatalogDefinition } from "../../src/domain/catalog/catalog.ts";
import type { Environment } from "../../src/kit/settings.ts";
import { useStarted } from "../rig/started_billing.ts";
import { Browser } from "./browser.ts";
import { describeOnEveryStore } from "./describe_on_every_store.ts";

const CARD = {
  card: "4242424242424242",
  expiry: "12 / 34",
  cvc: "123",
  name: "Ada Owner",
  email: "ada@example.com",
};

await describeOnEveryStore("A trial, through the sandbox's pages", flow);

/**
 * The tests.
 *
 * @param emptyStore settings that name a store with nothing in it
 */
function flow(emptyStore: () => Promise<Environment>): void {
  const billing = useStarted(emptyStore, withTrial);

  async function choose(planSlug: string): Promise<string> {
    const { status, body } = await billing.choose({ planSlug });
    expect(status, JSON.stringify(body)).to.equal(200);
    return body.url;
  }

  async function startTrial(): Promise<void> {
    const browser = new Browser();
    await browser.open(await choose("pro"));
    expect(browser.text).to.include("14 days free");
    await browser.press("Start trial", CARD);
    await billing.sandbox.settled();
  }

  async function preview(planSlug: string) {
    return (await billing.api("GET", `/billing/checkout/preview?planSlug=${planSlug}`)).body;
  }

  it("P24, P36 gives everything, costs nothing, then is charged", async () => {
    expect(await preview("pro")).to.deep.include({ dueNow: 0, trialDays: 14, nextPayment: 2_900 });
    await startTrial();
    const trial = await billing.subscription();
    expect(trial).to.deep.include({
      planSlug: "pro",
      status: "trialing",
      trialEnd: "2026-12-07T10:00:00.000Z",
    });
    expect(trial.tokens.monthly).to.equal(50_000);
    await billing.control("/clock", { to: "2026-12-07T12:00:00Z" });
    expect(await billing.subscription()).to.deep.include({
      status: "active",
      currentPeriodEnd: "2027-01-07T10:00:00.000Z",
    });
  });

  it("is had once: the next subscription is paid at once", async () => {
    await startTrial();
    const portal = await billing.api("POST", "/billing/portal", { flow: "subscription_cancel" });
    const browser = new Browser();
    await browser.open(portal.body.url);
    await browser.press("Cancel subscription");
    await billing.control("/clock", { to: "2026-12-07T12:00:00Z" });
    expect(await billing.subscription()).to.deep.include({ planSlug: "free" });
    expect(await preview("pro")).to.deep.include({ dueNow: 2_900, trialDays: null });
    await browser.open(await choose("pro"));
    expect(browser.text).to.not.include("days free");
    await browser.press("Pay €29.00 and subscribe", { card: CARD.card });
    await billing.sandbox.settled();
    expect(await billing.subscription()).to.deep.include({ planSlug: "pro", status: "active" });
  });

  it("P19 ends with an upgrade, which is paid at once as the preview said", async () => {
    await startTrial();
    const said = await preview("business");
    expect(said).to.deep.include({ effective: "now", dueNow: 9_900 });
    expect(said.nextPaymentAt).to.equal("2026-12-23T10:00:00.000Z");
    const browser = new Browser();
    await browser.open(await choose("business"));
    expect(browser.text).to.include("Amount due today: €99.00");
    await browser.press("Confirm");
    await billing.sandbox.settled();
    // The paid month follows the trial, which began in the same second, by a millisecond.
    await billing.control("/clock", { to: "2026-11-23T10:00:01Z" });
    const upgraded = await billing.subscription();
    expect(upgraded).to.deep.include({
      planSlug: "business",
      status: "active",
      currentPeriodEnd: said.nextPaymentAt,
    });
    expect(upgraded.tokens.monthly).to.equal(200_000);
  });
}

/** The plans, with 14 free days on Pro. */
function withTrial({ plans, packs = [] }: CatalogDefinition): CatalogDefinition {
  const trials = plans.map((plan) => (plan.slug === "pro" ? { ...plan, trialDays: 14 } : plan));
  return { plans: trials, packs };
}
