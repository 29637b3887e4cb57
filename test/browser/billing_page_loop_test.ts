import { expect } from "chai";
import type { Page } from "playwright-core";
import { type StartedBilling, startBilling } from "../rig/started_billing.ts";
import { DESKTOP, realProblems, seenText, signInUrl } from "./billing_page_rig.ts";
import { describeInChromium } from "./describe_in_chromium.ts";
import { accessibilityProblems, openWatchedPage, type WatchedPage } from "./watched_page.ts";

const CARD = {
  email: "ada@example.com",
  card: "4242 4242 4242 4242",
  expiry: "12 / 34",
  cvc: "123",
};

describeInChromium("The Billing page, from choosing a plan to its end by clicking", (browser) => {
  let billing: StartedBilling;
  let watched: WatchedPage;
  let page: Page;

  beforeEach(async () => {
    billing = await startBilling();
    watched = await openWatchedPage(browser(), { viewport: DESKTOP });
    ({ page } = watched);
  });

  afterEach(async () => {
    await watched.close();
    await billing.close();
  });

  async function see(text: string | RegExp): Promise<void> {
    await page.locator("mailingcore-billing").getByText(text).first().waitFor();
  }

  async function press(name: string | RegExp): Promise<void> {
    await page.getByRole("button", { name }).click();
  }

  /** Fills the sandbox's Checkout in and pays. */
  async function pay(): Promise<void> {
    await page.waitForURL(/\/c\/pay\//);
    for (const [name, value] of Object.entries(CARD)) {
      const input = page.locator(`input[name="${name}"]`);
      if ((await input.count()) > 0) {
        await input.fill(value);
      }
    }
    await press(/^Pay/);
    await page.waitForURL(/\/dashboard\/billing/);
  }

  async function choose(button: string, due: string, go: string): Promise<void> {
    await press(button);
    const dialog = page.getByRole("dialog");
    await dialog.getByText(due, { exact: true }).waitFor();
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    await dialog.getByRole("button", { name: go }).click();
  }

  it("P39 buys, adds tokens, cancels, resumes and changes, and is told each time", async () => {
    await page.goto(signInUrl(billing));
    await see("Nothing to pay. Your limits start anew on December 1, 2026.");

    await choose("Choose Pro", "€29.00", "Continue to payment");
    await pay();
    await see("Pro is active. Thank you!");
    await see("Renews on December 23, 2026.");
    expect(page.url(), "the address is clean again").to.match(/\/dashboard\/billing$/);

    await press(/^Buy the pack Growth/);
    await pay();
    await see("50,000 tokens have been added.");
    await see("100,000 available");

    await press("Cancel plan");
    await press("Continue to confirm");
    await press("Cancel subscription");
    await see("Cancels on December 23, 2026. Until then everything stays as it is.");

    await press("Resume plan");
    await press(/renew/i);
    await page.getByRole("link", { name: /return/i }).click();
    await see("Renews on December 23, 2026.");

    await billing.control("/clock", { to: "2026-12-08T10:00:00Z" });
    await choose("Upgrade to Business", "€84.50", "Continue to confirm");
    await press(/confirm/i);
    await see("Business is active. Thank you!");
    await see("0 of 250,000");

    await choose("Change to Starter", "€0.00", "Continue to confirm");
    await press(/confirm/i);
    await see("Your change is scheduled. Until then everything stays as it is.");
    await see("Changes to Starter on January 8, 2027: €9.00 per month.");

    await press("Change to Pro");
    await see("Another change takes effect on January 8, 2027. Take it back first to choose anew.");
    await press("Review the change");
    await page.waitForURL(/\/p\/session\//);
    expect(realProblems(watched)).to.deep.equal([]);
  });

  it("leaves everything as it was when the payer turns back", async () => {
    await page.goto(signInUrl(billing));
    await choose("Choose Starter", "€9.00", "Continue to payment");
    await page.waitForURL(/\/c\/pay\//);
    await page
      .getByRole("link", { name: /cancel|back/i })
      .first()
      .click();
    await see("You left Stripe without finishing.");
    expect(await seenText(page)).to.include("Current plan Free");
    expect(page.url()).to.match(/\/dashboard\/billing$/);
  });

  it("keeps the token out of addresses and storage", async () => {
    const addresses: string[] = [];
    page.on("request", (request) => addresses.push(request.url()));
    await page.goto(`${billing.service.url}/dashboard/billing`);
    await see("Open the sign-in link that the service has printed in its terminal.");
    await page.goto(signInUrl(billing));
    await see("Current plan");
    const { stored, cookies } = await page.evaluate(() => {
      const { localStorage, sessionStorage, document } = globalThis as unknown as {
        localStorage: object;
        sessionStorage: object;
        document: { cookie: string };
      };
      return {
        stored: [...Object.entries(localStorage), ...Object.entries(sessionStorage)],
        cookies: document.cookie,
      };
    });
    expect(stored).to.deep.equal([]);
    expect(cookies).to.equal("");
    expect(addresses.filter((address) => address.includes("eyJ"))).to.deep.equal([]);
    expect(addresses.filter((address) => !address.startsWith(billing.service.url))).to.deep.equal(
      [],
    );
  });
});
