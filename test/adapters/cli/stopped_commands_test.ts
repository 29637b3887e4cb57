import { expect } from "chai";
import type { Commands } from "../../../src/adapters/cli/commands.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { COMMAND_CALLS } from "./command_calls.ts";
import { allCommands } from "./commands_of.ts";
import { runCli } from "./run_cli.ts";

/** Commands that end by themselves after what is in hand. */
const BY_THEMSELVES = ["events replay", "reconcile", "ledger verify"];
const AGAIN = "run it again, which does what is left";

/** What commands say that change something; the others only say what stopped them. */
const ADVICE: Readonly<Record<string, string>> = {
  "plans sync": "nothing was changed",
  "tenant end": `its end may be saved; ${AGAIN}`,
  "indexes sync": AGAIN,
  migrate: `the copy is not complete and not compared; ${AGAIN}`,
  "attention resolve": AGAIN,
  "ledger resume": AGAIN,
  "ledger adjust": "the entry may be written: look at the tenant's tokens before you run it again",
  "webhooks add": "it may be done: see webhooks list before you run it again",
  "webhooks secret": "it may be done: see webhooks list before you run it again",
  "webhooks remove": AGAIN,
  "webhooks replay": AGAIN,
};

describe("Commands that are told to stop", () => {
  const fixture = useBilling();
  const leaves = allCommands()
    .filter(
      ({ isLeaf, command }) => isLeaf && command.options.some(({ long }) => long === "--json"),
    )
    .map(({ words }) => words.join(" "));

  /** Runs a command that is told to stop while its first call has no answer. */
  async function hanging(name: string, signal: string, ...args: readonly string[]) {
    const stop = new AbortController();
    const hang = (): Promise<never> => {
      queueMicrotask(() => stop.abort(signal));
      return new Promise(() => undefined);
    };
    const commands: Partial<Commands> = {
      withBilling: hang,
      syncPlans: hang,
      doctor: hang,
      indexes: hang,
      migrate: hang,
    };
    const given = COMMAND_CALLS[name]?.args ?? [];
    return await runCli([...name.split(" "), ...given, ...args], commands, { stop: stop.signal });
  }

  for (const name of leaves.filter((one) => !BY_THEMSELVES.includes(one))) {
    it(`${name} ends at once and says what became of it`, async () => {
      const advice = ADVICE[name] === undefined ? "" : `: ${ADVICE[name]}`;
      for (const [signal, code] of [
        ["SIGINT", 130],
        ["SIGTERM", 143],
      ] as const) {
        const message = `Stopped by ${signal}${advice}`;
        const text = await hanging(name, signal);
        expect(text).to.deep.equal({ out: "", err: `${message}\n`, code });
        const { err } = await hanging(name, signal, "--json");
        expect(JSON.parse(err)).to.deep.equal({ error: { message, exitCode: code } });
      }
    });
  }

  it("a command that was told to stop before it began does not begin", async () => {
    let begun = false;
    const doctor = (): Promise<never> => {
      begun = true;
      return new Promise(() => undefined);
    };
    const stop = AbortSignal.abort("SIGINT");
    const { out, err, code } = await runCli(["doctor"], { doctor }, { stop });
    expect([out, err, code]).to.deep.equal(["", "Stopped by SIGINT\n", 130]);
    expect(begun).to.equal(false);
  });

  it("plans sync says how many changes it has begun", async () => {
    const stop = new AbortController();
    const syncPlans: Commands["syncPlans"] = ({ onProgress }) => {
      onProgress("create product pro");
      onProgress("create price of pro");
      stop.abort("SIGINT");
      return new Promise(() => undefined);
    };
    const { err } = await runCli(["plans", "sync"], { syncPlans }, { stop: stop.signal });
    expect(err.split("\n").at(-2)).to.equal(
      `Stopped by SIGINT: 2 changes begun, the last of which may not be made; ${AGAIN}`,
    );
  });

  const STOPPING = "Stopping after what is in hand; once more ends it at once\n";

  /** Runs a command that is told to stop when a call of the fixture's begins. */
  async function during(begun: (stop: () => void) => void, ...args: readonly string[]) {
    const stop = new AbortController();
    begun(() => stop.abort("SIGINT"));
    const withBilling: Commands["withBilling"] = (work) => work(fixture.billing);
    return await runCli(args, { withBilling }, { stop: stop.signal });
  }

  it("P37 reconcile ends after the tenants in hand, and compares the others when it runs again", async () => {
    for (let number = 1; number <= 30; number += 1) {
      await fixture.addCustomer(`cus_${number}`, `${TENANT}_${number}`);
    }
    const { out, err, code } = await during(
      (stop) => fixture.payments.before("read", stop),
      "reconcile",
      "--thorough",
    );
    expect(code).to.equal(130);
    expect(err).to.equal(STOPPING);
    const [, compared] = /^Compared (\d+) tenants?: none differed$/mu.exec(out) ?? [];
    expect(Number(compared)).to.be.within(1, 20);
    expect(out).to.match(/\nStopped by SIGINT: run it again to compare the others\n$/);
    const again = await runCli(["reconcile", "--thorough"], {
      withBilling: (work) => work(fixture.billing),
    });
    expect(again.out).to.include("Compared 30 tenants: none differed");
    expect(again.code).to.equal(0);
  });

  it("P30 ledger verify ends after the ledger in hand, and says that it did not check all", async () => {
    for (const tenantId of ["clacme0001", "clacme0002", "clacme0003"]) {
      await fixture.billing.spendTokens.execute({ tenantId, key: "a", tokens: 1 });
    }
    const { verifyLedgers } = fixture.billing;
    const stop = new AbortController();
    const withBilling: Commands["withBilling"] = (work) =>
      work({
        ...fixture.billing,
        verifyLedgers: {
          execute: ({ onProgress, ...command }) =>
            verifyLedgers.execute({
              ...command,
              onProgress: (progress) => {
                onProgress?.(progress);
                stop.abort("SIGINT");
              },
            }),
        } as typeof verifyLedgers,
      });
    const run = await runCli(["ledger", "verify"], { withBilling }, { stop: stop.signal });
    expect(run).to.deep.equal({
      out:
        "Checked 2 entries of 1 tenant: all are sound\n" +
        "Stopped by SIGINT: run it again to check all of them\n",
      err: `2 entries, at clacme0001\n${STOPPING}`,
      code: 130,
    });
  });

  it("events replay ends after the event in hand, and names those that it did not run", async () => {
    for (const id of ["evt_1", "evt_2", "evt_3"]) {
      await fixture.receive({ id });
    }
    const stop = new AbortController();
    const { replayEvent } = fixture.billing;
    const withBilling: Commands["withBilling"] = (work) =>
      work({
        ...fixture.billing,
        replayEvent: {
          execute: async (command) => {
            const outcome = await replayEvent.execute(command);
            stop.abort("SIGTERM");
            return outcome;
          },
        } as typeof replayEvent,
      });
    const args = ["events", "replay", "evt_1", "evt_2", "evt_3"];
    const { out, code } = await runCli(args, { withBilling }, { stop: stop.signal });
    expect(code).to.equal(143);
    const [first, ...others] = out.trimEnd().split("\n");
    expect(first).to.match(/^evt_1 is /);
    expect(others).to.deep.equal(
      ["evt_2", "evt_3"].map(
        (id) => `Cannot replay event "${id}": not run, as it was stopped by SIGTERM`,
      ),
    );
  });

  it("a command that is done when it is told to stop ends as it would have", async () => {
    const stop = new AbortController();
    await fixture.receive({ id: "evt_1" });
    const withBilling: Commands["withBilling"] = async (work) => {
      const done = await work(fixture.billing);
      stop.abort("SIGINT");
      return done;
    };
    const { code } = await runCli(
      ["events", "replay", "evt_1"],
      { withBilling },
      { stop: stop.signal },
    );
    expect(code).to.equal(0);
  });
});
