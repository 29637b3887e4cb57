import { expect } from "chai";
import { createProgram } from "../../../src/adapters/cli/create_program.ts";

async function run(...args: string[]): Promise<{ called: string[]; output: string }> {
  const called: string[] = [];
  let output = "";
  const program = createProgram({
    serve: async () => void called.push("serve"),
    syncPlans: async () => void called.push("plans sync"),
    withBilling: async () => void called.push("events"),
    print: () => undefined,
    printProgress: () => undefined,
    indexes: async (action) => void called.push(`indexes ${action}`),
    migrate: async ({ from, to }) => void called.push(`migrate ${from} ${to}`),
  });
  const write = (text: string) => {
    output += text;
  };
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: write, writeErr: write });
  }
  await program.parseAsync(args, { from: "user" }).catch((error: unknown) => {
    output += (error as { code: string }).code;
  });
  return { called, output };
}

describe("createProgram", () => {
  it("runs the service when no command is named", async () => {
    expect((await run()).called).to.deep.equal(["serve"]);
    expect((await run("serve")).called).to.deep.equal(["serve"]);
  });

  it("publishes the plans", async () => {
    expect((await run("plans", "sync")).called).to.deep.equal(["plans sync"]);
  });

  it("compares and creates indexes", async () => {
    expect((await run("indexes", "check")).called).to.deep.equal(["indexes check"]);
    expect((await run("indexes", "sync")).called).to.deep.equal(["indexes sync"]);
  });

  it("copies one database into the other, and only databases it knows", async () => {
    const { called } = await run("migrate", "--from", "sqlite", "--to", "mongodb");
    expect(called).to.deep.equal(["migrate sqlite mongodb"]);
    expect((await run("migrate", "--from", "sqlite")).called).to.deep.equal([]);
    expect((await run("migrate", "--from", "sqlite", "--to", "files")).called).to.deep.equal([]);
  });

  it("explains itself and runs nothing", async () => {
    const { called, output } = await run("--help");
    expect(called).to.deep.equal([]);
    expect(output).to.include("serve").and.to.include("plans");
  });

  it("refuses what it does not know", async () => {
    const { called, output } = await run("plans", "shred");
    expect(called).to.deep.equal([]);
    expect(output).to.include("commander.unknownCommand");
  });
});
