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
  [500, "Billing is not available at the moment."],
  [404, "This page is not set up correctly (DASHBOARD_SESSION_URL)."],
  [200, "This page is not set up correctly (DASHBOARD_SESSION_URL)."],
  [null, "The billing service cannot be reached."],
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
    await page.getByText("takes too long to answer").waitFor();
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await answerSession(page, played.session("active"));
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Renews on").waitFor();
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
