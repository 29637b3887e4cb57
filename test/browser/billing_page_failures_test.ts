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

/** `ALL_FAULTS=1` plays every fault on every way; else each way takes its turn with some. */
const AT_ONCE = process.env.ALL_FAULTS === undefined ? 2 : FAULTS.length;

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
