import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import manifest from "../../package.json" with { type: "json" };
import { lifeForms } from "../browser/life/life_forms.ts";
import { countInEnvironment } from "../rig/count_in_environment.ts";

const WORD = "invoise";
const COMPILE_CACHE = "node_modules/.cache/compiled";
/** The scripts that take words after `--`: all of our own but those that write documents. */
const SCRIPTS = Object.entries(manifest.scripts).flatMap(([name, script]) => {
  const command = /^node (.*)$/.exec(script)?.[1] ?? "";
  const isOurs = /(bench|test)\/[^ ]*\.ts$/.test(command) && !script.includes("&&");
  return isOurs ? [{ name, args: command.split(" ") }] : [];
});
/** What is asked of a command that knows names, and a name that it answers with. */
const NAMES: Readonly<Record<string, readonly [words: readonly string[], listed: string]>> = {
  attack: [[WORD], "tenancy matrix"],
  bench: [[WORD], "quota-rest"],
  screenshots: [["--all", "pictures", "--only", WORD], "past due with grace"],
  soak: [["--sabotage", WORD], "only P03, P05"],
  "soak:day": [["--store", WORD], "only sqlite, mongodb"],
  "test:mongodb": [[WORD], "npm run test:mongodb -- <url>"],
  "fuzz:api": [[WORD], "FUZZ_EXAMPLES"],
  "bench:ledger": [[WORD], "[longest] [rounds] [calls]"],
};

describe("Commands refuse words that name nothing, rather than do nothing well", () => {
  for (const { name, args } of SCRIPTS) {
    const [words, listed] = NAMES[name] ?? [];
    if (words === undefined) {
      it(`npm run ${name}: takes counts alone`, () => {
        const source = readFileSync(args.at(-1) ?? "", "utf8");
        expect(source)
          .to.match(/countsOf\(\{.*\}\)/)
          .and.not.include("argv.slice(2).map");
      });
    } else {
      it(`npm run ${name} -- ${words.join(" ")}`, () => {
        const { status, stdout, stderr } = run(...args, ...words);
        expect([status, stdout], stderr).to.deep.equal([2, ""]);
        expect(stderr)
          .to.include(listed)
          .and.match(/invoise|it is no MongoDB URL/);
      });
    }
  }

  it("a build takes a folder only", () => {
    for (const file of ["build", "bundle_service", "write_api_reference"]) {
      const { status, stderr } = run(`build/${file}.ts`, "--help");
      expect([status, stderr.split(":")[0]], stderr).to.deep.equal([2, 'Cannot build "--help"']);
    }
  });

  it("LIFE_FORMS names forms that there are", () => {
    const names = (forms?: string) => lifeForms(forms).map(({ name }) => name);
    expect(names("all")).to.have.length(8);
    expect(names("Spanish, phone, dark")).to.deep.equal(["Spanish, phone, dark"]);
    expect(names()).to.have.length(2);
    for (const unknown of [WORD, "", "English", "English, wide, light;Spanish, phone, dark"]) {
      expect(() => lifeForms(unknown)).to.throw("There are: all; English, wide, light; English");
    }
  });

  it("a count in the environment is one", () => {
    const read = (text?: string) =>
      countInEnvironment("KILLS", { fallback: 50 }, text === undefined ? {} : { KILLS: text });
    expect([read(), read("7")]).to.deep.equal([50, 7]);
    for (const wrong of ["", "0", "-1", "1.5", "many", "1e3"]) {
      expect(() => read(wrong)).to.throw("KILLS must be a whole number from 1 on");
    }
  });
});

function run(...args: readonly string[]) {
  const env = { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE };
  return spawnSync(process.execPath, args, { encoding: "utf8", env, timeout: 60_000 });
}
