import { expect } from "chai";
import type { Commands } from "../../../src/adapters/cli/commands.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleAttentionItem } from "../../samples/attention.ts";
import { NOW } from "../../samples/dates.ts";
import { runCli } from "./run_cli.ts";

describe("the reconcile command", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    await fixture.addSubscriber();
  });

  function run(...args: string[]) {
    const withBilling: Commands["withBilling"] = (work) => work(fixture.billing);
    return runCli(["reconcile", ...args], { withBilling });
  }

  it("P37 a dry run prints what differs, fails so that scripts can alarm, and repairs nothing", async () => {
    const { out, code } = await run("--dry-run");
    expect(code).to.equal(1);
    expect(out).to.match(new RegExp(`^${TENANT}\n`));
    expect(out).to.include(`subscription  subscription.id: ours null, Stripe's "sub_one"\n`);
    expect(out).to.include(`status        subscription.status: ours null, Stripe's "active"\n`);
    expect(out).to.match(/Compared 1 tenant: 1 differed \(.*1 status.*\)\n0 undelivered/);
    expect(out).to.match(/\nSome tenants differ: run it without --dry-run\n$/);
    expect((await fixture.account())?.subscription).to.equal(null);
  });

  it("P37 a run repairs and succeeds; then nothing differs, and a dry run succeeds, too", async () => {
    const first = await run();
    expect(first.code).to.equal(0);
    expect(first.out).to.include("what differed is repaired unless it failed\n");
    expect((await fixture.account())?.subscription?.status).to.equal("active");
    const out = "Compared 1 tenant: none differed\n0 undelivered events would be taken in\n";
    expect(await run("--dry-run")).to.deep.equal({ out, err: "", code: 0 });
  });

  it("P41 tells how many cases wait for somebody to look at", async () => {
    const { attention } = fixture.store;
    const elsewhere = { tenantId: "clelsewhere01" };
    await attention.raise(sampleAttentionItem(elsewhere), { revision: 0, at: NOW });
    const waits = "1 case waits for somebody to look at: see attention list\n";
    expect((await run()).out).to.include(waits);
    await attention.raise(sampleAttentionItem({ ...elsewhere, subject: "sub_2" }), {
      revision: 0,
      at: NOW,
    });
    expect((await run("--dry-run")).out).to.include("2 cases wait for somebody");
    expect(JSON.parse((await run("--json")).out)).to.include({ attention: 2 });
  });

  it("P37 fails where no tenant has the id that was given", async () => {
    const { err, code } = await run("--tenant", "typo");
    expect(code).to.equal(1);
    expect(err).to.include('Cannot reconcile "typo": no tenant of this id has a Stripe customer');
  });

  it("P37 fails where a tenant could not be compared, and says why", async () => {
    const failure = new PortError("Cannot list: Stripe did not answer", { transient: true });
    fixture.payments.before("read", () => Promise.reject(failure));
    const { out, code } = await run();
    expect(code).to.equal(1);
    expect(out).to.equal(
      `${TENANT}\n  FAILED: Cannot list: Stripe did not answer\n` +
        "Compared 1 tenant: none differed, 1 failed\n0 undelivered events were taken in\n" +
        "Some tenants could not be compared or repaired: see above, and run it again\n",
    );
  });

  it("P37 fails where an event could not be taken in, and says why", async () => {
    const failure = new PortError("Cannot list the events: no answer", { transient: true });
    fixture.records.events = () => {
      throw failure;
    };
    const { out, code } = await run();
    expect(code).to.equal(1);
    expect(out).to.include("\nFAILED: Cannot list the events: no answer\n");
    expect(out).to.match(/\nSome of it could not be done: see above, and run it again\n$/);
  });

  it("prints what differs and the summary as one JSON value", async () => {
    const { out, err } = await run("--json", "--dry-run");
    const report = JSON.parse(out);
    expect(err).to.equal("");
    expect(report).to.deep.include({ dryRun: true, tenants: 1, drifted: 1, complete: true });
    expect(report.results[0].drift).to.deep.include({
      tenantId: TENANT,
      kind: "status",
      field: "subscription.status",
      ours: null,
      theirs: "active",
    });
  });

  it("shows its progress beside the results", async () => {
    for (let index = 0; index < 250; index += 1) {
      await fixture.addCustomer(`cus_${index}`, `tenant_${index}`);
    }
    const { out, err } = await run();
    expect(err).to.equal("100 tenants compared\n200 tenants compared\n");
    expect(out).to.not.include("tenants compared");
  });

  it("compares one tenant, or those with events since a date that Stripe still knows", async () => {
    await fixture.addCustomer("cus_two", "tenant_two");
    expect((await run("--tenant", "tenant_two")).out).to.include("Compared 1 tenant");
    expect((await run("--since", "2026-03-10")).out).to.include("Compared 0 tenants");
    const early = await run("--since", "2026-01-01");
    expect(early.code).to.equal(1);
    expect(early.err).to.match(/keeps events for 30 days/);
  });

  it("refuses dates that are none, and two choices at once", async () => {
    for (const date of ["yesterday", "2026-13-01", "10", ""]) {
      const { err, code } = await run("--since", date);
      expect(code, date).to.equal(2);
      expect(err, date).to.include("Expected a date");
    }
    const both = await run("--tenant", "tenant_two", "--since", "2026-03-10");
    expect(both.code).to.equal(2);
    expect(both.err).to.include("cannot be used with");
  });
});
