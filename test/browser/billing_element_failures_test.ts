import { expect } from "chai";
import { realProblems, refusal } from "./billing_page_rig.ts";
import { describeInChromium } from "./describe_in_chromium.ts";
import { startHostDashboard } from "./host_dashboard.ts";
import { useElement } from "./use_element.ts";
import { accessibilityProblems } from "./watched_page.ts";

/** What the service answers once a session has ended. */
const ENDED = {
  status: 401,
  headers: { "access-control-allow-origin": "*" },
  json: refusal(401, "token_invalid").body,
};

/** What a dashboard can get wrong, and what its tenants are told of it. */
const WRONG: readonly (readonly [what: string, script: string, said: string])[] = [
  [
    "an address that is none",
    'element.getToken = () => tokens[0]; element.setAttribute("base-url", "http://");',
    "This page is not set up correctly (base-url).",
  ],
  [
    "no tenant",
    'element.getToken = () => tokens[0]; element.removeAttribute("tenant-id");',
    "This page is not set up correctly (tenant_missing).",
  ],
  [
    "a token that is none",
    "element.getToken = async () => ({ token: tokens[0] });",
    "This page is not set up correctly (getToken).",
  ],
  [
    "a failing callback",
    'element.getToken = () => { throw new Error("no session"); };',
    "The dashboard does not say who is signed in.",
  ],
  [
    "an address where there is something else",
    `element.getToken = () => tokens[0];
    const { src } = document.querySelector("script[src*=mailingcore-billing]");
    element.setAttribute("base-url", new URL("/docs", src));`,
    "This page is not set up correctly (route_not_found).",
  ],
];

describeInChromium(
  "The Billing page's element when its dashboard or the service fails",
  (browser) => {
    const { billing, goodToken, open } = useElement(browser);

    for (const [what, script, said] of WRONG) {
      it(`says what the dashboard gets wrong: ${what}`, async () => {
        const watched = await open(script);
        const { page } = watched;
        await page.getByText(said).waitFor();
        await page.getByRole("button", { name: "Try again" }).click();
        await page.getByText(said).waitFor();
        expect(realProblems(watched)).to.deep.equal([]);
        await page.locator("mailingcore-billing").evaluate((element, token) => {
          Reflect.set(element, "getToken", () => token);
          element.removeAttribute("base-url");
          element.removeAttribute("tenant-id");
          element.setAttribute("tenant-id", "cldemo0001");
        }, goodToken());
        await page.getByText("Nothing to pay.").waitFor();
      });
    }

    it("tells an origin that is not allowed from a service that is not there", async () => {
      const stranger = await startHostDashboard();
      const { page } = await open("element.token = tokens[0];", { where: stranger });
      const said = `does not let pages of ${stranger.origin} read its answers.`;
      await page.getByText(said).waitFor();
      expect(await accessibilityProblems(page)).to.deep.equal([]);
      await page.route(`${billing.service.url}/**`, (route) => route.abort("connectionrefused"));
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByText("The billing service cannot be reached.").waitFor();
      await page.unrouteAll();
      await stranger.close();
    });

    it("loses nothing that was typed when the session ends, and goes on with the next one", async () => {
      const { page } =
        await open(`element.getToken = ({ renew }) => (renew ? null : (tokens[0] ?? null));
      element.addEventListener("mailingcore-signin", () => tokens.push("${goodToken()}"));`);
      const alerts = page.locator(".alerts");
      await alerts.getByLabel("80%").uncheck();
      await alerts.getByLabel("When fewer AI tokens are left than").fill("321");
      await page.evaluate("tokens.length = 0");
      await page.route("**/billing/alerts", (route) => route.fulfill(ENDED));
      await alerts.getByRole("button", { name: "Save" }).click();
      await page.getByText("You are signed out").waitFor();
      await page.unrouteAll();
      await page.getByRole("button", { name: "Sign in" }).click();
      await alerts.waitFor();
      expect(await alerts.getByLabel("80%").isChecked()).to.equal(false);
      expect(await alerts.getByLabel("When fewer AI tokens are left than").inputValue()).to.equal(
        "321",
      );
      await alerts.getByRole("button", { name: "Save" }).click();
      await page.getByRole("status").getByText("Saved.").waitFor();
      await page.locator("mailingcore-billing").evaluate((element) => {
        element.setAttribute("tenant-id", "cldemo0002");
      });
      await page.getByText("You have no access to this tenant").waitFor();
    });
  },
);
