import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { sampleAuditEntry } from "../../samples/account.ts";
import { runCli } from "./run_cli.ts";

describe("the audit commands", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    await fixture.store.audit.append(sampleAuditEntry(1));
    const cause = { type: "operator", name: "ada\u001b[2J" } as const;
    await fixture.store.audit.append(sampleAuditEntry(2, { cause }));
  });

  const run = (...args: string[]) =>
    runCli(["audit", ...args], { withBilling: (work) => work(fixture.billing) });

  it("P38 list prints who changed what, the last change first, and cannot move the cursor", async () => {
    const { out: output } = await run("list", "--tenant", "clacme0001");
    expect(output.split("\n").filter((line) => line.includes("revision"))).to.have.length(2);
    expect(output.indexOf("operator")).to.be.lessThan(output.indexOf("invoice.paid (evt_1)"));
    expect(output).to.include('subscription.status: "past_due" -> "active"');
    expect(output).not.to.include("\u001b");
  });

  it("P38 list pages, for people and for programs", async () => {
    expect((await run("list", "--tenant", "clacme0001", "--limit", "1")).out).to.include(
      "--before 2",
    );
    const older = await run("list", "--tenant", "clacme0001", "--before", "2", "--json");
    const { entries, nextBefore } = JSON.parse(older.out);
    expect(entries).to.have.length(1);
    expect(entries[0]).to.include({ tenantId: "clacme0001", revision: 1 });
    expect(nextBefore).to.equal(null);
    const oldest = await run("list", "--tenant", "clacme0001", "--before", "1");
    expect(oldest).to.include({ code: 0, out: "Nothing has changed\n" });
    for (const before of [[], ["--before", "17"]]) {
      const unknown = await run("list", "--tenant", "t_other", ...before);
      expect(unknown).to.include({ code: 1, out: "" });
      expect(unknown.err).to.include('"t_other"');
    }
  });

  it("refuses to guess the tenant or a number", async () => {
    for (const args of [["list"], ["list", "--tenant", "clacme0001", "--limit", "none"]]) {
      expect(await run(...args)).to.include({ code: 2, out: "" });
    }
  });
});
