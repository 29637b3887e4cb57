import { expect } from "chai";
import type { Stripe } from "stripe";
import type { Interval } from "../../src/domain/catalog/catalog.ts";
import type { Environment } from "../../src/kit/settings.ts";
import { FAILS_LATER, useStarted } from "../rig/started_billing.ts";
import { payOnPage } from "../sandbox/hosted_invoice.ts";
import { Browser } from "./browser.ts";
import { describeOnEveryStore } from "./describe_on_every_store.ts";

const TITLE = "A subscription changes its plan, through the sandbox's pages";

await describeOnEveryStore(TITLE, flow);

/**
 * The tests.
 *
 * @param emptyStore settings that name a store with nothing in it
 */
function flow(emptyStore: () => Promise<Environment>): void {
  const billing = useStarted(emptyStore);
  const buy = (planSlug: string, card?: string) => billing.buy({ planSlug }, card);

  async function choose(planSlug: string, interval: Interval = "month") {
    const { status, body } = await billing.choose({ planSlug, interval });
    expect(status, JSON.stringify(body)).to.equal(200);
    return body;
  }

  async function preview(planSlug: string, interval = "month") {
    const query = `?planSlug=${planSlug}&interval=${interval}`;
    return (await billing.api("GET", `/billing/checkout/preview${query}`)).body;
  }

  async function confirm(url: string): Promise<Browser> {
    const browser = new Browser();
    await browser.open(url);
    await browser.press("Confirm");
    await billing.sandbox.settled();
    return browser;
  }

  async function invoices(): Promise<Stripe.Invoice[]> {
    return (await billing.stripe.invoices.list()).data;
  }

  it("P17, P19, P24 upgrades at once for what the preview said", async () => {
    await buy("pro");
    await billing.control("/clock", { to: "2026-12-08T10:00:00Z" });
    const said = await preview("business");
    expect(said).to.deep.include({
      mode: "portal",
      effective: "now",
      dueNow: 8_450,
      nextPayment: 9_900,
      nextPaymentAt: "2027-01-08T10:00:00.000Z",
    });
    expect(await billing.subscription()).to.deep.include({ planSlug: "pro" });
    const { url, mode, purpose } = await choose("business");
    expect([mode, purpose]).to.deep.equal(["portal", "confirm_change"]);
    const browser = await confirm(url);
    expect(browser.url).to.equal(`${billing.sandbox.url}/?session=`);
    const [paid] = await invoices();
    expect(paid).to.include({ status: "paid", amount_paid: said.dueNow });
    const upgraded = await billing.subscription();
    expect(upgraded).to.deep.include({
      planSlug: "business",
      status: "active",
      currentPeriodEnd: "2027-01-08T10:00:00.000Z",
    });
    expect(upgraded.limits.monthlyEmailLimit).to.equal(250_000);
    expect(upgraded.tokens.monthly).to.equal(200_000);
    expect((await billing.stripe.subscriptions.list({ status: "all" })).data).to.have.length(1);
  });

  it("P19 downgrades at the period's end, and takes nothing away before", async () => {
    await buy("pro");
    expect(await preview("starter")).to.deep.include({
      effective: "period_end",
      effectiveAt: "2026-12-23T10:00:00.000Z",
      dueNow: 0,
      nextPayment: 900,
    });
    const { url, effective } = await choose("starter");
    expect(effective).to.equal("period_end");
    await confirm(url);
    const waiting = await billing.subscription();
    expect(waiting).to.deep.include({ planSlug: "pro" });
    expect(waiting.tokens.monthly).to.equal(50_000);
    expect((await choose("business")).purpose).to.equal("review_scheduled_change");
    await billing.control("/clock", { to: "2026-12-23T12:00:00Z" });
    const downgraded = await billing.subscription();
    expect(downgraded).to.deep.include({ planSlug: "starter", status: "active" });
    expect(downgraded.tokens.monthly).to.equal(10_000);
    expect((await choose("business")).purpose).to.equal("confirm_change");
  });

  it("P19, P24 goes from month to year at once, and back at the year's end", async () => {
    await buy("pro");
    await billing.control("/clock", { to: "2026-12-08T10:00:00Z" });
    const said = await preview("pro", "year");
    expect(said).to.deep.include({ dueNow: 27_550, nextPaymentAt: "2027-12-08T10:00:00.000Z" });
    await confirm((await choose("pro", "year")).url);
    expect(await billing.subscription()).to.deep.include({
      planSlug: "pro",
      interval: "year",
      currentPeriodEnd: "2027-12-08T10:00:00.000Z",
    });
    expect((await invoices())[0]).to.include({ amount_paid: said.dueNow });
    expect(await preview("pro")).to.deep.include({
      effective: "period_end",
      effectiveAt: "2027-12-08T10:00:00.000Z",
      dueNow: 0,
    });
  });

  it("P36 an unpaid upgrade falls back to what was paid for, and a good card heals it", async () => {
    await buy("pro", FAILS_LATER);
    await confirm((await choose("business")).url);
    const owing = await billing.subscription();
    expect(owing).to.deep.include({ planSlug: "business", status: "past_due" });
    expect(owing).to.include({ reason: "change_owed", graceEndsAt: null });
    expect(owing.limits.monthlyEmailLimit, "no grace").to.equal(50_000);
    expect(owing.tokens.monthly, "P24 only what is paid for").to.equal(50_000);
    await billing.control("/clock", { to: "2026-12-07T12:00:00Z" });
    expect((await billing.subscription()).limits.monthlyEmailLimit).to.equal(50_000);
    const { url, purpose } = await choose("business");
    expect(purpose).to.equal("pay_invoice");
    await payOnPage({ hosted_invoice_url: url });
    await billing.sandbox.settled();
    const healed = await billing.subscription();
    expect(healed).to.deep.include({ status: "active", graceEndsAt: null });
    expect(healed.limits.monthlyEmailLimit).to.equal(250_000);
    expect(healed.tokens.monthly).to.equal(200_000);
  });

  it("P17 asks to keep a subscription that is set to end before its plan can change", async () => {
    await buy("pro");
    const [found] = (await billing.stripe.subscriptions.list()).data;
    await billing.stripe.subscriptions.update(String(found?.id), { cancel_at_period_end: true });
    await billing.sandbox.settled();
    const { url, purpose } = await choose("business");
    expect(purpose).to.equal("keep_subscription");
    const browser = new Browser();
    await browser.open(url);
    await browser.press("Renew");
    await billing.sandbox.settled();
    expect((await choose("business")).purpose).to.equal("confirm_change");
  });

  it("P18 two admins with two Portal pages change one subscription", async () => {
    await buy("pro");
    const [upgrade, downgrade] = [await choose("business"), await choose("starter")];
    await confirm(upgrade.url);
    await confirm(downgrade.url);
    expect(await billing.subscription()).to.deep.include({
      planSlug: "business",
      status: "active",
    });
    await billing.control("/clock", { to: "2026-12-23T12:00:00Z" });
    expect(await billing.subscription()).to.deep.include({ planSlug: "starter" });
    expect((await billing.stripe.subscriptions.list({ status: "all" })).data).to.have.length(1);
  });
}
