import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Program, runProgram } from "./program.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const DENO = ["--yes", "deno@2.9.6"];
const FREE_PORTS = { PORT: "0", SANDBOX_PORT: "0" };

describe("The program", () => {
  const programs: Program[] = [];
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "billing-"));
  });

  afterEach(async () => {
    for (const program of programs.splice(0)) {
      program.kill();
      await program.exited();
    }
    await rm(folder, { recursive: true });
  });

  function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    const program = runProgram(command, args, { env, cwd: ROOT });
    programs.push(program);
    return program;
  }

  function runMain(env: Readonly<Record<string, string>>, ...args: string[]): Program {
    return run(process.execPath, ["src/main.ts", ...args], env);
  }

  function inFolder() {
    return {
      ...FREE_PORTS,
      SQLITE_PATH: join(folder, "data", "billing.db"),
      SANDBOX_STATE: join(folder, "data", "sandbox.json"),
    };
  }

  /** Pastes printed commands into a shell, each the line with such a text; answers what they printed. */
  async function paste(program: Program, ...texts: readonly string[]): Promise<string> {
    const lines = ["export TOKEN=", ...texts.map((text) => `curl .*${text}`)].map(
      (text) =>
        new RegExp(`^ {2}(.*${text}.*)$`, "m").exec(program.output)?.[1] ?? expect.fail(text),
    );
    const shell = run("sh", ["-c", lines.join("\n")], {});
    expect(await shell.exited(), shell.output).to.equal(0);
    return shell.output;
  }

  /** Buys the plan as the printed commands do, and waits until webhooks have made it active. */
  async function buyAsPrinted(program: Program): Promise<void> {
    const before = JSON.parse(await paste(program, "/billing/subscription"));
    expect(before).to.include({ planSlug: "free", status: "active" });
    expect(await paste(program, "/billing/checkout", "\\$PAY ")).to.include("/dashboard/billing");
    let planSlug = "free";
    while (planSlug === "free") {
      ({ planSlug } = JSON.parse(await paste(program, "/billing/subscription")));
    }
    expect(planSlug).to.equal("pro");
  }

  it("P39 starts without settings and prints commands that work as they are", async () => {
    const program = runMain(inFolder());
    await program.printed(/Stop with Ctrl\+C/);
    expect(JSON.parse(await paste(program, "/billing/plans")).data).to.have.length(4);
    await buyAsPrinted(program);
    const portal = JSON.parse(await paste(program, "/billing/portal"));
    expect((await fetch(portal.url)).status).to.equal(200);
  });

  it("ends by itself, and well, when it is told to stop", async () => {
    const program = runMain(inFolder());
    await program.printed(/Stop with Ctrl\+C/);
    program.signal("SIGTERM");
    expect(await program.exited(), program.output).to.equal(0);
    expect(program.output).to.include("Stopping");
  });

  it("ends well when it is told to stop while it starts", async () => {
    const program = runMain(inFolder());
    await program.printed(/Listening/);
    program.signal("SIGTERM");
    expect(await program.exited(), program.output).to.equal(0);
  });

  it("refuses production without real settings and lists all problems at once", async () => {
    const program = runMain({ NODE_ENV: "production" });
    expect(await program.exited()).to.equal(78);
    for (const name of ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRETS", "AUTH_", "DASHBOARD_URL"]) {
      expect(program.output).to.include(`- ${name}`);
    }
  });

  it("says what is wrong when its port is taken, and prints no stack", async () => {
    const first = runMain(inFolder());
    const [, port] = await first.printed(/Service +http:\/\/127\.0\.0\.1:(\d+)/);
    const second = runMain({
      ...inFolder(),
      SQLITE_PATH: ":memory:",
      SANDBOX_STATE: ":memory:",
      PORT: `${port}`,
    });
    expect(await second.exited()).to.equal(1);
    expect(second.output).to.include(`${port}`).and.not.to.include("    at ");
  });

  it("explains itself", async () => {
    const program = runMain({}, "--help");
    expect(await program.exited()).to.equal(0);
    expect(program.output).to.include("plans").and.to.include("serve");
  });

  it("starts under Deno with the permissions of its task", async function () {
    this.timeout(120_000);
    const program = run("npx", [...DENO, "task", "start"], {
      ...FREE_PORTS,
      SQLITE_PATH: ":memory:",
      SANDBOX_STATE: ":memory:",
    });
    await program.printed(/Stop with Ctrl\+C/);
    expect(program.output).to.include("--allow-net=127.0.0.1").and.not.to.include("--allow-all");
    expect(JSON.parse(await paste(program, "/billing/plans")).data).to.have.length(4);
    await buyAsPrinted(program);
  });
});
