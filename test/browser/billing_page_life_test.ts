import { mkdirSync } from "node:fs";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { answerSession, DESKTOP, realProblems } from "./billing_page_rig.ts";
import { describeInChromium } from "./describe_in_chromium.ts";
import { type PlayedDashboard, startPlayedDashboard } from "./played_dashboard.ts";
import { accessibilityProblems, openWatchedPage, type WatchedPage } from "./watched_page.ts";

/** A folder for screenshots of every step, to look at. */
const { SCREENSHOTS: FOLDER } = process.env;
const TENANT = "cllifelong1";
const GOOD_CARD = "4242 4242 4242 4242";
/** A card that can be saved, and pays nothing. */
const BAD_CARD = "4000 0000 0000 0341";

/** The whole life of a tenant, by nothing but clicks, and time that passes. */
describeInChromium("The Billing page through the whole life of a tenant", (browser) => {
  let played: PlayedDashboard;
  let watched: WatchedPage;
  let page: Page;

  before(async () => {
    played = await startPlayedDashboard({ PROMOTION_CODES: "true", STRIPE_TAX_IDS: "true" });
    const { stripe } = played.billing;
    const coupon = await stripe.coupons.create({ percent_off: 20, duration: "once" });
    const promotion = { type: "coupon", coupon: coupon.id } as const;
    await stripe.promotionCodes.create({ promotion, code: "WELCOME20" });
    watched = await openWatchedPage(browser(), { viewport: DESKTOP });
    ({ page } = watched);
    await answerSession(page, played.session(TENANT));
  });

  after(async () => {
    await watched.close();
    await played.billing.close();
  });

  async function see(...texts: readonly (string | RegExp)[]): Promise<void> {
    for (const text of texts) {
      await page.locator("mailingcore-billing").getByText(text).first().waitFor();
    }
  }

  async function press(name: string | RegExp, on: Page = page): Promise<void> {
    await on.getByRole("button", { name }).click();
  }

  /** Looks at the step for accessibility, and keeps a picture where one is wanted. */
  async function look(step: string): Promise<void> {
    expect(await accessibilityProblems(page), step).to.deep.equal([]);
    if (FOLDER !== undefined) {
      mkdirSync(FOLDER, { recursive: true });
      await page.screenshot({ path: `${FOLDER}/${step.replaceAll(" ", "_")}.png`, fullPage: true });
    }
  }

  async function fillCard(card: string, on: Page = page): Promise<void> {
    const fields = { email: "ada@example.com", card, expiry: "12 / 34", cvc: "123" };
    for (const [name, value] of Object.entries(fields)) {
      const input = on.locator(`input[name="${name}"]`);
      if ((await input.count()) > 0) {
        await input.fill(value);
      }
    }
  }

  /** Pays what is owed in the tab that the page opens, and comes back. */
  async function payInvoice(): Promise<void> {
    const opened = page.waitForEvent("popup");
    await page.locator(".overview .strip").getByRole("link", { name: "Pay €29.00" }).click();
    const invoice = await opened;
    await fillCard(GOOD_CARD, invoice);
    await press("Pay €29.00", invoice);
    await invoice.getByText("Paid", { exact: true }).first().waitFor();
    await invoice.close();
    await page.evaluate('dispatchEvent(new Event("focus"))');
  }

  async function until(to: string): Promise<void> {
    await played.billing.control("/clock", { to });
    await page.reload();
  }

  /** Spends tokens until a worker has done what follows from it, and looks at the page. */
  async function spendUntil(
    amount: number,
    isDone: (topUp: { boughtThisMonth: number; stopped: object | null; tokens: number }) => boolean,
  ): Promise<void> {
    const life = played.life(TENANT);
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

  it("P43 buys with a promotion code and a VAT id", async () => {
    await page.goto(`${played.billing.service.url}/dashboard/billing`);
    await see("Nothing to pay. Your limits start anew on December 1, 2026.");
    await press("Choose Pro");
    await page.getByRole("dialog").getByText("Due now").waitFor();
    await look("choosing");
    await press("Continue to payment");
    await page.waitForURL(/\/c\/pay\//);
    await page.getByLabel("Promotion code").fill("WELCOME20");
    await press("Apply code");
    const order = page.getByRole("form", { name: "Billing details" });
    await order.getByLabel("Country").fill("DE");
    await order.getByLabel("Address").fill("Hauptstr. 1");
    await order.getByLabel("Postal code").fill("10115");
    await order.getByLabel("City").fill("Berlin");
    await order.getByLabel(/^Tax ID/).fill("DE123456789");
    await press("Update billing details");
    await fillCard(GOOD_CARD);
    await press("Pay €23.20");
    await see("Pro is active. Thank you!", "Renews on December 23, 2026.", "€23.20");
    await see("Visa ending in 4242, expires 12/2034", "€29.00 on December 23, 2026");
    await see("ada@example.com", "Hauptstr. 1, 10115 Berlin, DE", "DE123456789");
    expect(page.url(), "the address is clean again").to.match(/\/dashboard\/billing$/);
    await look("bought");
  });

  it("chooses what to be told of", async () => {
    await page.getByLabel("80%").check();
    const alerts = page.locator(".alerts");
    await alerts.getByLabel("When fewer AI tokens are left than").fill("5000");
    await alerts.getByRole("button", { name: "Save" }).click();
    await see("Saved.");
    await look("alerts");
  });

  it("lets tokens be topped up, up to a number a month", async () => {
    await page.getByLabel("Buy automatically").check();
    const topUp = page.locator(".top-up");
    await topUp.getByLabel("When fewer AI tokens are left than").fill("2000");
    await topUp.getByLabel("This pack").selectOption({ label: "10,000 AI tokens, €5.00" });
    await topUp.getByLabel("At most so many a month").fill("2");
    await topUp.getByRole("button", { name: "Save" }).click();
    await see("Saved.", "0 packs have been bought this month.");
    await spendUntil(48_500, ({ boughtThisMonth, tokens }) => boughtThisMonth === 1 && tokens > 0);
    await see("1 pack has been bought this month.", "11,500");
    await look("topped up");
  });

  it("P19 schedules a downgrade, and takes it back", async () => {
    await press("Change to Starter");
    await page.getByRole("dialog").getByText("until then you keep Pro").waitFor();
    await look("downgrading");
    await press("Continue to confirm");
    await press(/confirm/i);
    await see("Your change is scheduled. Until then everything stays as it is.");
    await see("Changes to Starter on December 23, 2026: €9.00 per month.");
    await look("scheduled");
    await press("Keep Pro");
    await press("Keep the current plan");
    await page.getByRole("link", { name: /return/i }).click();
    await see("Renews on December 23, 2026.");
    await page.locator(".overview .strip").waitFor({ state: "detached" });
  });

  it("P36 sees a payment fail, and pays what is owed", async () => {
    await press("Change payment method");
    await page.waitForURL(/\/card$/);
    await fillCard(BAD_CARD);
    await press("Save card");
    await see("Visa ending in 0341");
    await spendUntil(10_000, ({ stopped }) => stopped !== null);
    await see("Stopped on November 23, 2026: the card could not be charged.");
    await look("top-up stopped");
    await until("2026-12-23T12:00:00Z");
    await see("Payment failed, access until January 6, 2027.", "€29.00 is owed.");
    await look("payment failed");
    await payInvoice();
    await see("Renews on January 23, 2027.");
    await page.locator(".overview .strip").waitFor({ state: "detached" });
    await look("paid");
  });

  it("P36 sees the plan end because it was not paid, and pays even then", async () => {
    await until("2027-02-20T12:00:00Z");
    await see(/^Pro ended on .* because it was not paid\. The limits of Free apply\.$/);
    await see("€29.00 is owed.");
    await look("ended unpaid");
    await payInvoice();
    await see(/^Pro ended on .*\. Nothing to pay\./);
    await look("ended");
    expect(realProblems(watched)).to.deep.equal([]);
  });
});
