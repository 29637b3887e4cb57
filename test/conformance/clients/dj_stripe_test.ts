import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { expect } from "chai";
import type { Delivery } from "../../../sandbox/state/delivery.ts";
import { type Rig, startRig, stopRigs } from "../../sandbox/rig.ts";
import { liveWholeLife } from "../whole_life.ts";
import { describeClient, installPython, sourceFile } from "./install_client.ts";

const installed = await installPython("dj_stripe/requirements.txt");
const SECRET = "whsec_of_the_site";

/** What dj-stripe has a model of and the sandbox knows. */
const MODELS = [
  "Account",
  "Customer",
  "Product",
  "Price",
  "PaymentMethod",
  "SetupIntent",
  "PaymentIntent",
  "Subscription",
  "SubscriptionItem",
  "SubscriptionSchedule",
  "Invoice",
  "InvoiceItem",
  "Charge",
  "Refund",
  "Dispute",
  "BalanceTransaction",
  "Coupon",
  "TaxRate",
  "Session",
  "Event",
];

interface Trigger {
  readonly type: string;
  readonly problem: string;
}

describeClient("dj-stripe 2.11", installed, (folder) => {
  let rig: Rig;
  let site: ChildProcessByStdio<Writable, Readable, null>;
  let lines: AsyncIterator<string>;
  let triggers: readonly Trigger[];

  before(async () => {
    rig = await startRig({ retryDelaysMs: [] });
    const parameters = [sourceFile("dj_stripe/site.py"), rig.sandbox.url, SECRET];
    site = spawn(join(folder, "bin/python"), parameters, { stdio: ["pipe", "pipe", "ignore"] });
    lines = createInterface({ input: site.stdout })[Symbol.asyncIterator]();
    const { value: url } = await lines.next();
    rig.sandbox.addWebhookEndpoint({ url, secret: SECRET });
    await liveWholeLife(rig);
    await rig.sandbox.settled();
    triggers = await ask<Trigger[]>("triggers");
  });
  after(async () => {
    const ended = once(site, "exit");
    site.stdin.end();
    await ended;
    await stopRigs();
  });

  async function ask<T>(line: string): Promise<T> {
    site.stdin.write(`${line}\n`);
    const { value } = await lines.next();
    return JSON.parse(value) as T;
  }

  it("takes every event of a whole life, and handles it without a problem", async () => {
    expect(triggers.filter(({ problem }) => problem !== "")).to.deep.equal([]);
    const { body } = await rig.control("GET", "/deliveries");
    const lost = (body.deliveries as Delivery[]).filter(({ status }) => status !== "delivered");
    expect(lost.map(({ type, attempts }) => `${type}: ${JSON.stringify(attempts)}`)).to.deep.equal(
      [],
    );
    expect(triggers.length).to.be.at.least(100);
  });

  it("cannot sync TaxId, because it sends a parameter that Stripe does not have either", async () => {
    const { TaxId: problem } = await ask<{ TaxId: string }>("TaxId");
    expect(problem).to.contain("Received unknown parameter: id.");
  });

  for (const model of MODELS) {
    it(`syncs every ${model}`, async () => {
      expect(await ask(model)).to.deep.equal({ [model]: "" });
    });
  }
});
