import { expect } from "chai";
import type { Page } from "playwright-core";
import {
  answerApi,
  answerSession,
  openPageState,
  PHONE,
  realProblems,
  seenText,
} from "./billing_page_rig.ts";
import { describeInChromium } from "./describe_in_chromium.ts";
import { PAGE_STATES, type PageState } from "./page_states.ts";
import { SESSION_URL } from "./played_dashboard.ts";
import { type PlayedTenants, playTenants } from "./played_tenants.ts";
import { accessibilityProblems } from "./watched_page.ts";

const LEAST_TARGET_PX = 24;

/** What the dashboard answers instead of saying who is signed in, and what is said of it. */
const SESSION_FAULTS: readonly (readonly [number | null, string])[] = [
  [500, "The dashboard does not say who is signed in."],
  [404, "This page is not set up correctly (DASHBOARD_SESSION_URL)."],
  [200, "This page is not set up correctly (DASHBOARD_SESSION_URL)."],
  [null, "The dashboard does not say who is signed in."],
];

describeInChromium("The Billing page in every state", (browser) => {
  let played: PlayedTenants;

  before(async () => {
    played = await playTenants();
  });

  after(() => played.close());

  for (const [name, state] of Object.entries(PAGE_STATES)) {
    it(`${name}: says so, wide and light, narrow and dark, to everybody`, async () => {
      const watched = await openPageState(browser(), played, { state });
      const { page } = watched;
      await expectWords(page, state);
      expect(await accessibilityProblems(page), "wide and light").to.deep.equal([]);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.setViewportSize(PHONE);
      expect(await accessibilityProblems(page), "narrow and dark").to.deep.equal([]);
      expect(await overflow(page), "nothing is cut off at the side").to.equal(0);
      expect(await smallTargets(page), "everything is large enough to hit").to.deep.equal([]);
      expect(realProblems(watched)).to.deep.equal([]);
      await watched.close();
    });
  }

  it("keeps names of any length and script in their place, wide and narrow", async () => {
    const long = "Unternehmensgroßkundenversorgungsvereinbarungsabonnement";
    const name = (given: { readonly slug: string }) =>
      given.slug === "pro" ? `${long} (${long})` : `<b>${long}</b>`;
    const watched = await openPageState(browser(), played, {
      state: { tenant: "active", shows: [] },
    });
    const { page } = watched;
    for (const path of ["/billing/plans", "/billing/token-packs"]) {
      const { data } = await played.life("active").read(path);
      const renamed = data.map((one: { readonly slug: string }) => ({ ...one, name: name(one) }));
      await answerApi(page, { [path]: { body: { data: renamed } } });
    }
    await page.reload();
    await page.getByText(long).first().waitFor();
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await overflow(page), String(width)).to.equal(0);
      expect(await cutOff(page), String(width)).to.deep.equal([]);
      const buy = await page.getByRole("button", { name: /^Buy/ }).first().boundingBox();
      expect(buy?.height, "a word in one line").to.be.below(50);
    }
    await watched.close();
  });

  it("loading: shows the outlines of what comes, and says it", async () => {
    const state = { tenant: "active", shows: [], signedOut: true } as const;
    const watched = await openPageState(browser(), played, { state });
    const { page } = watched;
    const asked = Promise.withResolvers<void>();
    await page.route(SESSION_URL, async (route) => {
      await asked.promise;
      await route.fallback();
    });
    await page.reload();
    await page.getByText("Loading your billing…").waitFor();
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    asked.resolve();
    await page.getByText("You are signed out").waitFor();
    expect(realProblems(watched)).to.deep.equal([]);
    await watched.close();
  });

  it("tells why it is not known who is signed in, and goes on when it is", async () => {
    const state = { tenant: "active", shows: [], signedOut: true } as const;
    const watched = await openPageState(browser(), played, { state });
    const { page } = watched;
    const headers = {
      "access-control-allow-origin": played.billing.service.url,
      "access-control-allow-credentials": "true",
    };
    await page.getByText("You are signed out").waitFor();
    for (const [status, said] of SESSION_FAULTS) {
      await page.route(SESSION_URL, (route) =>
        status === null ? route.abort() : route.fulfill({ status, headers, body: "<html>" }),
      );
      await page.getByRole("button", { name: /Sign in|Try again/ }).click();
      await page.getByText(said).waitFor();
      expect(await accessibilityProblems(page), said).to.deep.equal([]);
    }
    await page.clock.install();
    await page.route(SESSION_URL, () => undefined);
    await page.reload();
    await page.getByText("Loading your billing…").waitFor();
    await page.clock.runFor(11_000);
    await page.getByText("The dashboard takes too long").waitFor();
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await answerSession(page, played.session("active"));
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Renews on").waitFor();
    await watched.close();
  });

  it("shows the months of e-mails beside those of tokens, the running one last", async () => {
    const state = { tenant: "active", shows: [] } as const;
    const watched = await openPageState(browser(), played, { state });
    const { page } = watched;
    const used = async (title: string) => {
      const rows = page.getByRole("table", { name: title }).locator("tbody tr");
      await rows.first().waitFor();
      const cells = await rows.locator(".unseen").allInnerTexts();
      return Array.from({ length: cells.length / 2 }, (_, index) =>
        cells.slice(2 * index, 2 * index + 2).join(": "),
      );
    };
    const emails = await used("E-mails sent per month");
    expect(emails.slice(-3)).to.deep.equal([
      "Jan 23, 2027: 36,050",
      "Feb 23, 2027: 41,630",
      "Mar 23, 2027, running: 18,420",
    ]);
    const tokens = await used("Tokens used per month");
    expect(tokens.at(-1)).to.equal("Mar 23, 2027, running: 31,200");
    await watched.close();
  });

  it("shows what has changed elsewhere when somebody comes back to it", async () => {
    const state = { tenant: "newcomer", shows: [] } as const;
    const watched = await openPageState(browser(), played, { state });
    const { page } = watched;
    await page.getByText("0 of 100").waitFor();
    const low = page.locator(".alerts").getByLabel("When fewer AI tokens are left than");
    await low.waitFor();
    await played.life("newcomer").send(7);
    const wanted = { emailPercentages: [50], tokensBelow: 321 };
    await played.life("newcomer").set("/billing/alerts", wanted);
    await page.clock.install();
    await page.clock.setFixedTime(Date.now() + 60_000);
    await page.evaluate('dispatchEvent(new Event("focus"))');
    await page.getByText("7 of 100").waitFor();
    while ((await low.inputValue()) !== "321") {
      await page.waitForTimeout(50);
    }
    await watched.close();
  });

  it("asks before every change of plan, in the same dialog", async () => {
    for (const tenant of ["free", "active", "canceling"] as const) {
      const watched = await openPageState(browser(), played, { state: { tenant, shows: [] } });
      const { page } = watched;
      const buttons = page.locator(".plan-action button");
      await buttons.first().waitFor();
      for (const button of await buttons.all()) {
        const name = await button.innerText();
        await button.click();
        const dialog = page.getByRole("dialog", { name });
        await dialog.getByRole("button", { name: "Back" }).click();
        await dialog.waitFor({ state: "detached" });
      }
      expect(await buttons.count()).to.be.within(2, 3);
      await watched.close();
    }
  });

  it("leads who pays nothing any more to card, address and VAT id, and back to where it began", async () => {
    const state = { tenant: "left", shows: [], query: "?tab=billing#invoices" } as const;
    const watched = await openPageState(browser(), played, { state });
    const { page } = watched;
    await page.getByRole("button", { name: "Change e-mail, address or VAT id" }).click();
    await page.waitForURL(/\/p\/session\//);
    for (const card of ["Payment method", "Billing details"]) {
      await page.getByRole("heading", { name: card }).waitFor();
    }
    await page.getByRole("link", { name: "Return to the site" }).click();
    await page.getByText("Starter ended on March 10, 2027.").waitFor();
    await page.waitForURL(/\/dashboard\/billing\?tab=billing#invoices$/);
    await watched.close();
  });

  it("goes on by itself when the connection is back", async () => {
    const state = { tenant: "active", shows: [] } as const;
    const watched = await openPageState(browser(), played, { state });
    const { page } = watched;
    await page.getByText("Renews on").waitFor();
    await answerApi(page, { "/billing/subscription": "no connection" });
    await page.reload();
    await page.getByText("Billing cannot be shown").waitFor();
    await page.getByText("The billing service cannot be reached.").waitFor();
    await page.unrouteAll();
    await page.evaluate('dispatchEvent(new Event("online"))');
    await page.getByText("Renews on").waitFor();
    await watched.close();
  });
});

async function expectWords(page: Page, { shows, lacks = [] }: PageState): Promise<void> {
  for (const text of shows) {
    await page
      .getByText(text)
      .or(page.getByRole("button", { name: text }))
      .first()
      .waitFor({ state: "attached", timeout: 15_000 })
      .catch(() => undefined);
  }
  const seen = await seenText(page);
  for (const text of shows) {
    expect(seen).to.include(text);
  }
  for (const text of lacks) {
    expect(seen).not.to.include(text);
  }
}

/** By how many pixels the page is wider than the screen. */
async function overflow(page: Page): Promise<number> {
  return await page
    .locator("html")
    .evaluate((root) => Math.max(0, root.scrollWidth - root.clientWidth));
}

/** Cards and buttons whose content does not fit. */
async function cutOff(page: Page): Promise<readonly string[]> {
  return await page
    .locator(".card, .card .button")
    .evaluateAll((all) =>
      all
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
        .map(({ className }) => className),
    );
}

/** What is to be clicked and smaller than WCAG 2.2 asks for. */
async function smallTargets(page: Page): Promise<readonly string[]> {
  const targets = await page.locator("button, a, label").all();
  const boxes = await Promise.all(
    targets.map(async (target) => ({
      text: await target.innerText(),
      box: await target.boundingBox(),
    })),
  );
  return boxes.flatMap(({ text, box }) =>
    box !== null && Math.min(box.width, box.height) < LEAST_TARGET_PX ? text : [],
  );
}
