import { expect } from "chai";
import type { Page } from "playwright-core";
import { answerSession, DESKTOP, realProblems } from "./billing_page_rig.ts";
import { describeInChromium } from "./describe_in_chromium.ts";
import { BrokenPage } from "./failures/broken_page.ts";
import { FAULTS, type NamedFault } from "./failures/faults.ts";
import { reopen, WAYS, type Way } from "./failures/ways.ts";
import { type PlayedDashboard, startPlayedDashboard } from "./played_dashboard.ts";
import { accessibilityProblems, openWatchedPage, type WatchedPage } from "./watched_page.ts";

const TENANT = "clbroken01";
/** What is typed elsewhere while anything fails, and has to be there afterwards. */
const ELSEWHERE = "4321";

/** `ALL_FAULTS=1` plays every fault on every way; else each way takes its turn with one. */
const AT_ONCE = process.env.ALL_FAULTS === undefined ? 1 : FAULTS.length;

describeInChromium("The Billing page when the service fails", (browser) => {
  let played: PlayedDashboard;
  let watched: WatchedPage;
  let page: Page;
  let broken: BrokenPage;

  before(async () => {
    played = await startPlayedDashboard({ RATE_LIMIT_PER_MINUTE: "100000" });
    await played.life(TENANT).buy({ planSlug: "pro" });
  });

  after(() => played.billing.close());

  beforeEach(async () => {
    watched = await openWatchedPage(browser(), { viewport: DESKTOP });
    ({ page } = watched);
    await answerSession(page, played.session(TENANT));
    broken = await BrokenPage.of(page);
    await page.goto(`${played.billing.service.url}/dashboard/billing`);
    await page.getByText("Renews on").waitFor();
    await page.locator(".alerts form").waitFor();
    await page.evaluate(`document.querySelector("mailingcore-billing").addEventListener(
      "mailingcore-navigate", (event) => {
        event.preventDefault();
        event.target.dataset.left = event.detail.url;
      })`);
  });

  afterEach(() => watched.close());

  for (const [turn, way] of WAYS.entries()) {
    const first = (turn * AT_ONCE) % FAULTS.length;
    const faults = [...FAULTS.slice(first), ...FAULTS.slice(0, first)]
      .filter(({ name }) => !way.spared?.includes(name))
      .slice(0, AT_ONCE);
    it(`${way.name}: says what is wrong of each fault, loses nothing, and goes on after it`, async () => {
      for (const fault of faults) {
        await failAndGoOn(way, fault);
      }
      expect(realProblems(watched)).to.deep.equal([]);
    });
  }

  it("takes back what it said of a missing connection as soon as there is one", async () => {
    await broken.breaks([], "offline");
    await page.getByRole("button", { name: "Change payment method" }).click();
    const said = page.getByText("You are offline. Try again when the connection is back.");
    await broken.until(said);
    await broken.mends();
    await broken.until(said, "hidden");
  });

  it("says nothing in a dialog of what has failed before it", async () => {
    const isMeant = ({ name }: NamedFault) => name === "Stripe unavailable";
    const { fault, said } = FAULTS.find(isMeant) ?? expect.fail("no such fault");
    await broken.breaks(["POST /billing/portal"], fault);
    await page.getByRole("button", { name: "Change payment method" }).click();
    await broken.until(page.getByRole("status").getByText(said));
    await page.getByRole("button", { name: "Upgrade to Business" }).click();
    await broken.until(page.getByRole("dialog").getByText("Due now"));
    expect(await page.getByText(said).count()).to.equal(0);
  });

  it("does not blame Stripe for what it could not ask after a payment", async () => {
    const { url } = played.billing.service;
    const errand = "billing-for=plan&billing-planSlug=business&billing-interval=month";
    await page.goto(`${url}/dashboard/billing?billing-return=success&${errand}`);
    await broken.until(page.locator(".overview"));
    await page.getByText("Waiting for Stripe's confirmation…").waitFor();
    await broken.breaks(["GET /billing/subscription"], "refused");
    const said = page.getByRole("status").getByText("The billing service cannot be reached.");
    await broken.until(said);
    await broken.mends();
    await page.getByRole("button", { name: "Check again" }).click();
    await broken.until(said, "hidden");
  });

  it("keeps what was saved when an older answer comes late", async () => {
    const field = page.locator('.alerts input[type="number"]');
    await broken.breaks(["GET /billing/subscription"], "refused");
    await page.clock.runFor(6_000);
    await page.evaluate('dispatchEvent(new Event("focus"))');
    const retry = page.getByRole("status").getByRole("button", { name: "Try again" });
    await broken.until(retry);
    await broken.mends();
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    await page.route("**/billing/alerts", async (route) => {
      if (route.request().method() !== "GET") {
        await route.fallback();
        return;
      }
      const response = await route.fetch();
      asked.resolve();
      await released.promise;
      await route.fulfill({ response });
    });
    await retry.click();
    await asked.promise;
    await field.fill("555");
    await page.locator(".alerts").getByRole("button", { name: "Save" }).click();
    await page.getByRole("status").getByText("Saved.").waitFor();
    const late = page.waitForResponse("**/billing/alerts");
    released.resolve();
    await (await late).finished();
    await broken.until(page.locator(".overview"));
    await page.evaluate("new Promise((resolve) => setTimeout(resolve, 50))");
    expect(await field.inputValue()).to.equal("555");
  });

  async function failAndGoOn(way: Way, { name, fault, said }: NamedFault): Promise<void> {
    const elsewhere = page.locator('.alerts input[type="number"]');
    const [typed, value] = way.typed ?? ['.alerts input[type="number"]', ELSEWHERE];
    await broken.until(elsewhere);
    await page.locator(typed).first().fill(value);
    await way.prepare?.(page);
    await broken.breaks(way.paths, fault);
    await way.act(broken);
    const whole = page.locator(".full");
    await broken.until(way.told(page).or(whole).getByText(said));
    await keepPicture(page, `${way.name} ${name}`);
    if (name === "not in time") {
      expect(await accessibilityProblems(page), `${way.name}: ${name}`).to.deep.equal([]);
    }
    await broken.mends();
    const retry = whole.or(way.told(page)).getByRole("button", { name: /^(Try again|Sign in)$/ });
    if (await whole.isVisible()) {
      await ((await retry.count()) > 0 ? retry.first().click() : reopen(broken));
      await broken.until(page.locator(".overview"));
      await broken.until(page.locator(typed));
      await way.act(broken);
    } else {
      await ((await retry.count()) > 0 ? retry.first().click() : way.act(broken));
    }
    await broken.until(page.locator(typed));
    expect(await page.locator(typed).first().inputValue(), `${way.name}: ${name}`).to.equal(value);
    await broken.until(way.done(page));
    await broken.until(page.getByText(said), "hidden");
    await page.evaluate('delete document.querySelector("mailingcore-billing").dataset.left');
    const back = page.getByRole("dialog").getByRole("button", { name: "Back" });
    if (await back.isVisible()) {
      await back.click();
    }
  }
});

/** Keeps a picture where a folder for them is set. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const { SCREENSHOTS: folder } = process.env;
  if (folder !== undefined) {
    await page.screenshot({ path: `${folder}/${name.replaceAll(" ", "_")}.png` });
  }
}
