import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { runCli } from "./run_cli.ts";

describe("the tenant commands", () => {
  const fixture = useBilling();
  const run = (...args: string[]) =>
    runCli(["tenant", "end", ...args], { withBilling: (work) => work(fixture.billing) });

  it("P44 end tells in a dry run what it would do, and then does it", async () => {
    await fixture.addSubscriber();
    await fixture.billing.synchronizeTenant.execute({ tenantId: TENANT });
    const dry = await run(TENANT, "--dry-run", "--redact");
    expect(dry).to.include({ code: 0, err: "" });
    expect(dry.out.split("\n").slice(0, 2)).to.deep.equal([
      `Would end ${TENANT} at ${fixture.now.toISOString()}`,
      "  cancels subscription sub_one",
    ]);
    expect(dry.out).to.include("deletes the customer");
    const emptied = await run(TENANT, "--dry-run", "--redact", "empty");
    expect(emptied.out).to.include("takes personal data off the customer");
    expect((await run(TENANT, "--dry-run", "--redact", "burn")).code).to.equal(2);
    expect((await fixture.store.accounts.find(TENANT))?.ending).to.equal(null);
    const done = await run(TENANT, "--refund", "--operator", "Ada", "--json");
    expect(JSON.parse(done.out)).to.deep.include({ tenantId: TENANT, dryRun: false });
    const [entry] = await fixture.store.audit.list(TENANT, { limit: 1 });
    expect(entry?.cause).to.deep.equal({ type: "operator", name: "Ada" });
  });

  it("P44 end fails for tenants that nobody knows, and for what is possible at once only", async () => {
    const unknown = await run("clnobody01");
    expect(unknown).to.include({ code: 1, out: "" });
    expect(unknown.err).to.include('"clnobody01"');
    const late = await run(TENANT, "--when", "period_end", "--refund");
    expect(late.code, "the command line is wrong").to.equal(2);
    expect(late.err).to.include("only at once");
    expect((await run(TENANT, "--when", "soon")).code).to.equal(2);
  });
});
