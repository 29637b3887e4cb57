import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { expect } from "chai";
import { publishedManifest } from "../../build/published_manifest.ts";
import { exampleBelow } from "../docs/run_example.ts";
import { type PackedProject, packedProject } from "./packed_project.ts";
import { COUNT, COUNTED, IMPORTS, loadsAll, USES_TYPES, usesAllTypes } from "./sources.ts";

/** Needs the registry: `npm run test:package`. */
describe("the published package elsewhere", function () {
  this.timeout(600_000);
  let project: PackedProject;

  before(async () => {
    project = await packedProject();
  });
  after(() => project.remove());

  it("counts in Deno", async () => {
    const rights = ["--no-prompt", "--allow-read", "--allow-env"];
    const command = ["npx", "--yes", "deno@2.9.6", "run", ...rights];
    expect(await project.output("deno.mjs", IMPORTS + COUNT, command)).to.deep.equal(COUNTED);
  });

  it("loads in Bun, which has no node:sqlite of its own to count in", async () => {
    const text = `import { createQuota } from "@mailingcore/billing/quota";
import { createBilling } from "@mailingcore/billing";
console.log(JSON.stringify([typeof createQuota, typeof createBilling]));`;
    const command = ["npx", "--yes", "bun@1.4.5", "run"];
    const loaded = await project.output("bun.mjs", text, command);
    expect(loaded).to.deep.equal(["function", "function"]);
  });

  it("has types without an error for a bundler, its libraries checked, too", async () => {
    await project.install(["@types/node@24"]);
    const options = { module: "preserve", moduleResolution: "bundler" };
    expect(await project.typeCheck(USES_TYPES, options)).to.equal("");
  });

  describe("with the peers that its entries name", () => {
    const { exports, peerDependencies } = publishedManifest();
    const entries = Object.keys(exports);
    const withoutSqlite = entries.filter((entry) => entry !== "./sqlite");

    before(() =>
      project.install(
        Object.entries(peerDependencies).map(([name, version]) => `${name}@${version}`),
      ),
    );

    for (const [name, options] of Object.entries({
      nodenext: { module: "nodenext" },
      "a bundler": { module: "preserve", moduleResolution: "bundler" },
    })) {
      it(`has types without an error for all entries, in ${name}`, async () => {
        const source = usesAllTypes(entries);
        const browser = { ...options, lib: ["es2024", "dom"], jsx: "react-jsx" };
        const errors = (await project.typeCheck(source, browser)).split("\n");
        expect(errors.filter((line) => /^(uses\.ts|node_modules\/@mailingcore)/.test(line))).to.be
          .empty;
      });
    }

    it("takes a tenant to a paid plan without Stripe, as docs/embedding.md shows", async () => {
      const example = stripTypeScriptTypes(exampleBelow("Test without Stripe", "ts"));
      project.write("plans.json", readFileSync("plans.json", "utf8"));
      const call =
        "console.log(JSON.stringify((await rehearse('clacme0001', 'starter')).planSlug));";
      const planSlug = await project.output("rehearsal.mjs", example + call, ["node"]);
      expect(planSlug).to.equal("starter");
    });

    it("loads every entry in Node and Deno, and in Bun all that need no node:sqlite", async () => {
      const node = await project.output("all.mjs", loadsAll(entries), ["node"]);
      expect(node).to.equal(entries.length);
      const deno = ["npx", "--yes", "deno@2.9.6", "run", "--no-prompt", "--allow-all"];
      expect(await project.output("all_deno.mjs", loadsAll(entries), deno)).to.equal(node);
      const bun = ["npx", "--yes", "bun@1.4.5", "run"];
      const most = await project.output("all_bun.mjs", loadsAll(withoutSqlite), bun);
      expect(most).to.equal(withoutSqlite.length);
    });
  });
});
