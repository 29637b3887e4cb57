import { expect } from "chai";
import { publishedManifest } from "../../build/published_manifest.ts";
import { type PackedProject, packedProject } from "./packed_project.ts";
import { COUNT, COUNTED, IMPORTS, USES_ALL_TYPES, USES_TYPES } from "./sources.ts";

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

  it("has types without an error for all entries, with the peers that they name", async () => {
    const { peerDependencies } = publishedManifest();
    const peers = Object.entries(peerDependencies).map(([name, version]) => `${name}@${version}`);
    await project.install(peers);
    const errors = (await project.typeCheck(USES_ALL_TYPES, { module: "nodenext" })).split("\n");
    expect(errors.filter((line) => /^(uses\.ts|node_modules\/@mailingcore)/.test(line))).to.be
      .empty;
  });
});
