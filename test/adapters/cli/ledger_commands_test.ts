import { expect } from "chai";
import { Command } from "commander";
import { addLedgerCommands } from "../../../src/adapters/cli/ledger_commands.ts";
import { nextEntry } from "../../../src/domain/token_ledger.ts";
import { BillingFixture } from "../../application/billing_fixture.ts";
import { TENANT } from "../../domain/sample_subscription.ts";

const BY_HAND = ["--tenant", TENANT, "--reason", "an outage", "--operator", "Ada"];

describe("the ledger commands", () => {
  let fixture: BillingFixture;
  let output: string;

  beforeEach(async () => {
    fixture = await BillingFixture.open();
    output = "";
    for (const key of ["a", "b"]) {
      await fixture.billing.spendTokens.execute({ tenantId: TENANT, key, tokens: 1 });
    }
    await fixture.billing.grantMonthlyTokens.execute({ tenantId: "other_tenant" });
  });
  afterEach(() => fixture.close());

  async function run(...args: string[]): Promise<string> {
    const program = new Command("billing");
    addLedgerCommands(program, {
      withBilling: (work) => work(fixture.billing),
      print: (text) => {
        output += text;
      },
    });
    for (const command of [program, ...program.commands.flatMap((c) => [c, ...c.commands])]) {
      command.exitOverride().configureOutput({ writeErr: () => undefined });
    }
    await program.parseAsync(["ledger", ...args], { from: "user" });
    return output;
  }

  const refusal = (...args: string[]): Promise<string> =>
    run(...args).then(
      () => "not refused",
      (error: unknown) => (error instanceof Error ? error.message : "no error"),
    );

  /** Appends an entry past the chain, as nobody should. */
  async function damage(): Promise<void> {
    const last = await fixture.store.ledger.last(TENANT);
    const fact = { tenantId: TENANT, key: "gift", kind: "adjustment", at: fixture.now } as const;
    const entry = nextEntry(last, fact, { packs: 1_000_000 });
    await fixture.store.ledger.append({ ...entry, previousHash: "", hash: "" });
  }

  it("P30 verify reports how far it is, and that all is sound", async () => {
    expect(await run("verify")).to.equal(
      `1 entries, at other_tenant\n4 entries, at ${TENANT}\n` +
        "Checked 4 entries of 2 tenants: all are sound\n",
    );
  });

  it("P30 verify names what is wrong at its position, fails and halts the tenant", async () => {
    await damage();
    expect(await refusal("verify", "--tenant", TENANT)).to.include("damaged");
    expect(output).to.include(`${TENANT} (spending is halted)`);
    expect(output).to.include("  entry 4: it does not follow from the entry before it\n");
    const spent = { tenantId: TENANT, key: "c", tokens: 1 };
    expect((await fixture.billing.spendTokens.execute(spent)).type).to.equal("spending_halted");
  });

  it("P30 resume lets the tenant spend again, and verify does not fail for it any more", async () => {
    await damage();
    await refusal("verify");
    output = "";
    expect(await run("resume", ...BY_HAND)).to.equal(`"${TENANT}" can spend again\n`);
    output = "";
    expect(await run("resume", ...BY_HAND)).to.equal(`"${TENANT}" was not halted\n`);
    expect(await run("verify")).to.include("(seen by an operator)");
  });

  it("P38 adjust gives and takes with a reason and a name", async () => {
    expect(await run("adjust", "--amount", "500", ...BY_HAND)).to.equal(
      `Entry 4: "${TENANT}" has 598 tokens now\n`,
    );
    await run("adjust", "--amount", "-98", ...BY_HAND);
    expect(await fixture.store.ledger.last(TENANT)).to.deep.include({
      amount: -98,
      reason: "an outage",
      source: "operator:Ada",
    });
    expect(await refusal("adjust", "--amount", "-501", ...BY_HAND)).to.include("it has 500");
  });

  for (const amount of ["0", "1.5", "1e3", "many", "9007199254740993"]) {
    it(`adjust refuses ${amount}`, async () => {
      expect(await refusal("adjust", "--amount", amount, ...BY_HAND)).to.include("--amount");
    });
  }

  it("P38 adjust and resume want a tenant, a reason and a name", async () => {
    for (const missing of ["--tenant", "--reason", "--operator"]) {
      const given = BY_HAND.flatMap((text, index) => {
        const isPair = BY_HAND[index - (index % 2)] === missing;
        return isPair ? [] : text;
      });
      expect(await refusal("adjust", "--amount", "1", ...given)).to.include(missing);
      expect(await refusal("resume", ...given)).to.include(missing);
    }
  });
});
