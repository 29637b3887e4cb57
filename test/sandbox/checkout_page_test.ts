import { expect } from "chai";
import { submit, type Visited, visit } from "./browser.ts";
import { openCheckout, type Rig, seed, startRig, stopRigs } from "./rig.ts";

const CHALLENGE = "4000002500003155";

async function openPage(): Promise<{ rig: Rig; id: string; url: string; page: Visited }> {
  const rig = await startRig();
  const { id, url } = await openCheckout(rig, await seed(rig));
  return { rig, id, url: String(url), page: await visit(String(url)) };
}

describe("the sandbox's Checkout page", () => {
  afterEach(stopRigs);

  it("shows plan, price, interval, e-mail and test cards, and that it is a sandbox", async () => {
    const { page } = await openPage();
    expect(page.status).to.equal(200);
    for (const shown of [
      "Sandbox — no real money",
      "Subscribe to Pro",
      "$49.00 per month",
      "Total due today $49.00",
      "renews every month until it is canceled",
      "owner@example.com",
      "4242 4242 4242 4242",
      "4000 0025 0000 3155",
    ]) {
      expect(page.text).to.contain(shown);
    }
    expect(page.markup).to.not.contain("<script");
    expect(page.links.Cancel).to.equal("https://app.example.com/plans");
    expect(page.forms[0]?.fields).to.include({ card: "4242 4242 4242 4242", expiry: "12 / 29" });
  });

  it("fills in the test card that is picked, and nothing else from the address", async () => {
    const { url, page } = await openPage();
    const picks = Object.values(page.links).filter((link) => link.includes("?card="));
    expect(picks).to.have.length(4);
    const picked = await visit(new URL(picks[1] ?? "", url).href);
    expect(picked.forms[0]?.fields.card).to.equal("4000 0000 0000 0002");
    expect((await submit(url, picked)).text).to.contain("Your card was declined");
    const other = await visit(`${url}?card=5555555555554444&card=1`);
    expect(other.forms[0]?.fields.card).to.equal("4242 4242 4242 4242");
  });

  it("says what is due today, and what a trial leaves for later", async () => {
    const rig = await startRig();
    const catalog = await seed(rig);
    const trial = { subscription_data: { trial_period_days: 14 } };
    const { url } = await openCheckout(rig, catalog, trial);
    const { text, forms } = await visit(String(url));
    expect(text).to.contain("14 days free").and.to.contain("Total due today $0.00");
    expect(text).to.contain("The trial lasts 14 days from today. Then it costs $49.00 per month");
    expect(forms[0]?.buttons.map(({ text }) => text)).to.deep.equal(["Start trial"]);
  });

  it("labels every field", async () => {
    const { page } = await openPage();
    const ids = [...page.markup.matchAll(/<input id="([^"]+)"/g)].map(([, id]) => id);
    const labels = [...page.markup.matchAll(/<label for="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).to.not.be.empty;
    expect(labels).to.deep.equal(ids);
  });

  it("takes the card and returns to the site with the session's id", async () => {
    const { rig, id, url, page } = await openPage();
    const paid = await submit(url, page, { name: "Jo" });
    expect(paid.status).to.equal(303);
    expect(paid.location).to.equal(`https://app.example.com/done?session=${id}`);
    const session = await rig.stripe.checkout.sessions.retrieve(id);
    expect(session).to.include({ status: "complete", payment_status: "paid" });
    expect(session.customer_details).to.include({ name: "Jo", email: "owner@example.com" });
    const again = await visit(url);
    expect(again.text).to.contain("Already paid");
    const twice = await submit(url, page);
    expect(twice.status).to.equal(409);
    expect((await rig.stripe.subscriptions.list()).data).to.have.length(1);
  });

  it("waits for the webhook's answer before it returns to the site", async () => {
    const { rig, url, page } = await openPage();
    await submit(url, page);
    expect(rig.receiver.types().at(-1)).to.equal("checkout.session.completed");
  });

  it("returns to the site although the webhook fails or is held back", async () => {
    for (const delivery of [{ paused: true }, { dropRate: 1 }, {}]) {
      const { rig, url, page } = await openPage();
      await rig.control("POST", "/delivery", delivery);
      rig.receiver.answer = () => ({ status: 500 });
      expect((await submit(url, page)).status).to.equal(303);
    }
  });

  it("shows the form again after a decline, with what was typed", async () => {
    const { rig, url, page } = await openPage();
    const declined = await submit(url, page, { card: "4000 0000 0000 0002", name: "Jo" });
    expect(declined.status).to.equal(402);
    expect(declined.text).to.contain("Your card was declined");
    expect(declined.markup).to.contain('role="alert"');
    expect(declined.forms[0]?.fields).to.include({ card: "4000 0000 0000 0002", name: "Jo" });
    expect((await rig.stripe.subscriptions.list()).data).to.deep.equal([]);
    expect((await submit(url, declined, { card: "4242424242424242" })).status).to.equal(303);
  });

  it("says what is wrong with a card", async () => {
    const { url, page } = await openPage();
    for (const [changes, message] of [
      [{ card: "5555555555554445" }, "not a test card"],
      [{ expiry: "13 / 29" }, "expiry date"],
      [{ expiry: "12 / 25" }, "expiry date"],
      [{ expiry: "soon" }, "expiry date"],
      [{ cvc: "12" }, "security code"],
    ] as const) {
      const answer = await submit(url, page, changes);
      expect(answer.status, message).to.equal(400);
      expect(answer.text).to.contain(message);
      const [field = ""] = Object.keys(changes);
      const [, input = ""] = new RegExp(`<input id="${field}"([^>]*)>`).exec(answer.markup) ?? [];
      expect(input).to.contain(`aria-describedby="${field}-problem"`).and.to.contain("autofocus");
      expect(Object.values(answer.links)).to.contain(`#${field}`);
    }
    const all = await submit(url, page, { card: "1", expiry: "x", cvc: "" });
    expect(all.markup.match(/aria-invalid/g)).to.have.length(3);
    expect(all.markup.match(/autofocus/g)).to.have.length(1);
    const lastMonth = await submit(url, page, { expiry: "1/2026" });
    expect(lastMonth.status, "a card is valid until its month ends").to.equal(303);
  });

  it("passes through 3-D Secure", async () => {
    const { rig, id, url, page } = await openPage();
    const asked = await submit(url, page, { card: CHALLENGE });
    expect(asked.location).to.equal(`${url}/3ds`);
    expect((await rig.stripe.subscriptions.list()).data).to.deep.equal([]);
    const bank = await visit(`${url}/3ds`);
    expect(bank.forms[0]?.buttons.map(({ value }) => value)).to.deep.equal(["complete", "fail"]);
    const paid = await submit(url, bank, { outcome: "complete" });
    expect(paid.location).to.contain(id);
    expect((await rig.stripe.subscriptions.list()).data).to.have.length(1);
  });

  it("lets the customer try again after a failed authentication", async () => {
    const { rig, url, page } = await openPage();
    await submit(url, page, { card: CHALLENGE });
    const failed = await submit(url, await visit(`${url}/3ds`), { outcome: "fail" });
    expect(failed.status).to.equal(402);
    expect(failed.text).to.contain("could not confirm");
    expect((await rig.stripe.subscriptions.list()).data).to.deep.equal([]);
    expect((await submit(url, failed)).status).to.equal(303);
  });

  it("does not let anybody skip to the end of 3-D Secure", async () => {
    const { rig, url } = await openPage();
    const skipped = await visit(`${url}/3ds`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "outcome=complete",
    });
    expect(skipped.status).to.equal(409);
    expect((await visit(`${url}/3ds`)).location).to.equal(url);
    expect((await rig.stripe.subscriptions.list()).data).to.deep.equal([]);
  });

  it("asks for an e-mail where none is known", async () => {
    const rig = await startRig();
    const { price } = await seed(rig);
    const { url } = await rig.stripe.checkout.sessions.create({
      mode: "subscription",
      line_items: [{ price: price.id }],
      success_url: "https://app.example.com/done",
    });
    const page = await visit(String(url));
    expect((await submit(String(url), page, { email: "nobody" })).text).to.contain(
      "e-mail address",
    );
    expect((await submit(String(url), page, { email: "new@example.com" })).status).to.equal(303);
    expect((await rig.stripe.customers.list({ email: "new@example.com" })).data).to.have.length(1);
  });

  it("says that a session has expired", async () => {
    const { rig, url, page } = await openPage();
    await rig.advance({ advanceDays: 2 });
    expect((await visit(url)).text).to.contain("expired");
    expect((await submit(url, page)).status).to.equal(409);
    expect((await visit(`${rig.sandbox.url}/c/pay/cs_none`)).status).to.equal(404);
  });

  it("escapes hostile names and keeps a strict policy", async () => {
    const rig = await startRig();
    const evil = `"><img src=x onerror=alert(1)>'&amp;`;
    const product = await rig.stripe.products.create({ name: evil });
    const price = await rig.stripe.prices.create({
      product: product.id,
      currency: "usd",
      unit_amount: 100,
      recurring: { interval: "month" },
    });
    const customer = await rig.stripe.customers.create({
      email: `"><img/src=x>'&amp;@example.com`,
      name: evil,
    });
    const { url } = await openCheckout(rig, { customer, price });
    const page = await visit(String(url));
    expect(page.markup).to.not.contain("<img");
    expect(page.text).to.contain(`Subscribe to ${evil}`);
    const again = await submit(String(url), page, { card: evil, name: evil });
    expect(again.markup).to.not.contain("<img");
    expect(again.forms[0]?.fields.name).to.equal(evil);
    const policy = page.headers.get("content-security-policy");
    expect(policy).to.contain("default-src 'none'");
    expect(policy).to.contain("form-action 'self' https://app.example.com");
    expect(policy).to.contain("frame-ancestors 'none'");
    const index = await visit(rig.sandbox.url);
    expect(index.markup).to.not.contain("<img");
  });
});
