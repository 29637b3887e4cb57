import { expect } from "chai";
import type { Environment } from "../../src/kit/settings.ts";
import { useStarted } from "../rig/started_billing.ts";
import { Browser } from "./browser.ts";
import { describeOnEveryStore } from "./describe_on_every_store.ts";

/** The number that succeeds, with any future date. */
const CARD = {
  card: "4242 4242 4242 4242",
  expiry: "12 / 34",
  cvc: "123",
  name: "Ada Owner",
  email: "ada@example.com",
};
const PRO_TOKENS = 50_000;

const TITLE = "From choosing a plan to its end, over HTTP and through the sandbox's pages";

await describeOnEveryStore(TITLE, flow);

/**
 * The flow's tests.
 *
 * @param emptyStore settings that name a store with nothing in it
 */
function flow(emptyStore: () => Promise<Environment>): void {
  const billing = useStarted(emptyStore);

  async function checkoutUrl(planSlug = "pro"): Promise<string> {
    const { status, body } = await billing.choose({ planSlug });
    expect(status, JSON.stringify(body)).to.equal(200);
    expect(body.mode).to.equal("checkout");
    return body.url;
  }

  async function subscription() {
    const { status, body } = await billing.api("GET", "/billing/subscription");
    expect(status).to.equal(200);
    return body;
  }

  it("lists the plans, takes a payment, renews, and ends in the Portal (P25, P33)", async () => {
    const plans = await billing.api("GET", "/billing/plans");
    expect(plans.body.data.map((plan: { slug: string }) => plan.slug)).to.deep.equal([
      "free",
      "starter",
      "pro",
      "business",
    ]);
    expect(await subscription()).to.deep.include({ planSlug: "free", status: "active" });

    const browser = new Browser();
    await browser.open(await checkoutUrl());
    expect(browser.text)
      .to.include("Pro")
      .and.to.match(/sandbox/i);
    await browser.press("Pay €29.00 and subscribe", CARD);
    expect(browser.url).to.match(/\/\?session=cs_test_\w+$/);
    await billing.sandbox.settled();

    const active = await subscription();
    expect(active).to.deep.include({
      planSlug: "pro",
      status: "active",
      interval: "month",
      currentPeriodStart: "2026-11-23T10:00:00.000Z",
      currentPeriodEnd: "2026-12-23T10:00:00.000Z",
      cancelAt: null,
    });
    expect(active.limits.monthlyEmailLimit).to.equal(50_000);
    expect(active.tokens).to.deep.equal({
      monthly: PRO_TOKENS,
      packs: 0,
      debt: 0,
      available: PRO_TOKENS,
      reserved: 0,
      monthlyExpiresAt: "2026-12-23T10:00:00.000Z",
    });

    await billing.control("/clock", { to: "2026-12-23T12:00:00Z" });
    const renewed = await subscription();
    expect(renewed).to.deep.include({
      planSlug: "pro",
      status: "active",
      currentPeriodStart: "2026-12-23T10:00:00.000Z",
      currentPeriodEnd: "2027-01-23T10:00:00.000Z",
    });
    expect(renewed.tokens.monthly, "reset, not added").to.equal(PRO_TOKENS);
    expect(renewed.tokens.monthlyExpiresAt).to.equal("2027-01-23T10:00:00.000Z");

    const invoices = await billing.api("GET", "/billing/invoices");
    expect(invoices.body.data).to.have.length(2);
    expect(invoices.body.data[0]).to.include({ amount: 2_900, currency: "eur", status: "paid" });
    expect((await fetch(invoices.body.data[0].hostedUrl)).status).to.equal(200);

    const portal = await billing.api("POST", "/billing/portal", {});
    expect(portal.status).to.equal(200);
    await browser.open(portal.body.url);
    await browser.click("Cancel subscription");
    await browser.press("Cancel subscription");
    await billing.sandbox.settled();
    expect((await subscription()).cancelAt).to.equal("2027-01-23T10:00:00.000Z");

    await billing.control("/clock", { to: "2027-01-23T12:00:00Z" });
    const ended = await subscription();
    expect(ended).to.deep.include({
      planSlug: "free",
      status: "active",
      currentPeriodStart: "2027-01-01T00:00:00.000Z",
      currentPeriodEnd: "2027-02-01T00:00:00.000Z",
      cancelAt: null,
    });
    expect(ended.limits.monthlyEmailLimit).to.equal(100);
    expect(ended.tokens.monthly).to.equal(1_000);
  });

  it("leads to the Portal beside a subscription, and refuses the same plan (P17)", async () => {
    const browser = new Browser();
    await browser.open(await checkoutUrl());
    await browser.press("Pay €29.00 and subscribe", CARD);
    await billing.sandbox.settled();
    const urls = { successUrl: `${billing.sandbox.url}/`, cancelUrl: `${billing.sandbox.url}/` };
    const same = await billing.api("POST", "/billing/checkout", { planSlug: "pro", ...urls });
    const other = await billing.api("POST", "/billing/checkout", { planSlug: "business", ...urls });
    expect([same.status, same.body.code]).to.deep.equal([409, "already_on_plan"]);
    expect(other.body).to.include({ mode: "portal", purpose: "confirm_change" });
  });

  it("keeps at most one Checkout open: the older one is closed (P18)", async () => {
    const first = await checkoutUrl("starter");
    expect(await checkoutUrl("starter"), "the same wish reuses it").to.equal(first);
    const second = await checkoutUrl("pro");
    expect(second).not.to.equal(first);
    const browser = new Browser();
    await browser.open(first);
    expect(browser.text).to.include("expired");
    await browser.open(second);
    expect(browser.text).to.include("Pro");
  });

  it("leaves everything as it was when the card is declined or the payer turns back", async () => {
    const browser = new Browser();
    await browser.open(await checkoutUrl());
    await browser.press("Pay €29.00 and subscribe", { ...CARD, card: "4000000000000002" });
    expect(browser.text).to.include("declined");
    await browser.click("Cancel");
    expect(browser.url).to.equal(`${billing.sandbox.url}/?canceled`);
    await billing.sandbox.settled();
    expect(await subscription()).to.deep.include({ planSlug: "free", status: "active" });
  });

  it("ends in the same state when events come three times and shuffled (P04, P09, P23)", async () => {
    await billing.control("/delivery", { duplicates: 3, shuffle: true, paused: true, seed: 7 });
    const session = (await checkoutUrl()).split("/").at(-1);
    await billing.control(`/checkout/${session}/complete`, { card: "4242424242424242" });
    expect((await subscription()).planSlug).to.equal("free");
    await billing.control("/delivery", { paused: false });
    const active = await subscription();
    expect(active).to.deep.include({ planSlug: "pro", status: "active" });
    expect(active.tokens).to.deep.include({ monthly: PRO_TOKENS, packs: 0, debt: 0 });
    await billing.control("/clock", { advanceDays: 31 });
    expect((await subscription()).tokens.monthly).to.equal(PRO_TOKENS);
  });

  it("keeps what is stored over a restart, at the service and in the sandbox", async () => {
    const session = (await checkoutUrl()).split("/").at(-1);
    await billing.control("/delivery", { paused: true });
    await billing.control(`/checkout/${session}/complete`, { card: "4242424242424242" });
    await billing.restart();
    expect((await subscription()).planSlug).to.equal("free");
    await billing.control("/delivery", { paused: false });
    const active = await subscription();
    expect(active).to.deep.include({ planSlug: "pro", status: "active" });
    await billing.restart();
    expect(await subscription()).to.deep.equal(active);
    await billing.control("/clock", { to: "2026-12-23T12:00:00Z" });
    expect((await subscription()).currentPeriodEnd).to.equal("2027-01-23T10:00:00.000Z");
  });
}
