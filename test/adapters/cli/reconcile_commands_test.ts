import { expect } from "chai";
import { Command } from "commander";
import { addReconcileCommands } from "../../../src/adapters/cli/reconcile_commands.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { BillingFixture } from "../../application/billing_fixture.ts";
import { sampleInvoice, sampleSubscription, TENANT } from "../../domain/sample_subscription.ts";

describe("the reconcile command", () => {
  let fixture: BillingFixture;
  let output: string;
  let progress: string;

  beforeEach(async () => {
    fixture = await BillingFixture.open();
    await fixture.addCustomer();
    fixture.payments.setTruth("cus_one", {
      subscriptions: [sampleSubscription()],
      invoices: [sampleInvoice()],
    });
  });
  afterEach(() => fixture.close());

  /** Why the command failed; empty where it did not. */
  async function run(...args: string[]): Promise<string> {
    output = "";
    progress = "";
    const program = new Command("billing");
    addReconcileCommands(program, {
      withBilling: (work) => work(fixture.billing),
      print: (text) => {
        output += text;
      },
      printProgress: (text) => {
        progress += text;
      },
    });
    for (const command of program.commands) {
      command.exitOverride().configureOutput({ writeErr: () => undefined });
    }
    return program.parseAsync(["reconcile", ...args], { from: "user" }).then(
      () => "",
      (error: unknown) => (error instanceof Error ? error.message : "no error"),
    );
  }

  it("P37 a dry run prints what differs, fails so that scripts can alarm, and repairs nothing", async () => {
    expect(await run("--dry-run")).to.equal("Some tenants differ from Stripe");
    expect(output).to.match(new RegExp(`^${TENANT}\n`));
    expect(output).to.include(`subscription  subscription.id: ours null, Stripe's "sub_one"\n`);
    expect(output).to.include(`status        subscription.status: ours null, Stripe's "active"\n`);
    expect(output).to.match(/Compared 1 tenants: 1 differed \(.*1 status.*\)\n0 undelivered/);
    expect((await fixture.account())?.subscription).to.equal(null);
  });

  it("P37 a run repairs and succeeds; then nothing differs, and a dry run succeeds, too", async () => {
    expect(await run()).to.equal("");
    expect(output).to.include("what differed is repaired unless it failed\n");
    expect((await fixture.account())?.subscription?.status).to.equal("active");
    expect(await run("--dry-run")).to.equal("");
    expect(output).to.equal(
      "Compared 1 tenants: none differed\n0 undelivered events would be taken in\n",
    );
  });

  it("P37 fails where a tenant could not be compared, and says why", async () => {
    const failure = new PortError("Cannot list: Stripe did not answer", { transient: true });
    fixture.payments.before("subscriptions", () => Promise.reject(failure));
    expect(await run()).to.match(/^Some tenants could not be compared or repaired/);
    expect(output).to.equal(
      `${TENANT}\n  FAILED: Cannot list: Stripe did not answer\n` +
        "Compared 1 tenants: none differed, 1 failed\n0 undelivered events were taken in\n",
    );
  });

  it("prints one JSON object per line, the last one the summary", async () => {
    await run("--json", "--dry-run");
    const lines = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const status = lines.find(({ kind }) => kind === "status");
    expect(status).to.deep.equal({
      ...{ tenantId: TENANT, kind: "status", field: "subscription.status" },
      ...{ ours: null, theirs: "active" },
    });
    expect(lines.at(-1)).to.deep.include({ dryRun: true, tenants: 1, drifted: 1, complete: true });
  });

  it("shows its progress beside the results", async () => {
    for (let index = 0; index < 250; index += 1) {
      await fixture.addCustomer(`cus_${index}`, `tenant_${index}`);
    }
    await run("--json");
    expect(progress).to.equal("100 tenants compared\n200 tenants compared\n");
    expect(output).to.not.include("tenants compared");
  });

  it("compares one tenant, or those with events since a date that Stripe still knows", async () => {
    await fixture.addCustomer("cus_two", "tenant_two");
    await run("--tenant", "tenant_two");
    expect(output).to.include("Compared 1 tenants");
    await run("--since", "2026-03-10");
    expect(output).to.include("Compared 0 tenants");
    expect(await run("--since", "2026-01-01")).to.match(/keeps events for 30 days/);
  });

  it("refuses dates that are none, and two choices at once", async () => {
    for (const date of ["yesterday", "2026-13-01", "10", ""]) {
      expect(await run("--since", date), date).to.include("Expected a date");
    }
    const both = ["--tenant", "tenant_two", "--since", "2026-03-10"];
    expect(await run(...both)).to.include("cannot be used with");
  });
});
