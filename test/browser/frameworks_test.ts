import { createServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { expect } from "chai";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { exampleBelow } from "../docs/run_example.ts";
import { type StartedBilling, startBilling } from "../rig/started_billing.ts";
import { realProblems } from "./billing_page_rig.ts";
import { describeInChromium } from "./describe_in_chromium.ts";
import { openWatchedPage } from "./watched_page.ts";

const FRAMEWORKS = ["React 19", "Vue", "no framework"] as const;
type Framework = (typeof FRAMEWORKS)[number];

/** The script of each host. What the page shows for no framework stands as it is. */
async function scriptOf(framework: Framework): Promise<string> {
  if (framework === "no framework") {
    const snippet = exampleBelow("The Billing page in your dashboard", "js");
    return `window.myDashboard = { accessToken: async ({ fresh }) => { asked.push(fresh); return token; } };
      window.rerender = () => { ${snippet} };
      window.rerender();`;
  }
  const entry = framework === "Vue" ? "vue_host.ts" : "react_host.ts";
  const { outputFiles } = await build({
    entryPoints: [`test/browser/hosts/${entry}`],
    bundle: true,
    write: false,
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  return outputFiles[0]?.text ?? "";
}

describeInChromium("The Billing page's element in other frameworks", (browser) => {
  let server: Server;
  let billing: StartedBilling;
  let origin = "";
  const scripts = new Map<string, string>();

  before(async () => {
    for (const framework of FRAMEWORKS) {
      scripts.set(framework, await scriptOf(framework));
    }
    server = createServer((request, response) => {
      const framework = decodeURIComponent(request.url ?? "").slice(1);
      const element = exampleBelow("The Billing page in your dashboard", "html").split("\n")[0];
      const shown = framework === "no framework" ? element : "";
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end(`<!doctype html><html lang="en"><title>Host</title>
        <link rel="icon" href="data:,"><main>${shown}</main>`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    billing = await startBilling({ ALLOWED_REDIRECT_ORIGINS: origin });
  });

  after(async () => {
    await billing.close();
    await new Promise((resolve) => server.close(resolve));
  });

  /** The host's page with its script, before the element's module is loaded. */
  async function open(page: Page, framework: Framework): Promise<void> {
    await page.goto(`${origin}/${encodeURIComponent(framework)}`);
    const prepared = {
      tenantId: billing.tenantId,
      token: billing.service.welcome?.token ?? "",
      asked: [],
    };
    await page.evaluate((values) => Object.assign(globalThis, values), prepared);
    await page.addScriptTag({ type: "module", content: scripts.get(framework) ?? "" });
    await page.waitForFunction(`{
      const element = document.querySelector("mailingcore-billing");
      element?.setAttribute("tenant-id", tenantId);
      element !== null && Object.hasOwn(element, "getToken");
    }`);
    expect(await page.evaluate('customElements.get("mailingcore-billing") === undefined')).to.equal(
      true,
    );
  }

  for (const framework of FRAMEWORKS) {
    it(`${framework}: takes what was set before its module came, and no new callback restarts it`, async () => {
      const watched = await openWatchedPage(browser());
      const { page } = watched;
      const requests: string[] = [];
      page.on("request", (request) => {
        if (request.url().startsWith(`${billing.service.url}/billing/`)) {
          requests.push(request.url());
        }
      });
      await open(page, framework);
      const module = `${billing.service.url}/dashboard/mailingcore-billing.js`;
      await page.addScriptTag({ type: "module", url: module });
      await page.getByText("Nothing to pay.").waitFor();
      await page.getByRole("button", { name: "Choose Starter" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Continue to payment" }).waitFor();
      const before = requests.length;
      for (let renders = 0; renders < 5; renders += 1) {
        await page.evaluate("rerender()");
        await page.evaluate("new Promise((resolve) => requestAnimationFrame(resolve))");
      }
      expect(await dialog.isVisible(), "the dialog stays open").to.equal(true);
      expect(requests.slice(before), "nothing is asked again").to.deep.equal([]);
      expect(realProblems(watched)).to.deep.equal([]);
      await watched.close();
    });
  }
});
