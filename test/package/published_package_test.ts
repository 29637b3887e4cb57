import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { publishedManifest } from "../../build/published_manifest.ts";
import { type PackedProject, packedProject } from "./packed_project.ts";
import { AWAITS, COUNT, COUNTED, IMPORTS, REQUIRES, USES_TYPES } from "./sources.ts";

const MEBIBYTE = 1_048_576;
/** Prints which files of packages are read to count. */
const LOADED_FILES = `import { registerHooks } from "node:module";
const loaded = [];
registerHooks({
  load: (url, context, next) => {
    loaded.push(url);
    return next(url, context);
  },
});
await import("@mailingcore/billing/quota");
await import("@mailingcore/billing/sqlite");
console.log(JSON.stringify(loaded.filter((url) => url.includes("/node_modules/"))));`;

describe("the published package", function () {
  this.timeout(300_000);
  let project: PackedProject;

  before(async () => {
    project = await packedProject();
  });
  after(() => project.remove());

  it("has nothing that publint objects to", async () => {
    const { messages } = await publint({ pkgDir: project.built, strict: true, pack: "npm" });
    const manifest = { ...publishedManifest() };
    expect(messages.map((message) => formatMessage(message, manifest))).to.deep.equal([]);
  });

  it("has types wherever ES modules are resolved", async () => {
    const profile = ["--profile", "esm-only", "--format", "json"];
    const { analysis } = JSON.parse(await project.run("attw", project.tarball, ...profile));
    const problems = (analysis.problems as { kind: string; resolutionKind?: string }[]).filter(
      ({ resolutionKind, kind }) => resolutionKind !== "node10" && kind !== "CJSResolvesToESM",
    );
    expect(problems).to.deep.equal([]);
  });

  it("is at most 15 MB in 20 packages, the database's among them", () => {
    const { packages, bytes } = sizeOf(join(project.folder, "node_modules"));
    expect(packages).to.be.within(1, 20);
    expect(bytes).to.be.within(1, 15 * MEBIBYTE);
  });

  it("counts in ES modules, and in CommonJS by require and by await import()", async () => {
    expect(await project.output("esm.mjs", IMPORTS + COUNT, ["node"])).to.deep.equal(COUNTED);
    expect(await project.output("required.cjs", REQUIRES + COUNT, ["node"])).to.deep.equal(COUNTED);
    expect(await project.output("awaited.cjs", AWAITS, ["node"])).to.deep.equal(COUNTED);
  });

  it("counts with few files and no other package, for it is bundled by entry", async () => {
    project.write("loaded.mjs", LOADED_FILES);
    const loaded = JSON.parse(await project.run("node", "loaded.mjs")) as string[];
    expect(loaded.filter((url) => !url.includes("/@mailingcore/billing/"))).to.deep.equal([]);
    expect(loaded.length).to.be.within(1, 25);
  });

  it("says by name what an entry lacks that was not installed", async () => {
    project.write("lacking.mjs", 'import "@mailingcore/billing/stripe";');
    const failed = await project.run("node", "lacking.mjs").catch(String);
    expect(failed).to.contain("Cannot find package 'stripe'");
  });

  it("has types without an error for TypeScript's nodenext, its libraries checked, too", async () => {
    await project.install(["@types/node@24"]);
    const options = { module: "nodenext" };
    expect(await project.typeCheck(USES_TYPES, options)).to.equal("");
    expect(await project.typeCheck("export const wrong: number = '';", options)).to.contain(
      "TS2322",
    );
  });
});

/** How many packages a folder of them holds, and how large its files are, in bytes. */
function sizeOf(modules: string): { packages: number; bytes: number } {
  const entries = readdirSync(modules, { recursive: true, encoding: "utf8" });
  const files = entries.map((entry) => lstatSync(join(modules, entry)));
  const manifests = entries.filter((entry) =>
    /^((.*\/)?node_modules\/)?(@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(entry),
  );
  const bytes = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  return { packages: manifests.length, bytes };
}
