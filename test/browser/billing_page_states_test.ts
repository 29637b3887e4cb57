import { expect } from "chai";
import type { Page } from "playwright-core";
import { type StartedBilling, startBilling } from "../rig/started_billing.ts";
import { answersFor, FREE_SUBSCRIPTION, SUBSCRIPTION } from "./billing_answers.ts";
import { answerApi, openPageState, PHONE, realProblems, seenText } from "./billing_page_rig.ts";
import { describeInChromium } from "./describe_in_chromium.ts";
import { PAGE_STATES, type PageState } from "./page_states.ts";
import { accessibilityProblems } from "./watched_page.ts";

const LEAST_TARGET_PX = 24;

describeInChromium("The Billing page in every state", (browser) => {
  let billing: StartedBilling;

  before(async () => {
    billing = await startBilling();
  });

  after(() => billing.close());

  for (const [name, state] of Object.entries(PAGE_STATES)) {
    it(`${name}: says so, wide and light, narrow and dark, to everybody`, async () => {
      const watched = await openPageState(browser(), billing, { state });
      const { page } = watched;
      await page
        .getByText(state.shows[0] ?? "")
        .first()
        .waitFor();
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
    const state = { answers: answersFor(SUBSCRIPTION), shows: [] };
    const watched = await openPageState(browser(), billing, {
      state: { ...state, signedOut: true },
    });
    const { page } = watched;
    const asked = Promise.withResolvers<void>();
    await page.route("**/dashboard/session", async (route) => {
      await asked.promise;
      await route.fulfill({ json: { token: "a.b.c", tenantId: billing.tenantId } });
    });
    await page.reload();
    await page.getByText("Loading your billing…").waitFor();
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    asked.resolve();
    await page.getByText("Renews on December 23, 2026.").waitFor();
    expect(realProblems(watched)).to.deep.equal([]);
    await watched.close();
  });

  it("goes on by itself when the connection is back", async () => {
    const state = { answers: answersFor(SUBSCRIPTION), shows: [] };
    const watched = await openPageState(browser(), billing, { state });
    const { page } = watched;
    await page.getByText("Renews on").waitFor();
    await page.route("**/billing/subscription", (route) => route.abort("internetdisconnected"));
    await page.reload();
    await page.getByText("Billing cannot be shown").waitFor();
    await answerApi(page, answersFor(FREE_SUBSCRIPTION));
    await page.evaluate('dispatchEvent(new Event("online"))');
    await page.getByText("Nothing to pay.").waitFor();
    await watched.close();
  });
});

async function expectWords(page: Page, { shows, lacks = [] }: PageState): Promise<void> {
  for (const text of shows) {
    await page
      .getByText(text)
      .or(page.getByRole("button", { name: text }))
      .first()
      .waitFor({
        state: "attached",
        timeout: 5_000,
      })
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
