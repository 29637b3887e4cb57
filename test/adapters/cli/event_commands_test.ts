import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { runCli } from "./run_cli.ts";

describe("the events commands", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    await fixture.receive({ id: "evt_1", payload: '{"id":"evt_1"}' });
    fixture.advance(1_000);
    await fixture.receive({ id: "evt_2", type: "plan.deleted\u001b[2J" });
    await fixture.billing.handleStripeEvent.execute({ eventId: "evt_2" });
  });

  const run = (...args: string[]) =>
    runCli(["events", ...args], { withBilling: (work) => work(fixture.billing) });

  it("P38 list prints a table that cannot move the cursor, what came last first", async () => {
    const { out } = await run("list");
    const lines = out.trimEnd().split("\n");
    expect(lines.map((line) => line.split(/ +/)[1])).to.deep.equal([
      "state",
      "ignored",
      "received",
    ]);
    expect(lines[1]).to.include("evt_2").and.not.to.include("\u001b");
    expect((await run("list", "--limit", "1")).out).to.include("There are more");
  });

  it("P38 list keeps to a state and a type, and prints JSON", async () => {
    const only = await run("list", "--state", "received", "--type", "invoice.paid", "--json");
    const { events, more } = JSON.parse(only.out);
    expect(events).to.have.length(1);
    expect(events[0]).to.include({ id: "evt_1", state: "received" });
    expect(events[0]).not.to.have.property("payload");
    expect(more).to.equal(false);
    expect((await run("list", "--type", "refund.failed")).code).to.equal(0);
    const unknown = await run("list", "--type", "invoice.piad");
    expect(unknown).to.include({ code: 1, out: "" });
    expect(unknown.err).to.include('"invoice.piad"').and.include("invoice.paid, ");
    expect(await run("list", "--state", "lost")).to.include({ code: 2, out: "" });
    expect((await run("list", "--limit", "0")).err).to.include("--limit");
    expect((await run("list", "--limit", "1001")).code).to.equal(2);
  });

  it("P38 show prints an event with what Stripe sent", async () => {
    for (const args of [
      ["show", "evt_1"],
      ["show", "evt_1", "--json"],
    ]) {
      expect(JSON.parse((await run(...args)).out).payload).to.deep.equal({ id: "evt_1" });
    }
    expect(await run("show", "evt_3")).to.deep.equal({
      out: "",
      err: 'Cannot show event "evt_3": it never came, or was removed\n',
      code: 1,
    });
  });

  it("P38 replay runs events again, one after the other, and says which it could not", async () => {
    const good = await run("replay", "evt_1", "evt_2");
    expect(good.out).to.match(/^evt_1 is unmatched: .*\nevt_2 is ignored: .*\n$/);
    expect(good.err).to.equal("Event 1 of 2: evt_1\nEvent 2 of 2: evt_2\n");
    expect(good.code).to.equal(0);
    const until = new Date(fixture.now.getTime() + 1_000);
    await fixture.store.inbox.claim("evt_1", { token: "other", now: fixture.now, until });
    const bad = await run("replay", "evt_3", "evt_1", "evt_2");
    expect(bad.out).to.include("it never came").and.to.include("being handled");
    expect(bad.out).to.include("evt_2 is ignored");
    expect(bad.code).to.equal(1);
    const { events } = JSON.parse((await run("replay", "evt_3", "evt_2", "--json")).out);
    expect(events.map(({ id, state }: Record<string, unknown>) => [id, state])).to.deep.equal([
      ["evt_3", null],
      ["evt_2", "ignored"],
    ]);
  });

  it("P38 replay runs the others where one fails, and says why it did", async () => {
    const { replayEvent } = fixture.billing;
    const failing = {
      execute: (command: { eventId: string }) =>
        command.eventId === "evt_1"
          ? Promise.reject(new PortError("Cannot read the event", { transient: false }))
          : replayEvent.execute(command),
    };
    const { out, code } = await runCli(["events", "replay", "evt_1", "evt_2"], {
      withBilling: (work) =>
        work({ ...fixture.billing, replayEvent: failing as typeof replayEvent }),
    });
    expect(out).to.match(/^Cannot replay event "evt_1": Cannot read the event\nevt_2 is ignored/);
    expect(code).to.equal(1);
  });

  it("P38 stats counts by state, what needs somebody first", async () => {
    const rows = (await run("stats")).out.trimEnd().split("\n");
    expect(rows.map((row) => row.split(/ +/))).to.deep.include.members([
      ["dead", "0"],
      ["received", "1"],
      ["ignored", "1"],
    ]);
    expect(rows[0]).to.match(/^dead/);
    expect(JSON.parse((await run("stats", "--json")).out)).to.include({ dead: 0, ignored: 1 });
  });
});
