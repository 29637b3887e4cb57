import { expect } from "chai";
import type { Page } from "playwright-core";
import { ORDER_PAGE_STATES } from "../sandbox/order_page_states.ts";
import {
  CHALLENGE,
  checkout,
  fillIn,
  invoice,
  PAGE_STATES,
  portal,
} from "../sandbox/page_states.ts";
import { stopRigs } from "../sandbox/rig.ts";
import { siteUrl, startSite, stopSite } from "../sandbox/site.ts";
import { DESKTOP, realProblems } from "./billing_page_rig.ts";
import { describeInChromium } from "./describe_in_chromium.ts";
import { accessibilityProblems, openWatchedPage, type WatchedPage } from "./watched_page.ts";

/** The narrowest screen that a page must fit on by WCAG 2.2, 1.4.10. */
const NARROW = { width: 320, height: 640 };
const LEAST_TARGET_PX = 24;

/** Presses Tab until what is named has the focus, and the focus can be seen. */
async function tabTo(page: Page, role: "button" | "link", name: string | RegExp): Promise<void> {
  const target = page.getByRole(role, { name });
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element.matches(":focus-visible"))) {
      return;
    }
  }
  throw new Error(`Cannot reach "${name}" by the keyboard`);
}

/** What is to be clicked or filled in and smaller than WCAG 2.2, 2.5.8, asks for. */
function smallTargets(page: Page): Promise<string[]> {
  return page.locator("a, button, input:not([type=hidden]), select").evaluateAll(
    (targets, least) =>
      targets.flatMap((target) => {
        const { width, height } = target.getBoundingClientRect();
        return Math.min(width, height) < least ? target.outerHTML : [];
      }),
    LEAST_TARGET_PX,
  );
}

describeInChromium("The sandbox's pages", (browser) => {
  let watched: WatchedPage;
  let page: Page;

  async function openPage(options: Parameters<typeof openWatchedPage>[1] = {}): Promise<void> {
    watched = await openWatchedPage(browser(), {
      viewport: DESKTOP,
      colorScheme: "light",
      ...options,
    });
    ({ page } = watched);
  }

  before(startSite);

  after(stopSite);

  afterEach(async () => {
    await watched.close();
    await stopRigs();
  });

  const states = { ...PAGE_STATES, ...ORDER_PAGE_STATES };
  for (const [name, { open, act, shows }] of Object.entries(states)) {
    it(`${name}: readable for everybody, wide and light, narrow and dark`, async () => {
      await openPage();
      await page.goto(await open());
      await act?.(page);
      await page
        .getByText(shows[0] ?? "")
        .first()
        .waitFor();
      const seen = (await page.locator("body").innerText()).replaceAll(/\s+/g, " ");
      for (const text of ["Sandbox — no real money", ...shows]) {
        expect(seen).to.include(text);
      }
      expect(await accessibilityProblems(page), "wide and light").to.deep.equal([]);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.setViewportSize(NARROW);
      expect(await accessibilityProblems(page), "narrow and dark").to.deep.equal([]);
      const width = await page.locator("html").evaluate((root) => root.scrollWidth);
      expect(width, "nothing is cut off at the side").to.be.at.most(NARROW.width);
      expect(await smallTargets(page), "everything is large enough to hit").to.deep.equal([]);
      expect(realProblems(watched)).to.deep.equal([]);
    });
  }

  it("take a payment with 3-D Secure by the keyboard alone", async () => {
    await openPage();
    await page.goto(await checkout());
    await tabTo(page, "link", new RegExp(CHALLENGE));
    await page.keyboard.press("Enter");
    await page.waitForURL(/\?card=/);
    expect(await page.getByLabel("Card number").inputValue()).to.equal(CHALLENGE);
    await tabTo(page, "button", /^Pay/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "3-D Secure" }).waitFor();
    await tabTo(page, "button", "Complete authentication");
    await page.keyboard.press("Enter");
    await page.waitForURL(siteUrl("/done"));
    expect(realProblems(watched)).to.deep.equal([]);
  });

  it("put the cursor where the first mistake is, which Enter sends anew", async () => {
    await openPage();
    await page.goto(await checkout());
    await fillIn(page, { expiry: "1 / 20" });
    const expiry = page.getByLabel("Expiry");
    await page.locator("#expiry:focus").waitFor();
    expect(await expiry.getAttribute("aria-invalid")).to.equal("true");
    await expiry.fill("12 / 34");
    await page.keyboard.press("Enter");
    await page.waitForURL(siteUrl("/done"));
  });

  it("work without JavaScript, from paying to changing the plan and leaving", async () => {
    await openPage({ javaScriptEnabled: false });
    await page.goto(await checkout());
    await page.getByRole("link", { name: /Is declined/ }).click();
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.getByRole("alert").getByText("Your card was declined").waitFor();
    await page.getByRole("link", { name: /^Succeeds 4242/ }).click();
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.waitForURL(siteUrl("/done"));

    const url = await portal();
    await page.goto(url);
    await page.getByRole("link", { name: "Update plan" }).click();
    await page.getByRole("link", { name: /Business/ }).click();
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("status").getByText("Your plan was updated.").waitFor();
    await page.getByRole("link", { name: "Return to the site" }).click();
    await page.waitForURL(siteUrl("/billing"));

    await page.goto(new URL("/", url).href);
    await page.getByRole("button", { name: "To the next renewal" }).click();
    await page.getByText("2026-02-28 11:00:00 UTC").waitFor();
    expect(realProblems(watched)).to.deep.equal([]);
  });

  it("print an invoice as a sandbox's, without what is for the screen", async () => {
    await openPage();
    await page.goto(await invoice());
    const hint = page.getByText("Print this page");
    expect(await hint.isVisible()).to.equal(true);
    await page.emulateMedia({ media: "print" });
    expect(await hint.isVisible()).to.equal(false);
    expect(await page.getByText("Sandbox — no real money").isVisible()).to.equal(true);
  });
});
