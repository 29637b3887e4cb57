import { expect } from "chai";
import type { Page } from "playwright-core";
import { I18n } from "../../src/adapters/dashboard/client/i18n.js";
import {
  type Answer,
  type Answers,
  answerApi,
  answerSession,
  openPageState,
  realProblems,
  refusal,
} from "./billing_page_rig.ts";
import { describeInChromium } from "./describe_in_chromium.ts";
import { type PlayedTenants, playTenants, type TenantName } from "./played_tenants.ts";
import { accessibilityProblems, type WatchedPage } from "./watched_page.ts";

const ENGLISH = new I18n("en");
const PREVIEW = "/billing/checkout/preview";

/** Who wants what, what is said against it, and what is offered. */
const REFUSALS: readonly (readonly [TenantName, string, string, string])[] = [
  ["grace", "Upgrade to Business", "A payment is open.", "Pay the invoice"],
  ["canceling", "Upgrade to Business", "Your plan is set to end on April 25, 2027.", "Resume plan"],
  ["scheduled", "Upgrade to Business", "takes effect on May 12, 2027.", "Review the change"],
];

/** What goes wrong on the way to Stripe, and what is said of it. */
const FAULTS: readonly (readonly [string, Answer, string])[] = [
  [
    "a failing service",
    refusal(503, "temporarily_unavailable"),
    "Stripe, or another service that billing needs, does not answer.",
  ],
  ["no connection", "no connection", "The billing service cannot be reached."],
  [
    "a wrong setting",
    refusal(400, "invalid_redirect"),
    "has to add it to ALLOWED_REDIRECT_ORIGINS.",
  ],
  ["another's checkout", refusal(409, "checkout_superseded"), "has just started a checkout."],
];

describeInChromium("The Billing page's actions", (browser) => {
  let played: PlayedTenants;
  let watched: WatchedPage;
  let page: Page;

  before(async () => {
    played = await playTenants();
  });

  after(() => played.close());

  afterEach(() => watched.close());

  async function open(tenant: TenantName, faults: Answers = {}, query = ""): Promise<void> {
    const state = { tenant, faults, query, shows: [] };
    watched = await openPageState(browser(), played, { state });
    ({ page } = watched);
  }

  async function press(name: string | RegExp): Promise<void> {
    await page.getByRole("button", { name }).click();
  }

  it("P19 shows what a change costs and changes, line by line, before anybody leaves", async () => {
    await open("active");
    const asked = page.waitForResponse(`**${PREVIEW}?*`);
    await press("Upgrade to Business");
    const preview = await (await asked).json();
    const dialog = page.getByRole("dialog", { name: "Upgrade to Business" });
    await dialog.getByText("What changes").waitFor();
    const text = (await dialog.innerText()).replace(/\s+/g, " ");
    const money = (amount: number) => ENGLISH.money(amount, "eur");
    expect(preview.lines).to.have.length(2);
    const [unused, business] = preview.lines;
    expect(text)
      .to.include(`Unused time on Pro ${money(unused.amount)}`)
      .and.include(`Business ${money(business.amount)}`);
    expect(unused.amount + business.amount).to.equal(preview.dueNow);
    expect(text)
      .to.include(`Due now ${money(preview.dueNow)}`)
      .and.include(`Then ${money(preview.nextPayment)} on`)
      .and.include("At once, when you confirm")
      .and.include("E-mails a month 50,000 250,000");
    expect(await accessibilityProblems(page)).to.deep.equal([]);
  });

  it("P45 tells before a downgrade what is over the lower limits", async () => {
    await open("active");
    await page.locator("mailingcore-billing").evaluate((element) => {
      Object.assign(element, { counts: { domains: 4, members: 3, templates: 100 } });
    });
    for (const button of ["Change to Starter", "Change to Free", "Cancel plan"]) {
      await press(button);
      const dialog = page.getByRole("dialog", { name: button });
      await dialog.getByText("4 used already").waitFor();
      const text = (await dialog.innerText()).replace(/\s+/g, " ");
      const isFree = button !== "Change to Starter";
      expect(text)
        .to.include("until then you keep Pro")
        .and.include("18,420 used this month")
        .and.include(isFree ? "4 used already, 3 too many" : "4 used already, 1 too many")
        .and.include(isFree ? "3 used already, 2 too many" : "3 used already")
        .and.include("stays, but nothing can be added");
      expect(await accessibilityProblems(page), button).to.deep.equal([]);
      await dialog.getByRole("button", { name: "Back" }).click();
    }
  });

  it("ends a plan through the same dialog, at Stripe", async () => {
    await open("yearly");
    await press("Change to Free");
    await page.getByRole("dialog").getByRole("button", { name: "Continue to confirm" }).click();
    await page.waitForURL(/\/cancel$/);
  });

  for (const [tenant, button, said, offered] of REFUSALS) {
    it(`P17 explains to "${tenant}" what comes first, and leads on`, async () => {
      await open(tenant);
      await press(button);
      const dialog = page.getByRole("dialog");
      await dialog.getByText(said).waitFor();
      const ways = dialog.getByRole("button", { name: offered });
      await ways.or(dialog.getByRole("link", { name: offered })).waitFor();
      expect(await accessibilityProblems(page)).to.deep.equal([]);
    });
  }

  it("works by keyboard: Escape closes, and the focus is where it was", async () => {
    await open("active");
    const button = page.getByRole("button", { name: "Upgrade to Business" });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText("Due now").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await button.evaluate((one) => one.matches(":focus"))).to.equal(true);
    await page.getByRole("radio", { name: "Monthly" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByText("€990.00").waitFor();
    await page.getByText("€82.50 a month, 17% less").waitFor();
    await page.getByRole("button", { name: "Switch to yearly" }).waitFor();
  });

  for (const [fault, answer, said] of FAULTS) {
    it(`tells ${fault} from other faults, in the dialog and on the page`, async () => {
      await open("active", { "/billing/portal": answer, "/billing/checkout": answer });
      await press("Change payment method");
      await page.getByRole("status").getByText(said).waitFor();
      await press("Upgrade to Business");
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Continue to confirm" }).click();
      await dialog.getByRole("alert").getByText(said).waitFor();
      expect(await accessibilityProblems(page)).to.deep.equal([]);
    });
  }

  it("says that the session has ended, whatever was pressed, and goes on after signing in", async () => {
    const gone = refusal(401, "token_invalid");
    await open("active", { [PREVIEW]: gone });
    await press("Upgrade to Business");
    await page.getByText("You are signed out").waitFor();
    expect(await page.getByRole("dialog").count()).to.equal(0);
    await page.unroute(({ pathname }) => pathname === PREVIEW);
    await press("Sign in");
    await page.getByText("Renews on April 23, 2027.").waitFor();
  });

  it("says that what is shown is not up to date, and why", async () => {
    await open("active");
    await page.getByText("Renews on").waitFor();
    await answerApi(page, { "/billing/subscription": "no connection" });
    await page.clock.install();
    await page.clock.setFixedTime(Date.now() + 60_000);
    await page.evaluate('dispatchEvent(new Event("focus"))');
    await page.getByRole("status").getByText("The billing service cannot be reached.").waitFor();
    await page.getByText("Renews on").waitFor();
  });

  it("shows all else while Stripe does not say who pays, and then that, too", async () => {
    const asked = Promise.withResolvers<void>();
    const slow = async (path: string) =>
      page.route(
        ({ pathname }) => pathname === path,
        async (route) => {
          await asked.promise;
          await route.fallback();
        },
      );
    await open("prepaid");
    await slow("/billing/details");
    await slow("/billing/invoices");
    await page.reload();
    await page.getByText("Nothing to pay").waitFor();
    await page.locator(".alerts").getByRole("button", { name: "Save" }).waitFor();
    await page.locator(".top-up").getByRole("button", { name: "Save" }).waitFor();
    expect(await page.getByText("Visa ending in 4242").count()).to.equal(0);
    expect(await accessibilityProblems(page), "outlines").to.deep.equal([]);
    asked.resolve();
    await page.getByText("Visa ending in 4242", { exact: false }).first().waitFor();
    await page.getByText("Acme GmbH").waitFor();
    expect(realProblems(watched)).to.deep.equal([]);
  });

  it("shows what was changed at Stripe meanwhile, to whom comes back", async () => {
    await open("prepaid");
    await page.getByText("Marktstr. 1, 10115 Berlin, DE").waitFor();
    const { stripe } = played.billing;
    const all = await stripe.customers.list({ email: "billing@acme.example" });
    const [customer] = all.data;
    const changed = { line1: "Calle Mayor 2", postal_code: "28013", city: "Madrid", country: "ES" };
    await stripe.customers.update(customer?.id ?? "", { name: "Acme SL", address: changed });
    await page.clock.install();
    await page.clock.setFixedTime(Date.now() + 60_000);
    await page.evaluate('dispatchEvent(new Event("focus"))');
    await page.getByText("Calle Mayor 2, 28013 Madrid, ES").waitFor();
    await page.getByText("Acme SL").waitFor();
  });

  it("asks again who pays, by keyboard, where it could not learn it", async () => {
    await open("active", { "/billing/details": refusal(503, "temporarily_unavailable") });
    const retry = page.locator(".overview").getByRole("button", { name: "Try again" });
    await retry.waitFor();
    await page.unrouteAll();
    await answerSession(page, played.session("active"));
    await retry.focus();
    await page.keyboard.press("Enter");
    await page.locator(".overview").getByText("Visa ending in 4242").waitFor();
    await retry.waitFor({ state: "detached" });
  });

  it("leads to the Portal to change card and details, without a plan", async () => {
    await open("prepaid");
    await press("Change payment method");
    await page.waitForURL(/\/p\/session\/.*card$/);
    await open("prepaid");
    await press("Change e-mail, address or VAT id");
    await page.waitForURL(/\/p\/session\//);
    await page.getByText("Acme").first().waitFor();
  });

  it("P19 says what the end of a pause charges, and to what, before it is pressed", async () => {
    await open("paused");
    await press("End the pause");
    const dialog = page.getByRole("dialog", { name: "End the pause" });
    const text = (await dialog.innerText()).replace(/\s+/g, " ");
    expect(text)
      .to.include("Due now €29.00 nothing while paid time is left")
      .and.include("Visa ending in 4242")
      .and.include("At once, when you confirm");
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    await dialog.getByRole("button", { name: "Back" }).click();
    await press("Upgrade to Business");
    await page.getByRole("dialog").getByText("Your plan is paused.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "End the pause" }).click();
    await dialog.getByText("Due now").waitFor();
    await dialog.getByRole("button", { name: "End the pause" }).click();
    await page.getByRole("status").getByText("Your plan goes on. Thank you!").waitFor();
    await dialog.waitFor({ state: "detached" });
  });

  it("leads from the advice to the plan that it advises", async () => {
    await open("warned");
    await press("See Pro");
    const button = page.getByRole("button", { name: "Upgrade to Pro" });
    expect(await button.evaluate((one) => one.matches(":focus"))).to.equal(true);
  });

  it("repeats one part that failed, and leaves the others alone", async () => {
    const down = refusal(503, "temporarily_unavailable");
    await open("active", { "/billing/invoices": down, "/billing/tokens/periods": down });
    const retry = page.locator(".invoices").getByRole("button", { name: "Try again" });
    const months = page.locator(".tokens").getByText("does not answer");
    await retry.waitFor();
    await months.waitFor();
    await page.unrouteAll();
    await retry.click();
    await page.locator(".invoice-table").waitFor();
    expect(await months.isVisible()).to.equal(true);
  });

  it("adds older invoices below", async () => {
    await open("active");
    await page.locator(".invoice-table").waitFor();
    await page.route(/\/billing\/invoices\?/, async (route) => {
      await route.continue({ url: route.request().url().replace("limit=12", "limit=4") });
    });
    await page.reload();
    const rows = page.locator(".invoice-table tbody tr");
    const more = page.getByRole("button", { name: "Show older invoices" });
    await more.waitFor();
    expect(await rows.count()).to.equal(4);
    await more.click();
    await more.waitFor({ state: "detached" });
    expect(await rows.count()).to.be.greaterThan(4);
  });

  it("saves what the tenant wants to be told of, and shows it again", async () => {
    await open("newcomer");
    await page.getByLabel("80%").check();
    await page.getByLabel("50%").uncheck();
    const tokens = page.locator(".alerts").getByLabel("When fewer AI tokens are left than");
    await tokens.fill("500");
    await page.locator(".alerts").getByRole("button", { name: "Save" }).click();
    await page.getByRole("status").getByText("Saved.").waitFor();
    await page.reload();
    await tokens.waitFor();
    expect(await page.getByLabel("80%").isChecked()).to.equal(true);
    expect(await page.getByLabel("50%").isChecked()).to.equal(false);
    expect(await tokens.inputValue()).to.equal("500");
    expect(await accessibilityProblems(page)).to.deep.equal([]);
  });

  it("says why a top-up cannot be saved before there is a card to charge", async () => {
    await open("newcomer");
    await page.getByLabel("Buy automatically").check();
    await page.locator(".top-up").getByRole("button", { name: "Save" }).click();
    await page.getByRole("status").getByText("choose a plan first").waitFor();
  });

  it("P21 waits for the webhook after the payment, and then says what the service says", async () => {
    const { session, pay } = await played.life("newcomer").begin({ planSlug: "pro" });
    const errand = "billing-for=plan&billing-planSlug=pro&billing-interval=month";
    await open("newcomer", {}, `?billing-return=success&${errand}&billing-session=${session}`);
    await page.getByText("Waiting for Stripe's confirmation…").waitFor();
    await page.getByText("0 of 100").waitFor();
    await pay();
    await page.getByRole("status").getByText("Pro is active. Thank you!").waitFor();
    await page.getByText("Renews on May 18, 2027.").waitFor();
    expect(new URL(page.url()).search).to.equal("");
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    expect(realProblems(watched)).to.deep.equal([]);
  });

  it("knows its own pack among others", async () => {
    const { life } = played;
    const own = await life("newcomer").begin({ packSlug: "growth" });
    await life("newcomer").buy({ packSlug: "starter" });
    const errand = "billing-for=pack&billing-packSlug=growth";
    await open("newcomer", {}, `?billing-return=success&${errand}&billing-session=${own.session}`);
    const looked = page.waitForResponse(/\/billing\/tokens\?/);
    await page.getByText("Waiting for Stripe's confirmation…").waitFor();
    await looked;
    await own.pay();
    await page.getByText("50,000 tokens have been added.").waitFor();
  });

  it("gives up kindly after a minute, and can look again", async () => {
    await open("free");
    await page.clock.install();
    const errand = "billing-for=plan&billing-planSlug=pro&billing-interval=month";
    const url = `${played.billing.service.url}/dashboard/billing?billing-return=success&${errand}`;
    await page.goto(url);
    await page.getByText("Waiting for Stripe's confirmation…").waitFor();
    const slow = page.getByText("Stripe has not confirmed anything yet.");
    for (let seconds = 0; seconds < 120 && (await slow.count()) === 0; seconds += 5) {
      const looked = page.waitForResponse("**/billing/subscription", { timeout: 500 });
      await page.clock.runFor(5_000);
      await looked.catch(() => undefined);
    }
    await slow.waitFor();
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    await press("Check again");
    await slow.waitFor({ state: "detached" });
    await page.getByText("Nothing to pay").waitFor();
  });
});
