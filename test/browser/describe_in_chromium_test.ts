import { expect } from "chai";
import { describeInChromium, findChromium } from "./describe_in_chromium.ts";
import { accessibilityProblems, openWatchedPage } from "./watched_page.ts";

describeInChromium("The browser of the tests", (browser) => {
  it("hears of exceptions, console errors and breaches of the policy", async () => {
    const { page, problems, close } = await openWatchedPage(browser());
    await page.route("http://page.test/", (route) =>
      route.fulfill({
        contentType: "text/html",
        headers: { "Content-Security-Policy": "default-src 'none'; script-src 'nonce-a'" },
        body: `<title>t</title><p style="color:red">styled</p>
          <script nonce="a">console.error("said"); setTimeout(() => { throw new Error("thrown"); })</script>`,
      }),
    );
    await page.goto("http://page.test/");
    await page.waitForTimeout(50);
    await close();
    expect(problems.join("\n"))
      .to.include("error: said")
      .and.include("exception: thrown")
      .and.include("Content Security Policy");
  });

  it("finds what people who cannot see the page would miss", async () => {
    const { page, close } = await openWatchedPage(browser());
    await page.setContent(
      '<html lang="en"><title>t</title><main><h1>t</h1><img src="a.png"></main>',
    );
    const problems = await accessibilityProblems(page);
    await close();
    expect(problems).to.have.length(1);
    expect(problems[0]).to.match(/^image-alt: /);
  });
});

describe("The search for a browser", () => {
  it("finds none where the PATH has none", () => {
    expect(findChromium("/nowhere:/neither")).to.equal(undefined);
  });
});
