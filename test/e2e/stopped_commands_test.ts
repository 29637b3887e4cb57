import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { CatalogDefinition } from "../../src/domain/catalog/catalog.ts";
import { operatorOf } from "../rig/operator.ts";
import { useStarted } from "../rig/started_billing.ts";
import { type Program, runProgram } from "./program.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
/** Stands for the tenant of the test. */
const TENANT = "<tenant>";
/** Stripe holds the call for so long that it is stopped before; a command that waits for it ends then. */
const HELD_MS = 1_000;

/** How a command is stopped in the middle, and what running it again then comes to. */
interface Row {
  readonly args: readonly string[];
  /** The call at Stripe during which it is stopped. */
  readonly route: string;
  /** What it says, on either stream. */
  readonly says: RegExp;
  /** What it says when it is run again. */
  readonly again: RegExp;
}

const ROWS: Readonly<Record<string, Row>> = {
  "tenant end, while its subscription is cancelled": {
    args: ["tenant", "end", TENANT, "--refund"],
    route: "DELETE /v1/subscriptions/:id",
    says: /^Stopped by SIGINT: its end may be saved; run it again, which does what is left\n$/,
    again: /had ended before, at .*\n {2}made sure that [\d.]+ EUR of in_\w+ went back/,
  },
  "tenant end, while it gives money back": {
    args: ["tenant", "end", TENANT, "--refund"],
    route: "POST /v1/refunds",
    says: /^Stopped by SIGINT: its end may be saved/,
    again: /had ended before, at .*\n {2}made sure that [\d.]+ EUR of in_\w+ went back\n$/,
  },
  "plans sync": {
    args: ["plans", "sync"],
    route: "POST /v1/prices",
    says: /\nStopped by SIGINT: 1 change begun, which may not be made; run it again/,
    again: /\nChanged: \d+, by .*plans\.json/,
  },
  reconcile: {
    args: ["reconcile", "--thorough"],
    route: "GET /v1/subscriptions",
    says: /Stopped by SIGINT: run it again to compare the others\n$/,
    again: /^Compared 1 tenant: none differed\n/,
  },
};

/** Lets the sandbox hold the next call of a route back. */
async function hold(url: string, route: string, timeoutMs: number): Promise<void> {
  const { status } = await fetch(`${url}/_sandbox/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ route, timeoutMs, executed: false }),
  });
  expect(status).to.equal(200);
}

/** Waits until a call is held, which a program makes. */
async function isHeld(url: string, program?: Program): Promise<void> {
  let hasEnded = false;
  void program?.exited().then(() => {
    hasEnded = true;
  });
  for (;;) {
    const { faults } = Object(await (await fetch(`${url}/_sandbox/faults`)).json());
    if (faults.length === 0) {
      return;
    }
    expect(hasEnded, program?.output).to.equal(false);
  }
}

describe("Commands that are stopped by Ctrl+C while Stripe keeps them waiting", () => {
  const billing = useStarted();
  const operator = operatorOf(billing);

  function run(...args: readonly string[]): Program {
    const env = Object.fromEntries(
      Object.entries(billing.env).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    );
    const given = args.map((arg) => (arg === TENANT ? billing.tenantId : arg));
    return runProgram(process.execPath, ["src/main.ts", ...given], { env, cwd: ROOT });
  }

  async function raisedPrices(): Promise<CatalogDefinition> {
    const { plans, packs = [] } = await operator.plans();
    const dearer = plans.map((plan) => ({
      ...plan,
      prices: plan.prices.map((price) => ({ ...price, amount: price.amount + 100 })),
    }));
    return { plans: dearer, packs };
  }

  for (const [name, { args, route, says, again }] of Object.entries(ROWS)) {
    it(`P44 P37 ${name} ends, says so, and is completed when it is run again`, async () => {
      await billing.buy({ planSlug: "pro" });
      await operator.write(await raisedPrices());
      await hold(billing.sandbox.url, route, HELD_MS);
      const stopped = run(...args);
      await isHeld(billing.sandbox.url, stopped);
      stopped.signal("SIGINT");
      expect(await stopped.exited(), stopped.output).to.equal(130);
      expect(stopped.output).to.match(says);
      const completed = run(...args);
      expect(await completed.exited(), completed.output).to.equal(0);
      expect(completed.output).to.match(again);
      if (args[0] === "tenant") {
        const subscriptions = await billing.stripe.subscriptions.list({ status: "all" });
        expect(subscriptions.data.map(({ status }) => status)).to.deep.equal(["canceled"]);
        const refunds = await billing.stripe.refunds.list();
        expect(refunds.data.map(({ status }) => status)).to.deep.equal(["succeeded"]);
      }
    });
  }

  for (const [first, second, code] of [
    ["SIGTERM", "SIGTERM", 143],
    ["SIGINT", "SIGTERM", 143],
    ["SIGTERM", "SIGINT", 130],
  ] as const) {
    it(`${second} after ${first} does not wait for what is in hand`, async () => {
      await billing.buy({ planSlug: "pro" });
      await hold(billing.sandbox.url, "GET /v1/subscriptions", 60_000);
      const reconcile = run("reconcile", "--thorough");
      await isHeld(billing.sandbox.url, reconcile);
      reconcile.signal(first);
      await reconcile.printed(/Stopping after what is in hand; once more ends it at once/);
      reconcile.signal(second);
      expect(await reconcile.exited()).to.equal(code);
      expect(reconcile.standardOutput).to.equal("");
    });
  }
});

describe("The sandbox that is told to stop", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends well by ${signal}, though it holds a call, and knows it all when it starts again`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
      const args = ["sandbox/main.ts", "--port", "0", "--state", join(folder, "state.json")];
      const start = async (): Promise<[Program, string]> => {
        const program = runProgram(process.execPath, args, { env: {}, cwd: ROOT });
        const [url] = await program.printed(/http:\/\/127\.0\.0\.1:\d+/);
        return [program, url];
      };
      const [sandbox, url] = await start();
      const headers = { authorization: "Bearer sk_test_1" };
      const created = await fetch(`${url}/v1/customers`, { method: "POST", headers });
      const { id } = (await created.json()) as { id: string };
      await hold(url, "GET /v1/customers", 60_000);
      const held = fetch(`${url}/v1/customers`, { headers }).catch(() => "cut off");
      await isHeld(url);
      sandbox.signal(signal);
      expect(await sandbox.exited(), sandbox.output).to.equal(0);
      expect(await held).to.equal("cut off");
      const [again, address] = await start();
      const found = await fetch(`${address}/v1/customers/${id}`, { headers });
      expect(found.status).to.equal(200);
      again.signal(signal);
      expect(await again.exited()).to.equal(0);
      await rm(folder, { recursive: true });
    });
  }
});
