import { expect } from "chai";
import type { Locator } from "playwright-core";
import { answerSession, realProblems } from "./billing_page_rig.ts";
import { describeInChromium } from "./describe_in_chromium.ts";
import { type LifeForm, lifeForms } from "./life/life_forms.ts";
import { openSignedNews, type SignedNews } from "./life/signed_news.ts";
import { Visitor } from "./life/visitor.ts";
import { type PlayedDashboard, startPlayedDashboard } from "./played_dashboard.ts";
import { openWatchedPage, type WatchedPage } from "./watched_page.ts";

const GOOD_CARD = "4242 4242 4242 4242";
/** A card that can be saved, and pays nothing. */
const BAD_CARD = "4000 0000 0000 0341";
const ADDRESS = { Country: "DE", Address: "Hauptstr. 1", "Postal code": "10115", City: "Berlin" };
const VAT_ID = "DE123456789";
const NEW_ADDRESS = {
  Country: "ES",
  Address: "Calle Mayor 2",
  "Postal code": "28013",
  City: "Madrid",
};
const NEW_VAT_ID = "ESB12345678";

const FORMS = lifeForms(process.env.LIFE_FORMS);

/**
 * The whole life of a tenant in each form of the page, by nothing but what people do, and time that
 * passes. Every step is taken in each form before time goes on.
 */
describeInChromium("The Billing page through the whole life of a tenant", (browser) => {
  let played: PlayedDashboard;
  let news: SignedNews;
  const lives = new Map<string, WatchedPage>();
  /** The forms in which a step has failed: the next ones would only wait in vain. */
  const broken = new Set<string>();

  before(async () => {
    played = await startPlayedDashboard({
      PROMOTION_CODES: "true",
      STRIPE_TAX_IDS: "true",
      WEBHOOKS_TO_PRIVATE_ADDRESSES: "true",
    });
    news = await openSignedNews(played, ["quota.alert", "tokens.low"]);
    const { stripe } = played.billing;
    const coupon = await stripe.coupons.create({ percent_off: 20, duration: "once" });
    const promotion = { type: "coupon", coupon: coupon.id } as const;
    await stripe.promotionCodes.create({ promotion, code: "WELCOME20" });
    for (const form of FORMS) {
      const watched = await openWatchedPage(browser(), form.browser);
      await answerSession(watched.page, played.session(form.tenantId));
      lives.set(form.name, watched);
    }
  });

  after(async () => {
    for (const watched of lives.values()) {
      await watched.close();
    }
    await played.billing.close();
    await news.close();
  });

  /** Declares a step, which everybody takes, each in its own form. */
  function step(title: string, take: (visitor: Visitor, form: LifeForm) => Promise<void>): void {
    for (const form of FORMS) {
      it(`${title} (${form.name})`, async () => {
        const { page } = watchedLife(form);
        expect(broken, "the steps before").not.to.include(form.name);
        broken.add(form.name);
        await take(new Visitor(page, form, form.hands[1]), form);
        broken.delete(form.name);
      });
    }
  }

  function watchedLife({ name }: LifeForm): WatchedPage {
    const watched = lives.get(name);
    if (watched === undefined) {
      throw new Error(`Expected a page for "${name}"`);
    }
    return watched;
  }

  /** Lets time pass for all. */
  function until(to: string): void {
    it(`time passes until ${to}`, async () => {
      const { status } = await played.billing.control("/clock", { to });
      expect(status).to.equal(200);
    });
  }

  /** Spends tokens until a worker has done what follows from it, and looks at the page. */
  async function spendUntil(
    { page }: Visitor,
    { tenantId, amount }: { tenantId: string; amount: number },
    isDone: (topUp: { boughtThisMonth: number; stopped: object | null; tokens: number }) => boolean,
  ): Promise<void> {
    const life = played.life(tenantId);
    await life.spend(amount);
    const state = async () => ({
      ...(await life.read("/billing/auto-top-up")),
      tokens: (await life.read("/billing/tokens")).balance.packs,
    });
    while (!isDone(await state())) {
      await page.waitForTimeout(50);
    }
    await page.reload();
  }

  step("P43 buys with a promotion code and a VAT id", async ({ page }, form) => {
    const { words, hands } = form;
    const buyer = new Visitor(page, form, hands[0]);
    await page.goto(`${played.billing.service.url}/dashboard/billing`);
    await buyer.see(words.free);
    await buyer.press(words.choose);
    await page.getByRole("dialog").getByText(words.dueNow).waitFor();
    await buyer.look("choosing");
    await buyer.press(words.toPayment);
    await page.waitForURL(/\/c\/pay\//);
    await buyer.fill(page.getByLabel("Promotion code"), "WELCOME20");
    await buyer.submit("Apply code");
    const order = page.getByRole("form", { name: "Billing details" });
    await fillIn(buyer, order, { ...ADDRESS, "Tax ID optional": VAT_ID });
    await buyer.submit("Update billing details");
    await fillCard(buyer, GOOD_CARD);
    await buyer.lookAtStripe("paying");
    await buyer.press("Pay €23.20");
    await buyer.see(...words.bought, ...words.payment);
    await buyer.see("ada@example.com", "Hauptstr. 1, 10115 Berlin, DE", VAT_ID);
    expect(page.url(), "the address is clean again").to.match(/\/dashboard\/billing$/);
    await buyer.look("bought");
  });

  step("moves to another country at the Portal, and sees it on return", async (visitor, form) => {
    const { page } = visitor;
    await visitor.press(form.words.billingDetails);
    await page.waitForURL(/\/p\/session\//);
    await visitor.press(`Remove ${VAT_ID}`);
    await visitor.press(page.getByRole("link", { name: "Update details" }));
    await fillIn(visitor, page.locator("form"), { ...NEW_ADDRESS, "Tax ID optional": NEW_VAT_ID });
    await visitor.lookAtStripe("moving");
    await visitor.press("Save");
    await visitor.press(page.getByRole("link", { name: "Return to the site" }));
    await visitor.see("Calle Mayor 2, 28013 Madrid, ES", NEW_VAT_ID);
    await page.getByText(VAT_ID).waitFor({ state: "detached" });
    await visitor.look("moved");
  });

  step("chooses what to be told of", async ({ page }, form) => {
    const { words, hands } = form;
    const reader = new Visitor(page, form, hands[0]);
    const alerts = page.locator(".alerts");
    await reader.toggle(alerts.getByLabel(words.half));
    await reader.fill(alerts.getByLabel(words.tokensBelow), "5000");
    const save = alerts.getByRole("button", { name: words.save });
    await reader.press(save);
    await reader.seeTold(words.saved);
    expect(await save.evaluate((one) => one.matches(":focus"))).to.equal(true);
    await reader.look("alerts");
  });

  step("lets tokens be topped up, up to a number a month", async (visitor, { words, tenantId }) => {
    const topUp = visitor.page.locator(".top-up");
    await visitor.toggle(topUp.getByLabel(words.topUp));
    await visitor.fill(topUp.getByLabel(words.tokensBelow), "2000");
    await topUp.getByLabel(words.pack).selectOption({ label: words.packOption });
    await visitor.fill(topUp.getByLabel(words.packsAMonth), "2");
    await visitor.press(topUp.getByRole("button", { name: words.save }));
    await visitor.seeTold(words.saved);
    await visitor.see(words.noPacks);
    const spent = { tenantId, amount: 48_500 };
    await spendUntil(
      visitor,
      spent,
      ({ boughtThisMonth, tokens }) => boughtThisMonth === 1 && tokens > 0,
    );
    await visitor.see(...words.toppedUp);
    await visitor.look("topped up");
  });

  step("is told by signed webhooks that tokens and e-mails run low", async (visitor, form) => {
    const { words, tenantId } = form;
    const low = await news.next(tenantId, "tokens.low");
    expect(low.data).to.include({ amount: -48_500, available: 1_500 });
    await played.life(tenantId).send(40_000);
    const alert = await news.next(tenantId, "quota.alert");
    expect(alert.data).to.include({ reached: 80, percentage: 80, used: 40_000, limit: 50_000 });
    await visitor.page.reload();
    await visitor.see(words.sent);
    await visitor.look("alerted");
  });

  step("P19 schedules a downgrade, and takes it back", async (visitor, { words }) => {
    const { page } = visitor;
    await visitor.press(words.downgrade);
    await page.getByRole("dialog").getByText(words.until).waitFor();
    await visitor.look("downgrading");
    await visitor.press(words.confirm);
    await page.waitForURL(/\/p\/session\//);
    await visitor.lookAtStripe("confirming");
    await visitor.press(/confirm/i);
    await visitor.see(...words.scheduled);
    await visitor.look("scheduled");
    await visitor.press(words.keep);
    await page.waitForURL(/\/p\/session\//);
    await visitor.press("Keep the current plan");
    await visitor.press(page.getByRole("link", { name: /return/i }));
    await visitor.see(words.renews);
    await page.locator(".overview .strip").waitFor({ state: "detached" });
  });

  step("changes the card for a bad one, which stops the top-up", async (visitor, form) => {
    const { words, tenantId } = form;
    await visitor.press(words.changeCard);
    await visitor.page.waitForURL(/\/card$/);
    await fillCard(visitor, BAD_CARD);
    await visitor.lookAtStripe("changing the card");
    await visitor.press("Save card");
    await visitor.see(words.badCard);
    await spendUntil(visitor, { tenantId, amount: 10_000 }, ({ stopped }) => stopped !== null);
    await visitor.see(words.stopped);
    await visitor.look("top-up stopped");
  });

  until("2026-12-23T12:00:00Z");

  step("P36 sees a payment fail, and pays what is owed", async (visitor, { words }) => {
    await visitor.page.reload();
    await visitor.see(...words.failed);
    await visitor.look("payment failed");
    await payInvoice(visitor, words.pay);
    await visitor.see(words.recovered);
    await visitor.page.locator(".overview .strip").waitFor({ state: "detached" });
    await visitor.look("paid");
  });

  until("2027-02-20T12:00:00Z");

  step(
    "P36 sees the plan end because it was not paid, and pays even then",
    async (visitor, form) => {
      const { words } = form;
      await visitor.page.reload();
      await visitor.see(...words.endedUnpaid);
      await visitor.look("ended unpaid");
      await payInvoice(visitor, words.pay);
      await visitor.see(words.ended);
      await visitor.look("ended");
      expect(realProblems(watchedLife(form))).to.deep.equal([]);
    },
  );
});

/** Fills fields in, by their labels. */
async function fillIn(visitor: Visitor, form: Locator, values: Readonly<Record<string, string>>) {
  for (const [label, value] of Object.entries(values)) {
    await visitor.fill(form.getByLabel(label), value);
  }
}

async function fillCard(visitor: Visitor, card: string): Promise<void> {
  const fields = { email: "ada@example.com", card, expiry: "12 / 34", cvc: "123" };
  for (const [name, value] of Object.entries(fields)) {
    const input = visitor.page.locator(`input[name="${name}"]`);
    if ((await input.count()) > 0) {
      await visitor.fill(input, value);
    }
  }
}

/** Pays what is owed in the tab that the page opens, and comes back. */
async function payInvoice(visitor: Visitor, pay: string): Promise<void> {
  const { page } = visitor;
  const opened = page.waitForEvent("popup");
  await visitor.press(page.locator(".overview .strip").getByRole("link", { name: pay }));
  const invoice = visitor.at(await opened);
  await fillCard(invoice, GOOD_CARD);
  await invoice.lookAtStripe("the invoice");
  await invoice.press("Pay €29.00");
  await invoice.page.getByText("Paid", { exact: true }).first().waitFor();
  await invoice.page.close();
  await page.evaluate('dispatchEvent(new Event("focus"))');
}
