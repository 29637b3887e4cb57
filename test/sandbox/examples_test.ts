import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { type Sandbox, startSandbox } from "../../sandbox/mod.ts";
import { describeClient, installPython } from "../conformance/clients/install_client.ts";
import { Browser } from "../e2e/browser.ts";

const EXAMPLES = fileURLToPath(new URL("../../sandbox/examples", import.meta.url));
const SECRET = "whsec_of_the_example";

describe("sandbox/examples/express_shop.js", () => {
  it("sells a subscription through Checkout and hears of it by webhook", async () => {
    const sandbox = await startSandbox({ port: 0 });
    const shop = spawn(process.execPath, [join(EXAMPLES, "express_shop.js")], {
      env: { PORT: "0", STRIPE_API: sandbox.url, STRIPE_WEBHOOK_SECRET: SECRET },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [line] = await once(createInterface({ input: shop.stdout }), "line");
      const url = String(line).split(" ").at(-1) ?? "";
      sandbox.addWebhookEndpoint({ url: `${url}/webhook`, secret: SECRET });
      const browser = new Browser();
      await browser.open(url);
      expect(browser.text).to.contain("nobody yet");
      await browser.press("Subscribe");
      expect(browser.url).to.contain(`${sandbox.url}/c/pay/`);
      await pay(browser);
      expect(browser.url).to.equal(`${url}/thanks`);
      await sandbox.settled();
      await browser.click("Back to the shop");
      expect(browser.text).to.contain("Subscribers: jenny@example.com");
      const forged = await fetch(`${url}/webhook`, { method: "POST", body: "{}" });
      expect(forged.status).to.equal(400);
    } finally {
      const ended = once(shop, "exit");
      shop.kill();
      await ended;
      await sandbox.close();
    }
  });
});

async function pay(browser: Browser): Promise<void> {
  await browser.press("Pay $9.00 and subscribe", {
    email: "jenny@example.com",
    card: "4242 4242 4242 4242",
    expiry: "12 / 34",
    cvc: "123",
    name: "Jenny Rosen",
  });
}

const python = await installPython("python/requirements.txt");

describeClient("sandbox/examples/a_year_of_invoices.py", python, (folder) => {
  let sandbox: Sandbox;

  before(async () => {
    sandbox = await startSandbox({ port: 0, now: () => Date.parse("2026-01-15T10:00:00Z") });
  });
  after(() => sandbox.close());

  it("prints a paid invoice for every month", async () => {
    const { stdout } = await promisify(execFile)(
      join(folder, "bin/python"),
      [join(EXAMPLES, "a_year_of_invoices.py")],
      { env: { STRIPE_API: sandbox.url } },
    );
    const lines = stdout.trim().split("\n");
    expect(lines.slice(0, -1).filter((line) => !line.endsWith("paid  7.00 eur"))).to.deep.equal([]);
    expect(lines.at(-1)).to.equal("12 invoices, 84.00 euros in all");
  });
});
