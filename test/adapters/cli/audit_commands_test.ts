import { expect } from "chai";
import { Command } from "commander";
import { addAuditCommands } from "../../../src/adapters/cli/audit_commands.ts";
import { BillingFixture } from "../../application/billing_fixture.ts";
import { sampleAuditEntry } from "../../contracts/samples.ts";

describe("the audit commands", () => {
  let fixture: BillingFixture;

  beforeEach(async () => {
    fixture = await BillingFixture.open();
    await fixture.store.audit.append(sampleAuditEntry(1));
    const cause = { type: "operator", name: "ada\u001b[2J" } as const;
    await fixture.store.audit.append(sampleAuditEntry(2, { cause }));
  });
  afterEach(() => fixture.close());

  async function run(...args: string[]): Promise<string> {
    let output = "";
    const program = new Command("billing");
    addAuditCommands(program, {
      withBilling: (work) => work(fixture.billing),
      print: (text) => {
        output += text;
      },
    });
    for (const command of program.commands.flatMap((found) => [found, ...found.commands])) {
      command.exitOverride().configureOutput({ writeErr: () => undefined });
    }
    await program.parseAsync(["audit", ...args], { from: "user" });
    return output;
  }

  it("P38 list prints who changed what, the last change first, and cannot move the cursor", async () => {
    const output = await run("list", "--tenant", "t_acme");
    expect(output.split("\n").filter((line) => line.includes("revision"))).to.have.length(2);
    expect(output.indexOf("operator")).to.be.lessThan(output.indexOf("invoice.paid (evt_1)"));
    expect(output).to.include('subscription.status: "past_due" -> "active"');
    expect(output).not.to.include("\u001b");
  });

  it("P38 list pages, and prints JSON lines", async () => {
    expect(await run("list", "--tenant", "t_acme", "--limit", "1")).to.include("--before 2");
    const older = await run("list", "--tenant", "t_acme", "--before", "2", "--json");
    expect(JSON.parse(older)).to.include({ tenantId: "t_acme", revision: 1 });
  });

  it("refuses to guess the tenant or a number", async () => {
    for (const args of [["list"], ["list", "--tenant", "t_acme", "--limit", "none"]]) {
      const failure = await run(...args).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(Error);
    }
  });
});
