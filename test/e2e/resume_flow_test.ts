import { expect } from "chai";
import type { Environment } from "../../src/kit/settings.ts";
import { useStarted } from "../rig/started_billing.ts";
import { Browser } from "./browser.ts";
import { describeOnEveryStore } from "./describe_on_every_store.ts";

const GOOD = { card: "4242424242424242", expiry: "12 / 34", cvc: "123", name: "Ada Owner" };
const NOTHING_BACK = { unused_time_from: { type: "none" } } as const;

await describeOnEveryStore("A paused subscription, resumed by its tenant", flow);

/**
 * The tests.
 *
 * @param emptyStore settings that name a store with nothing in it
 */
function flow(emptyStore: () => Promise<Environment>): void {
  const billing = useStarted(emptyStore);
  let id: string;

  beforeEach(async () => {
    const { body } = await billing.choose({ planSlug: "pro" });
    const session = new URL(body.url).pathname.split("/").at(-1);
    await billing.control(`/checkout/${session}/complete`, { card: GOOD.card });
    await billing.sandbox.settled();
    const [subscription] = (await billing.stripe.subscriptions.list()).data;
    id = String(subscription?.id);
  });

  async function pause(): Promise<void> {
    await billing.stripe.subscriptions.pause(id, { bill_for: NOTHING_BACK });
    await billing.sandbox.settled();
    expect(await billing.subscription()).to.deep.include({
      status: "paused",
      effectivePlanSlug: "free",
      resumable: true,
    });
  }

  async function resume() {
    const { status, body } = await billing.api("POST", "/billing/subscription/resume", {});
    await billing.sandbox.settled();
    expect(status, JSON.stringify(body)).to.equal(200);
    return body;
  }

  async function invoices() {
    const { data } = await billing.stripe.invoices.list();
    return data.map(({ status, amount_paid: paid }) => [status, paid]);
  }

  it("P17 charges a new period after the old one, once for many clicks", async () => {
    await pause();
    await billing.control("/clock", { advanceDays: 60 });
    const answers = await Promise.all([resume(), resume(), resume()]);
    expect(answers).to.deep.equal(answers.map(() => ({ status: "active" })));
    expect(await billing.subscription()).to.deep.include({
      status: "active",
      effectivePlanSlug: "pro",
      resumable: false,
    });
    const once = [
      ["paid", 2_900],
      ["paid", 2_900],
    ];
    expect(await invoices()).to.deep.equal(once);
    expect(await resume()).to.deep.equal({ status: "active" });
    expect(await invoices()).to.deep.equal(once);
  });

  it("P17 costs nothing while the period that was paid for runs and was not given back", async () => {
    await pause();
    expect(await resume()).to.deep.equal({ status: "active" });
    expect(await billing.subscription()).to.deep.include({ effectivePlanSlug: "pro" });
    expect(await invoices()).to.deep.equal([["paid", 2_900]]);
  });

  it("P17 leads to the invoice where the card is declined, again and again", async () => {
    const [customer] = (await billing.stripe.customers.list()).data;
    await pause();
    await billing.control("/clock", { advanceDays: 40 });
    const bad = await billing.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", {
      customer: String(customer?.id),
    });
    await billing.stripe.subscriptions.update(id, { default_payment_method: bad.id });
    const { url } = await resume();
    expect(url).to.match(/^http/);
    expect(await resume()).to.deep.equal({ url });
    expect((await billing.choose({ planSlug: "pro" })).body).to.deep.equal({
      url,
      mode: "portal",
      purpose: "pay_invoice",
    });
    expect(await billing.subscription()).to.include({ status: "paused" });
    const page = new Browser();
    await page.open(url);
    await page.press("Pay €29.00", GOOD);
    await billing.sandbox.settled();
    expect(await billing.subscription()).to.include({ status: "active", effectivePlanSlug: "pro" });
    expect((await invoices()).filter(([status]) => status === "paid")).to.have.length(2);
  });

  it("P17 resumes where the same plan is chosen, and sells no second one", async () => {
    await pause();
    const chosen = await billing.choose({ planSlug: "pro" });
    expect(chosen.body).to.include({ mode: "portal", purpose: "resumed" });
    expect(await billing.subscription()).to.include({ status: "active" });
    expect((await billing.stripe.subscriptions.list({ status: "all" })).data).to.have.length(1);
  });
}
