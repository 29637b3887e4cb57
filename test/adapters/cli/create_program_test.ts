import { expect } from "chai";
import type { Commands } from "../../../src/adapters/cli/commands.ts";
import { SettingsError } from "../../../src/kit/settings_error.ts";
import { allCommands } from "./commands_of.ts";
import { runCli } from "./run_cli.ts";

const all = allCommands().map(({ words, ...rest }) => ({ path: words.join(" "), words, ...rest }));

describe("runProgram", () => {
  it("runs the service when no command is named", async () => {
    for (const args of [[], ["serve"]]) {
      let served = 0;
      const serve = async () => {
        served += 1;
      };
      expect(await runCli(args, { serve })).to.deep.equal({ out: "", err: "", code: 0 });
      expect(served).to.equal(1);
    }
  });

  it("P38 knows the commands that operators were promised", () => {
    expect(all.map(({ path }) => path)).to.include.members([
      "plans sync",
      "doctor",
      "reconcile",
      "events list",
      "events show",
      "events replay",
      "ledger verify",
      "audit list",
      "indexes sync",
      "migrate",
    ]);
  });

  for (const { path, words, command, isLeaf } of all) {
    const name = path === "" ? "the program" : path;

    it(`${name} explains itself with examples, runs nothing, and is well`, async () => {
      const { out, err, code } = await runCli([...words, "--help"]);
      expect({ err, code }).to.deep.equal({ err: "", code: 0 });
      expect(out).to.include("Usage:").and.to.include("\nExamples:\n  npm run cli --");
      expect(command.description().length).to.be.greaterThan(10);
      for (const example of out.matchAll(/npm run cli --(.*)/g)) {
        const args = example[1]?.trim() ?? "";
        expect(path === "serve" || args.startsWith(path), example[0]).to.equal(true);
      }
    });

    it(`${name} takes no secret`, () => {
      const taken = [
        ...command.options.map(({ long }) => long ?? ""),
        ...command.registeredArguments.map((argument) => argument.name()),
      ];
      const secrets = taken.filter((option) => /secret|password|key|token|url/i.test(option));
      expect(secrets.filter((option) => !option.endsWith("-file"))).to.deep.equal([]);
    });

    it(`${name} refuses what it does not know, in words or in JSON`, async () => {
      const { out, err, code } = await runCli([...words, "--shred"]);
      expect({ out, code }).to.deep.equal({ out: "", code: 2 });
      expect(err)
        .to.match(/^error: /)
        .and.to.include("--help");
      const json = await runCli([...words, "--shred", "--json"]);
      expect(json.code).to.equal(2);
      expect(JSON.parse(json.err).error).to.deep.include({ exitCode: 2 });
    });

    if (isLeaf && path !== "serve") {
      it(`${name} can print JSON`, () => {
        expect(command.options.map(({ long }) => long)).to.include("--json");
      });
    }
  }

  it("names a command that does not exist, and the one that may be meant", async () => {
    const unknown = await runCli(["bogus"]);
    expect(unknown).to.include({ code: 2, out: "" });
    expect(unknown.err).to.include("unknown command 'bogus'");
    const { err } = await runCli(["reconcil", "--dry-run"]);
    expect(err).to.include("unknown command 'reconcil'").and.to.include("Did you mean reconcile?");
    const json = await runCli(["doctr", "--json"]);
    expect(JSON.parse(json.err).error.message).to.include("Did you mean doctor?");
  });

  it("wraps its help between words", async () => {
    const { out } = await runCli(["--help"]);
    const about = out.slice(0, out.indexOf("Options:")).split("\n\n");
    for (const paragraph of about) {
      const lines = paragraph.trim().split("\n");
      for (const [index, line] of lines.slice(0, -1).entries()) {
        const next = lines[index + 1]?.split(" ")[0] ?? "";
        expect(`${line} ${next}`.length, line).to.be.greaterThan(78);
      }
    }
  });

  it("wraps its help in terminals of any width that people have", () => {
    const widths = new Set<string>();
    for (const width of [40, 80, 120]) {
      for (const { path, command } of all) {
        command.configureOutput({ getOutHelpWidth: () => width });
        const [, ...lines] = command.helpInformation().split("\n");
        const tooLong = lines.filter((line) => line.length > width);
        expect(tooLong, `${path} in ${width} columns`).to.deep.equal([]);
        widths.add(`${width} ${lines.some((line) => line.length > width - 12)}`);
      }
    }
    expect([...widths]).to.include.members(["40 true", "80 true", "120 true"]);
  });

  it("gives examples that fit 80 columns", async () => {
    for (const { path, words } of all) {
      const { out } = await runCli([...words, "--help"]);
      const tooLong = out.split("\n").filter((line) => line.length > 80);
      expect(tooLong, path).to.deep.equal([]);
    }
  });

  it("asks for the command that is missing", async () => {
    const { out, err, code } = await runCli(["events"]);
    expect({ out, code }).to.deep.equal({ out: "", code: 2 });
    expect(err).to.include("Usage:").and.to.include("replay");
    expect(await runCli(["events", "shred"])).to.include({ code: 2, out: "" });
  });

  it("compares and creates indexes, and fails while one is missing", async () => {
    for (const action of ["check", "sync"]) {
      const report = { missing: ["a.one"], different: ["b.two"] };
      const indexes = async (asked: string) =>
        asked === action ? report : { missing: [], different: [] };
      const run = await runCli(["indexes", action], { indexes });
      expect(run).to.deep.equal({ out: "missing    a.one\ndifferent  b.two\n", err: "", code: 1 });
      const json = await runCli(["indexes", action, "--json"], { indexes });
      expect(JSON.parse(json.out)).to.deep.equal(report);
      expect(json.code).to.equal(1);
    }
    const indexes = async () => ({ missing: [], different: [] });
    expect(await runCli(["indexes", "check"], { indexes })).to.deep.equal({
      out: "Every index is there\n",
      err: "",
      code: 0,
    });
  });

  it("copies one database into the other, and only databases it knows", async () => {
    const migrate: Commands["migrate"] = async ({ from, to }, onProgress) => {
      onProgress(`copy accounts: 2, ${from} to ${to}`);
      return { counts: { accounts: 2, auditEntries: 1, deliveries: 0 }, problems: [] };
    };
    const args = ["migrate", "--from", "sqlite", "--to", "mongodb"];
    expect(await runCli(args, { migrate })).to.deep.equal({
      out: "The copy is complete: 2 accounts, 1 audit entry, 0 deliveries\n",
      err: "copy accounts: 2, sqlite to mongodb\n",
      code: 0,
    });
    expect((await runCli(args.slice(0, 3), { migrate })).code).to.equal(2);
    expect((await runCli([...args.slice(0, 4), "files"], { migrate })).code).to.equal(2);
    const same = await runCli([...args.slice(0, 4), "sqlite"], { migrate });
    expect(same).to.include({ out: "", code: 2 });
    expect(same.err).to.include("name the same database");
    const failing = async () => ({ counts: {}, problems: ["account t_1 differs"] });
    expect(await runCli(args, { migrate: failing })).to.include({
      out: "account t_1 differs\n",
      code: 1,
    });
  });

  it("shows progress in place on a terminal, and leaves nothing of it", async () => {
    const migrate: Commands["migrate"] = async (_, onProgress) => {
      onProgress("a line that is wider than the terminal");
      onProgress("copy\u001b[2J");
      return { counts: { accounts: 2 }, problems: [] };
    };
    const args = ["migrate", "--from", "sqlite", "--to", "mongodb", "--json"];
    const { out, err } = await runCli(args, { migrate }, { errColumns: 10 });
    expect(err).to.equal("\r\u001b[Ka line th\r\u001b[Kcopy?[2J\r\u001b[K");
    expect(JSON.parse(out)).to.deep.equal({ counts: { accounts: 2 }, problems: [] });
    expect((await runCli(args, { migrate })).err, "no lines beside JSON").to.equal("");
  });

  it("tells wrong settings from other failures, and shows no stack", async () => {
    const withProblem = { doctor: () => Promise.reject(new SettingsError(["PORT is wrong"])) };
    const settings = await runCli(["doctor"], withProblem);
    expect(settings).to.include({ out: "", code: 78 });
    expect(settings.err).to.include("  - PORT is wrong\n");
    const json = await runCli(["doctor", "--json"], withProblem);
    expect(JSON.parse(json.err).error).to.deep.include({
      exitCode: 78,
      problems: ["PORT is wrong"],
    });
    const failing = { doctor: () => Promise.reject(new Error("Cannot look\u001b[2J")) };
    expect(await runCli(["doctor"], failing)).to.deep.equal({
      out: "",
      err: "Cannot look?[2J\n",
      code: 1,
    });
    const odd = { doctor: () => Promise.reject("a text") };
    expect((await runCli(["doctor"], odd)).err).to.equal("Cannot go on: unknown error\n");
  });

  it("P38 doctor prints what was found and what to do, and fails for problems only", async () => {
    const ok = { check: "key", status: "ok", message: "all is well", fix: null } as const;
    const late = { check: "clock", status: "warning", message: "late", fix: "set it" } as const;
    const bad = {
      check: "key",
      status: "problem",
      message: "no key\u009b2J",
      fix: "set one",
    } as const;
    expect(await runCli(["doctor"], { doctor: async () => [ok, late] })).to.deep.equal({
      out:
        "ok       key    all is well\nwarning  clock  late\n                -> set it\n" +
        "2 checks: 0 problems, 1 warning\n",
      err: "",
      code: 0,
    });
    const { out, code } = await runCli(["doctor", "--json"], { doctor: async () => [ok, bad] });
    expect(code).to.equal(1);
    expect(JSON.parse(out)).to.deep.equal({ ok: false, findings: [ok, bad] });
    expect(out).not.to.include("\u009b");
  });
});
