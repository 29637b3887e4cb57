import { expect } from "chai";
import type { Locator, Page } from "playwright-core";
import { realProblems, seenText } from "./billing_page_rig.ts";
import { describeInChromium } from "./describe_in_chromium.ts";
import { useElement } from "./use_element.ts";
import { accessibilityProblems } from "./watched_page.ts";

const GETTING_TOKENS = `
  window.asked = [];
  element.getToken = async ({ renew }) => {
    asked.push(renew);
    return window.tokens.shift() ?? null;
  };`;

/** A dark dashboard in cream, by every custom property, and a part. */
const CREAM = `
  body { background: #1d1810; color: #f3e9d2; }
  mailingcore-billing {
    --mailingcore-accent: #f0c674;
    --mailingcore-on-accent: #2b241a;
    --mailingcore-ink: #f3e9d2;
    --mailingcore-soft: #c9bb9c;
    --mailingcore-paper: #2b241a;
    --mailingcore-line: #4a3f2d;
    --mailingcore-shade: #3a3122;
    --mailingcore-control: #8a7a5c;
    --mailingcore-good: #b5d99c;
    --mailingcore-warning: #f5b971;
    --mailingcore-bad: #f4978e;
    --mailingcore-info: #d8c9a8;
    --mailingcore-radius: 2px;
    --mailingcore-font: Georgia, serif;
  }
  mailingcore-billing::part(primary-button) { text-transform: uppercase; }`;

describeInChromium("The Billing page's element in a dashboard of another origin", (browser) => {
  const { host, goodToken, open } = useElement(browser);

  async function styleOf(one: Locator, property: string): Promise<unknown> {
    return await one.evaluate((element, name) => {
      const { getComputedStyle } = globalThis as unknown as {
        getComputedStyle(of: unknown): { getPropertyValue(name: string): string };
      };
      return getComputedStyle(element).getPropertyValue(name);
    }, property);
  }

  async function asked(page: Page): Promise<unknown> {
    return await page.evaluate("asked");
  }

  it("is mounted under the host's strict policy, without styles or errors leaking", async () => {
    const watched = await open(GETTING_TOKENS);
    const { page } = watched;
    await page.getByText("Nothing to pay.").waitFor();
    expect(await asked(page)).to.deep.equal([false]);
    expect(await page.locator("h1").allInnerTexts()).to.deep.equal(["Settings"]);
    expect(await page.getByRole("heading", { level: 2 }).allInnerTexts()).to.deep.equal([
      "Billing",
    ]);
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    expect(realProblems(watched)).to.deep.equal([]);
  });

  it("goes to Checkout and comes back to the host's page", async () => {
    const { page } = await open(GETTING_TOKENS, { tokens: [goodToken(), goodToken()] });
    await page.getByRole("button", { name: "Choose Starter" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Continue to payment" }).click();
    await page.waitForURL(/\/c\/pay\//);
    const cancel = page.getByRole("link", { name: /cancel|back/i }).first();
    await cancel.click();
    await page.getByText("You left Stripe without finishing.").waitFor();
    expect(page.url()).to.equal(`${host.origin}/`);
  });

  it("asks once more when a token is refused, and then says that nobody is signed in", async () => {
    const { page: first } = await open(GETTING_TOKENS, { tokens: ["a.b.c", goodToken()] });
    await first.getByText("Nothing to pay.").waitFor();
    expect(await asked(first)).to.deep.equal([false, true]);
    const { page } = await open(GETTING_TOKENS, { tokens: ["a.b.c", "a.b.c"] });
    await page.getByText("You are signed out").waitFor();
    expect(await asked(page)).to.deep.equal([false, true]);
    expect(await accessibilityProblems(page)).to.deep.equal([]);
  });

  it("lets the host sign people in, and go to Stripe in its own way", async () => {
    const script = `${GETTING_TOKENS}
      element.addEventListener("mailingcore-signin", () => tokens.push("${goodToken()}"));
      element.addEventListener("mailingcore-navigate", (event) => {
        event.preventDefault();
        element.dataset.left = event.detail.url;
      });`;
    const { page } = await open(script, { tokens: [] });
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: /^Buy the pack Starter/ }).click();
    await page.locator('mailingcore-billing[data-left*="/c/pay/"]').waitFor();
    await page.getByRole("button", { name: /^Buy the pack Starter/ }).waitFor();
  });

  it("asks another callback from then on, and restarts nothing", async () => {
    const { page } = await open(GETTING_TOKENS);
    await page.getByText("Nothing to pay.").waitFor();
    let requests = 0;
    page.on("request", () => {
      requests += 1;
    });
    await page.getByRole("button", { name: "Choose Starter" }).click();
    await page.getByRole("dialog").getByText("Due now").waitFor();
    const before = requests;
    await page.locator("mailingcore-billing").evaluate((element, token) => {
      for (let rendering = 0; rendering < 5; rendering += 1) {
        Reflect.set(element, "getToken", () => (rendering === 4 ? token : null));
      }
    }, goodToken());
    await page.waitForTimeout(100);
    expect(await page.getByRole("dialog").count(), "the dialog is still open").to.equal(1);
    expect(requests).to.equal(before);
    await page.getByRole("dialog").getByRole("button", { name: "Continue to payment" }).click();
    await page.waitForURL(/\/c\/pay\//);
  });

  it("wears the dashboard's colours and shapes, where the browser is dark", async () => {
    const { page } = await open(`${GETTING_TOKENS}
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(${JSON.stringify(CREAM)});
      document.adoptedStyleSheets = [sheet];`);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.getByText("Nothing to pay.").waitFor();
    const card = page.locator("mailingcore-billing .card").first();
    expect(await styleOf(card, "background-color")).to.equal("rgb(43, 36, 26)");
    expect(await styleOf(card, "border-radius")).to.equal("2px");
    expect(await styleOf(card, "font-family")).to.equal("Georgia, serif");
    const button = page.getByRole("button", { name: "Choose Starter" });
    expect(await styleOf(button, "text-transform")).to.equal("uppercase");
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    if (process.env.SCREENSHOTS !== undefined) {
      await page.screenshot({ path: `${process.env.SCREENSHOTS}/cream.png`, fullPage: true });
    }
  });

  it("takes what was set before its module came, and shows another tenant's state at once", async () => {
    const { page } = await open("element.token = tokens[0];");
    await page.getByText("Nothing to pay.").waitFor();
    await page.locator("mailingcore-billing").evaluate((element) => {
      element.setAttribute("tenant-id", "clforeign01");
    });
    await page.getByText("You have no access to this tenant").waitFor();
    expect(await seenText(page)).not.to.include("Nothing to pay");
    await page.locator("mailingcore-billing").evaluate((element) => {
      element.setAttribute("tenant-id", "cldemo0001");
      element.setAttribute("locale", "es");
    });
    await page.getByText("Nada que pagar.").waitFor();
  });
});
