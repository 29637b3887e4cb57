import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { COMMAND_CALLS } from "../adapters/cli/command_calls.ts";
import { allCommands } from "../adapters/cli/commands_of.ts";
import { type Program, runProgram } from "./program.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
describe("The program's commands, beside a running service", function () {
  this.timeout(180_000);
  let folder: string;
  let env: Readonly<Record<string, string>>;
  let service: Program;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "cli-"));
    const DASHBOARD_URL = "http://127.0.0.1:9/billing";
    const place = { PORT: "0", SANDBOX_STATE: ":memory:", DASHBOARD_URL };
    const settings = { ...place, USER: "ada", SUDO_USER: "" };
    env = { ...settings, SANDBOX_PORT: "0", SQLITE_PATH: join(folder, "billing.db") };
    service = run();
    const [, port] = await service.printed(/Stripe +http:\/\/127\.0\.0\.1:(\d+) \(sandbox\)/);
    await service.printed(/Stop with Ctrl\+C/);
    env = { ...env, SANDBOX_PORT: String(port) };
  });

  after(async () => {
    service.kill();
    await service.exited();
    await rm(folder, { recursive: true });
  });

  function run(args: readonly string[] = [], changes: Readonly<Record<string, string>> = {}) {
    const options = { env: { ...env, ...changes }, cwd: ROOT };
    return runProgram(process.execPath, ["src/main.ts", ...args], options);
  }

  /** Runs it with its output led elsewhere by a shell; answers what is left of the output. */
  async function led(script: string, ...args: readonly string[]) {
    const program = runProgram(
      "bash",
      ["-c", script, "bash", process.execPath, "src/main.ts", ...args],
      { env, cwd: ROOT },
    );
    const code = await program.exited();
    return { code, output: program.output };
  }

  async function ended(args: readonly string[], changes?: Readonly<Record<string, string>>) {
    const program = run(args, changes);
    const code = await program.exited();
    return { code, out: program.standardOutput, err: program.errorOutput };
  }

  for (const { words, command, isLeaf } of allCommands()) {
    const name = words.join(" ");

    it(`explains ${name === "" ? "itself" : name}`, async () => {
      const { code, out, err } = await ended([...words, "--help"]);
      expect({ code, err }).to.deep.equal({ code: 0, err: "" });
      expect(out).to.include(`Usage: ${["mailingcore-billing", ...words].join(" ")}`);
      expect(out).to.include("Examples:");
    });

    if (isLeaf && command.options.some(({ long }) => long === "--json")) {
      it(`prints one JSON value for ${name}, its result or its error`, async () => {
        const call = COMMAND_CALLS[name];
        expect(call, "a call of every command that prints").to.not.equal(undefined);
        const { code, out, err } = await ended([...words, ...(call?.args ?? []), "--json"]);
        expect(code, out + err).to.equal(call?.code);
        expect([out, err].filter((text) => text !== "")).to.have.length(1);
        const value = JSON.parse(out + err);
        expect(value).to.be.an("object");
        expect("error" in value).to.equal(err !== "");
      });
    }
  }

  it("ends with 0 where all is well, 1 for a problem, 2 for wrong usage, 78 for settings", async () => {
    const plans = join(folder, "plans.json");
    await writeFile(plans, '{\n  "plans": [],\n  "colour": "red"\n}');
    const ends: [number, readonly string[], Readonly<Record<string, string>>][] = [
      [0, ["doctor"], {}],
      [1, ["doctor"], { PLANS_FILE: plans }],
      [1, ["plans", "sync"], { PLANS_FILE: plans }],
      [2, ["plans", "shred"], {}],
      [2, ["events"], {}],
      [78, ["doctor"], { PORT: "http" }],
      [78, ["plans", "sync"], { PLANS_FILE: join(folder, "none.json") }],
      [2, ["plan", "sync"], {}],
    ];
    for (const [code, args, changes] of ends) {
      expect((await ended(args, changes)).code, args.join(" ")).to.equal(code);
    }
    const { err, out } = await ended(["plans", "sync"], { PLANS_FILE: plans });
    expect(out).to.equal("");
    expect(err).to.include("line 2, column 12: plans must not be empty");
    expect(err).to.include("line 3, column 13: colour is not a known field: remove it");
    const json = await ended(["plans", "sync", "--json"], { PLANS_FILE: plans });
    const { error } = JSON.parse(json.err);
    expect(error.problems.map(({ line }: { line: number }) => line)).to.deep.equal([2, 3]);
  });

  it("names the setting of the sandbox's port where that is taken, and HOST where there is none", async () => {
    const taken = await ended([]);
    expect(taken.code).to.equal(1);
    expect(taken.err).to.include(
      `:${env.SANDBOX_PORT}: another process uses the port; set SANDBOX_PORT `,
    );
    const elsewhere = { HOST: "203.0.113.9", ALLOW_PUBLIC_DEVELOPMENT: "1", SANDBOX_PORT: "0" };
    const lost = await ended([], elsewhere);
    expect(lost.code).to.equal(1);
    expect(lost.err).to.include("this machine has no such address; set HOST to one of its own");
  });

  it("goes on quietly where nobody reads its output to the end", async () => {
    const unread = '"$@" 2>&1 | true; exit $PIPESTATUS';
    for (const [code, args] of [
      [0, ["--help"]],
      [0, ["doctor"]],
      [2, ["events", "lst"]],
    ] as const) {
      expect(await led(unread, ...args), args.join(" ")).to.deep.equal({ code, output: "" });
    }
  });

  if (existsSync("/dev/full")) {
    it("says so where its output cannot be written", async () => {
      const { code, output } = await led('"$@" > /dev/full', "--help");
      expect(code).to.equal(1);
      expect(output).to.match(/^Cannot print the result: ENOSPC.*\n$/);
    });
  }

  it("P38 names the system's user where an operator gives no name", async () => {
    const { out } = await ended(["ledger", "adjust", "--help"]);
    expect(out).to.include('(default: "ada")');
    const sudo = await ended(["ledger", "adjust", "--help"], { SUDO_USER: "grace" });
    expect(sudo.out).to.include('(default: "grace")');
  });
});
