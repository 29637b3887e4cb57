import { expect } from "chai";
import { Command } from "commander";
import { addEventCommands } from "../../../src/adapters/cli/event_commands.ts";
import { BillingFixture } from "../../application/billing_fixture.ts";

describe("the events commands", () => {
  let fixture: BillingFixture;

  beforeEach(async () => {
    fixture = await BillingFixture.open();
    await fixture.receive({ id: "evt_1", payload: '{"id":"evt_1"}' });
    fixture.advance(1_000);
    await fixture.receive({ id: "evt_2", type: "plan.deleted\u001b[2J" });
    await fixture.billing.handleStripeEvent.execute({ eventId: "evt_2" });
  });
  afterEach(() => fixture.close());

  async function run(...args: string[]): Promise<string> {
    let output = "";
    const program = new Command("billing");
    addEventCommands(program, {
      withBilling: (work) => work(fixture.billing),
      print: (text) => {
        output += text;
      },
    });
    for (const command of [program, ...program.commands.flatMap((c) => [c, ...c.commands])]) {
      command.exitOverride().configureOutput({ writeErr: () => undefined });
    }
    await program.parseAsync(["events", ...args], { from: "user" });
    return output;
  }

  const refusal = (...args: string[]): Promise<string> =>
    run(...args).then(
      () => "not refused",
      (error: unknown) => (error instanceof Error ? error.message : "no error"),
    );

  it("P38 list prints a table that cannot move the cursor, what came last first", async () => {
    const lines = (await run("list")).trimEnd().split("\n");
    expect(lines.map((line) => line.split(/ +/)[1])).to.deep.equal([
      "state",
      "ignored",
      "received",
    ]);
    expect(lines[1]).to.include("evt_2").and.not.to.include("\u001b");
    expect(await run("list", "--limit", "1")).to.include("There are more");
  });

  it("P38 list keeps to a state and a type, and prints JSON lines", async () => {
    const only = await run("list", "--state", "received", "--type", "invoice.paid", "--json");
    expect(JSON.parse(only)).to.include({ id: "evt_1", state: "received" });
    expect(JSON.parse(only)).not.to.have.property("payload");
    expect(await refusal("list", "--state", "lost")).to.include("--state");
    expect(await refusal("list", "--limit", "0")).to.include("--limit");
  });

  it("P38 show prints an event with what Stripe sent", async () => {
    expect(JSON.parse(await run("show", "evt_1")).payload).to.deep.equal({ id: "evt_1" });
    expect(await refusal("show", "evt_3")).to.equal(
      'Cannot show event "evt_3": it never came, or was removed',
    );
  });

  it("P38 replay runs events again, one after the other", async () => {
    const output = await run("replay", "evt_1", "evt_2");
    expect(output).to.match(/^evt_1 is unmatched: .*\nevt_2 is ignored: .*\n$/);
    expect(await refusal("replay", "evt_3")).to.include("it never came");
    const until = new Date(fixture.now.getTime() + 1_000);
    await fixture.store.inbox.claim("evt_1", { token: "other", now: fixture.now, until });
    expect(await refusal("replay", "evt_1")).to.include("being handled");
  });

  it("P38 stats counts by state, what needs somebody first", async () => {
    const rows = (await run("stats")).trimEnd().split("\n");
    expect(rows.map((row) => row.split(/ +/))).to.deep.include.members([
      ["dead", "0"],
      ["received", "1"],
      ["ignored", "1"],
    ]);
    expect(rows[0]).to.match(/^dead/);
  });
});
