import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
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
      "  would cancel subscription sub_one",
    ]);
    expect(dry.out).to.include("would delete the customer");
    const emptied = await run(TENANT, "--dry-run", "--redact", "empty");
    expect(emptied.out).to.include("would take personal data off the customer");
    expect((await run(TENANT, "--dry-run", "--redact", "burn")).code).to.equal(2);
    expect((await fixture.store.accounts.find(TENANT))?.ending).to.equal(null);
    const done = await run(TENANT, "--refund", "--operator", "Ada", "--json");
    expect(JSON.parse(done.out)).to.deep.include({ tenantId: TENANT, dryRun: false });
    const [entry] = await fixture.store.audit.list(TENANT, { limit: 1 });
    expect(entry?.cause).to.deep.equal({ type: "operator", name: "Ada" });
  });

  it("P44 end says what it did, what it did before, and what there was not", async () => {
    await fixture.addSubscriber();
    await fixture.billing.synchronizeTenant.execute({ tenantId: TENANT });
    const at = fixture.now.toISOString();
    const told = async (...args: string[]) => {
      const { out, err, code } = await run(TENANT, ...args);
      expect([err, code]).to.deep.equal(["", 0]);
      return out.trimEnd().split("\n");
    };
    expect(await told("--dry-run", "--refund", "--redact")).to.deep.equal([
      `Would end ${TENANT} at ${at}`,
      "  would cancel subscription sub_one",
      "  would give 24.67 EUR back of in_one",
      "  would delete the customer at Stripe",
    ]);
    expect(await told("--refund", "--redact", "empty")).to.deep.equal([
      `Ended ${TENANT} at ${at}`,
      "  cancelled subscription sub_one",
      "  gave 24.67 EUR back of in_one",
      "  took personal data off the customer at Stripe",
    ]);
    fixture.payments.setTruth("cus_one", { subscriptions: [], invoices: [] });
    fixture.advance(60_000);
    expect(await told("--dry-run", "--refund")).to.deep.equal([
      `${TENANT} had ended before, at ${at}`,
      "  would make sure that 24.67 EUR of in_one went back",
      "  would take personal data off the customer at Stripe",
    ]);
    expect(await told("--when", "period_end")).to.deep.equal([
      `${TENANT} had ended before, at ${at}`,
      "  made sure that 24.67 EUR of in_one went back",
      "  took personal data off the customer at Stripe",
    ]);
  });

  it("P44 end with the period says so, and that it cannot give back what it did not at first", async () => {
    await fixture.addSubscriber();
    await fixture.billing.synchronizeTenant.execute({ tenantId: TENANT });
    const later = await run(TENANT, "--when", "period_end");
    expect(later.out).to.match(
      new RegExp(`^${TENANT} ends at .*Z\n  subscription sub_one ends with its period\n$`),
    );
    const dry = await run(TENANT, "--when", "period_end", "--dry-run");
    expect(dry.out).to.include("  would let subscription sub_one end with its period\n");
    await run(TENANT);
    const { out } = await run(TENANT, "--refund");
    expect(out).to.include("  nothing to give back: it had ended without a refund");
  });

  it("P44 end says that there is nothing to give back, and no customer", async () => {
    await fixture.billing.consumeEmailQuota.execute({ tenantId: TENANT, count: 1 });
    const at = fixture.now.toISOString();
    for (const [dry, first] of [
      [["--dry-run"], "Would end"],
      [[], "Ended"],
    ] as const) {
      const { out } = await run(TENANT, "--refund", "--redact", ...dry);
      expect(out.trimEnd().split("\n")).to.deep.equal([
        `${first} ${TENANT} at ${at}`,
        "  nothing to give back: it has no plan whose paid time is left",
        "  no customer at Stripe",
      ]);
    }
  });

  it("P44 end fails where money is not given back, and where Stripe breaks it off", async () => {
    await fixture.addSubscriber();
    await fixture.billing.synchronizeTenant.execute({ tenantId: TENANT });
    const failing = (transient: boolean) =>
      fixture.payments.before("refundPart", () => {
        throw new PortError("Cannot refund", { transient });
      });
    failing(true);
    const broken = await run(TENANT, "--refund");
    expect(broken).to.include({ out: "", code: 1 });
    expect(broken.err).to.equal(
      `The end of "${TENANT}" is saved, but not all that it asks for is done; ` +
        "ask again: Cannot refund\n",
    );
    failing(false);
    const { out, code } = await run(TENANT);
    expect(out).to.match(/\n {2}not given back: [0-9.]+ EUR of in_one:\n {4}Cannot refund\n$/);
    expect(code).to.equal(1);
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
