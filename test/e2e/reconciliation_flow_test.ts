import { expect } from "chai";
import type { Environment } from "../../src/kit/settings.ts";
import { useStarted } from "../rig/started_billing.ts";
import { describeOnEveryStore } from "./describe_on_every_store.ts";
import { runProgram } from "./program.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

await describeOnEveryStore("Webhooks are lost, and the command reconcile makes good", flow);

/**
 * The tests.
 *
 * @param emptyStore settings that name a store with nothing in it
 */
function flow(emptyStore: () => Promise<Environment>): void {
  const billing = useStarted(async () => ({
    RECONCILE_REQUESTS_PER_SECOND: "100",
    ...(await emptyStore()),
  }));

  beforeEach(async () => {
    await billing.control("/delivery", { dropRate: 1 });
    await billing.buy({ planSlug: "pro" });
    await billing.buy({ packSlug: "starter" });
  });

  /** Runs the command as an operator does, beside the service. */
  async function cli(...args: string[]): Promise<{ code: number | null; output: string }> {
    const set = Object.entries(billing.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    );
    const program = runProgram(process.execPath, ["src/main.ts", ...args], {
      env: Object.fromEntries(set),
      cwd: ROOT,
    });
    const code = await program.exited();
    return { code, output: program.output };
  }

  it("P37 a dry run alarms, a run heals though Stripe is busy, and takes the lost events in", async function () {
    this.timeout(180_000);
    expect(await billing.subscription()).to.include({ planSlug: "free" });
    const dry = await cli("reconcile", "--dry-run");
    expect(dry.code).to.equal(1);
    expect(dry.output).to.include("status        subscription.status: ours null");
    expect(dry.output).to.match(/pack +pack:cs_test_\w+: ours null, Stripe's 10000/);
    expect(dry.output).to.match(/grant +grant:sub_\w+:\S+: ours null, Stripe's 50000/);
    expect(await billing.subscription()).to.include({ planSlug: "free" });

    for (const route of ["GET /v1/customers", "GET /v1/subscriptions", "GET /v1/events"]) {
      await billing.control("/faults", { route, status: 429, times: 2 });
    }
    const run = await cli("reconcile");
    expect(run.output).to.match(/Compared 1 tenant: 1 differed/);
    expect(run.code).to.equal(0);
    expect(run.output).to.match(/\n[1-9]\d* undelivered events were taken in\n/);
    const healed = await billing.subscription();
    expect(healed).to.include({ planSlug: "pro", status: "active" });
    expect(healed.tokens).to.include({ monthly: 50_000, packs: 10_000 });
    expect(healed.usage.emails).to.include({ limit: 50_000 });

    const again = await cli("reconcile", "--json");
    expect(again.code, again.output).to.equal(0);
    expect(JSON.parse(again.output)).to.deep.include({ tenants: 1, drifted: 0, events: 0 });
  });

  it("P37 fails where Stripe is out of reach, and changes nothing", async function () {
    this.timeout(180_000);
    await billing.control("/faults", { route: "*", status: 500, times: 100 });
    const { code, output } = await cli("reconcile");
    expect(code).to.equal(1);
    expect(output).to.match(/Cannot list the \w+: Stripe failed with status 500/);
    expect(await billing.subscription()).to.include({ planSlug: "free" });
  });
}
