import { expect } from "chai";
import type { Page } from "playwright-core";
import { type StartedBilling, startBilling } from "../rig/started_billing.ts";
import {
  type Answer,
  type Answers,
  answersFor,
  FREE_SUBSCRIPTION,
  LEDGER,
  NO_HISTORY,
  PREVIEW,
  refusal,
  SUBSCRIPTION,
} from "./billing_answers.ts";
import { answerApi, openPageState, realProblems } from "./billing_page_rig.ts";
import { describeInChromium } from "./describe_in_chromium.ts";
import { PAGE_STATES } from "./page_states.ts";
import { accessibilityProblems, type WatchedPage } from "./watched_page.ts";

const WAITING = PAGE_STATES["waiting for the webhook"];
const WAITING_FOR_PACK = PAGE_STATES["waiting for a pack"];

/** What stands against a choice, what is said about it, and what is offered. */
const REFUSALS: readonly (readonly [code: string, said: string, offered: string | null])[] = [
  ["payment_required_first", "A payment is open.", "Update payment method"],
  ["subscription_ending", "Your plan is set to end on December 23, 2026.", "Resume plan"],
  ["change_scheduled", "Another change takes effect on December 23, 2026.", "Review the change"],
  ["already_on_plan", "You are on this plan already.", null],
  ["subscription_paused", "Your plan is paused.", "End the pause"],
  ["payment_processing", "Your bank has not confirmed the last payment yet.", null],
  ["several_items", "This plan cannot be changed here.", null],
];

describeInChromium("The Billing page's actions", (browser) => {
  let billing: StartedBilling;
  let watched: WatchedPage;
  let page: Page;

  before(async () => {
    billing = await startBilling();
  });

  after(() => billing.close());

  afterEach(() => watched.close());

  async function open(answers: Answers, query = ""): Promise<void> {
    watched = await openPageState(browser(), billing, { state: { answers, query, shows: [] } });
    ({ page } = watched);
  }

  function previewing(answer: Answer): Answers {
    return answersFor(SUBSCRIPTION, { "/billing/checkout/preview": answer });
  }

  it("shows what a change costs and changes before anybody leaves", async () => {
    await open(previewing({ body: PREVIEW }));
    await page.getByRole("button", { name: "Upgrade to Business" }).click();
    const dialog = page.getByRole("dialog", { name: "Upgrade to Business" });
    await dialog.getByText("€35.00").waitFor();
    const text = (await dialog.innerText()).replace(/\s+/g, " ");
    expect(text)
      .to.include("Then €99.00 on December 23, 2026")
      .and.include("At once, when you confirm")
      .and.include("Unused time on Pro -€64.00 1 x Business €99.00")
      .and.include("E-mails a month 50,000 250,000")
      .and.include("1,200 used already")
      .and.include("AI tokens left this month 18,800 200,000");
    expect(await accessibilityProblems(page)).to.deep.equal([]);
  });

  for (const [code, said, offered] of REFUSALS) {
    it(`explains ${code}, and leads on`, async () => {
      const effectiveAt = "2026-12-23T10:00:00.000Z";
      await open(previewing(refusal(409, code, { effectiveAt })));
      await page.getByRole("button", { name: "Upgrade to Business" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText(said).waitFor();
      const buttons = await dialog.getByRole("button").allInnerTexts();
      expect(buttons.filter((name) => name !== "" && name !== "Back")).to.deep.equal(
        offered === null ? [] : [offered],
      );
      expect(await accessibilityProblems(page)).to.deep.equal([]);
    });
  }

  it("works by keyboard: Escape closes, and the focus is where it was", async () => {
    await open(previewing({ body: PREVIEW }));
    const button = page.getByRole("button", { name: "Upgrade to Business" });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText("€35.00").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await button.evaluate((one) => one.matches(":focus"))).to.equal(true);
    await page.getByRole("radio", { name: "Monthly" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByText("€990.00").waitFor();
    await page.getByText("€82.50 a month, 17% less").waitFor();
    await page.getByRole("button", { name: "Switch to yearly" }).waitFor();
  });

  it("says so when Stripe cannot be opened, and can be tried again", async () => {
    await open(answersFor(SUBSCRIPTION, { "/billing/portal": refusal(503, "unavailable") }));
    await page.getByRole("button", { name: "Manage payment" }).click();
    await page.getByText("Stripe could not be opened. Try again in a moment.").waitFor();
    await page.getByRole("button", { name: "Manage payment" }).waitFor();
    expect(await accessibilityProblems(page)).to.deep.equal([]);
  });

  it("leads from the advice to the plan that it advises", async () => {
    await open(PAGE_STATES["over 80 percent"]?.answers ?? {});
    await page.getByRole("button", { name: "See Business" }).click();
    const button = page.getByRole("button", { name: "Upgrade to Business" });
    expect(await button.evaluate((one) => one.matches(":focus"))).to.equal(true);
  });

  it("repeats one part that failed, and leaves the others alone", async () => {
    await open(PAGE_STATES["section error"]?.answers ?? {});
    const retry = page.locator(".invoices").getByRole("button", { name: "Try again" });
    await retry.waitFor();
    await answerApi(page, answersFor(SUBSCRIPTION));
    await retry.click();
    await page.getByText("MC-0006").waitFor();
    await page.locator(".tokens").getByText("This part cannot be shown").waitFor();
  });

  it("adds older invoices below", async () => {
    const first = answersFor(SUBSCRIPTION)["/billing/invoices"]?.body as { data: object[] };
    const more = { body: { ...first, meta: { nextCursor: "in_0003" } } };
    await open(answersFor(SUBSCRIPTION, { "/billing/invoices": more }));
    const older = { ...first.data[0], id: "in_old", number: "MC-OLD" };
    const asked = page.waitForRequest(/cursor=in_0003/);
    await page.getByText("MC-0006").waitFor();
    await answerApi(page, {
      "/billing/invoices": { body: { data: [older], meta: { nextCursor: null } } },
    });
    await page.getByRole("button", { name: "Show older invoices" }).click();
    await asked;
    await page.getByText("MC-OLD").waitFor();
    await page.getByText("MC-0006").waitFor();
    expect(await page.getByRole("button", { name: "Show older invoices" }).count()).to.equal(0);
  });

  it("P21 waits for the webhook after the payment, and then says so", async () => {
    await open(WAITING?.answers ?? {}, WAITING?.query);
    await page.getByText("Payment received. Pro is being activated…").waitFor();
    await page.getByText("12 of 100").waitFor();
    await answerApi(page, answersFor(SUBSCRIPTION));
    const told = page.getByRole("status").getByText("Pro is active. Thank you!");
    await told.waitFor();
    await page.getByText("Renews on December 23, 2026.").waitFor();
    expect(new URL(page.url()).search).to.equal("");
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    expect(realProblems(watched)).to.deep.equal([]);
  });

  it("knows its own pack among others", async () => {
    await open(WAITING_FOR_PACK?.answers ?? {}, WAITING_FOR_PACK?.query);
    await page.getByText("Your tokens are on their way…").waitFor();
    const other = { key: "pack:cs_2", amount: 1 };
    const own = { key: "pack:cs_1", amount: 50_000 };
    await answerApi(page, { "/billing/tokens": { body: { data: [other, ...LEDGER.data] } } });
    await page.waitForResponse(/\/billing\/tokens\?/);
    await answerApi(page, { "/billing/tokens": { body: { data: [own, ...LEDGER.data] } } });
    await page.getByText("50,000 tokens have been added.").waitFor();
  });

  it("gives up kindly after a minute, and can look again", async () => {
    const answers = answersFor(FREE_SUBSCRIPTION, NO_HISTORY);
    watched = await openPageState(browser(), billing, { state: { answers, shows: [] } });
    ({ page } = watched);
    await page.clock.install();
    await page.goto(`${billing.service.url}/dashboard/billing${WAITING?.query}`);
    await page.getByText("Pro is being activated…").waitFor();
    const slow = page.getByText("It takes longer than usual.");
    for (let seconds = 0; seconds < 120 && (await slow.count()) === 0; seconds += 5) {
      const looked = page.waitForResponse("**/billing/subscription", { timeout: 500 });
      await page.clock.runFor(5_000);
      await looked.catch(() => undefined);
    }
    await slow.waitFor();
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    await answerApi(page, answersFor(SUBSCRIPTION));
    await page.getByRole("button", { name: "Check again" }).click();
    await page.getByText("Renews on December 23, 2026.").waitFor();
  });
});
