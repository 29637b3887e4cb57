import { execFile } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { publishedManifest } from "../../build/published_manifest.ts";
import { temporaryFolder } from "../rig/temporary_folder.ts";

const run = promisify(execFile);
const BIN = resolve("node_modules/.bin");
const MEBIBYTE = 1_048_576;

/** Counts two e-mails of a tenant and prints what is used; `quota` and `sqlite` are the entries. */
const COUNT = `
  const store = sqlite.openSqliteStore(":memory:");
  const plan = { slug: "free", name: "Free", rank: 1, active: true, monthlyEmailLimit: 100,
    tokensIncludedMonth: 0, maxDomains: 1, maxMembers: 1, maxTemplates: 1, productId: null, prices: [] };
  const catalog = { revision: 0, plans: [plan], packs: [], portalConfigurationId: null,
    planChangeConfigurationId: null };
  store.catalog.save(catalog).then(async () => {
    const billing = quota.createQuota({ store });
    const { quota: { used } } = await billing.consumeEmailQuota.execute({ tenantId: "clacme0001", count: 2 });
    const { allowed } = await billing.checkLimit.execute({ tenantId: "clacme0001", of: "domains", count: 2 });
    await billing.close();
    console.log(JSON.stringify({ used, allowed }));
  });
`;
const IMPORTS = `import * as quota from "@mailingcore/billing/quota";
import * as sqlite from "@mailingcore/billing/sqlite";
`;
const REQUIRES = `const quota = require("@mailingcore/billing/quota");
const sqlite = require("@mailingcore/billing/sqlite");
`;
const AWAITS = `(async () => {
  const quota = await import("@mailingcore/billing/quota");
  const sqlite = await import("@mailingcore/billing/sqlite");
  ${COUNT}
})();
`;
const USES_TYPES = `import { createBilling, type EmbeddedBilling } from "@mailingcore/billing";
import { createQuota, quotaGuard } from "@mailingcore/billing/quota";
import { openSqliteStore } from "@mailingcore/billing/sqlite";
const quota = createQuota({ store: openSqliteStore(":memory:"), settings: { graceDays: 3 } });
export const guard = quotaGuard(quota, { count: () => 1, tenant: () => "clacme0001" });
export const create: (options: Parameters<typeof createBilling>[0]) => EmbeddedBilling = createBilling;
// @ts-expect-error a count is a number
quota.consumeEmailQuota.execute({ tenantId: "clacme0001", count: "2" });
`;
const USES_ALL_TYPES = `${USES_TYPES}
import { createDashboard } from "@mailingcore/billing/dashboard";
import { createBillingRouter, quotaGuard as expressGuard } from "@mailingcore/billing/express";
import { openMongoStore } from "@mailingcore/billing/mongodb";
import { connectStripe } from "@mailingcore/billing/stripe";
import express from "express";
const app = express();
app.post("/", expressGuard(quota, { count: (request) => request.body.to.length, tenant: () => "" }));
export const mount = (options: Parameters<typeof createBillingRouter>[0]) =>
  app.use("/billing", createBillingRouter(options));
export { connectStripe, createDashboard, openMongoStore };
`;

describe("the published package", function () {
  this.timeout(600_000);
  const folder = temporaryFolder();
  const inFolder = (...parts: string[]) => join(folder.path, ...parts);
  const env = { ...process.env, PATH: `${BIN}:${process.env.PATH}` };
  const project = inFolder("project");
  let tarball = "";

  before(async () => {
    await run("node", ["build/build.ts", inFolder("dist")], { env });
    const packed = await run("npm", ["pack", "--json", inFolder("dist")], {
      cwd: folder.path,
      env,
    });
    tarball = inFolder(JSON.parse(packed.stdout)[0].filename);
    mkdirSync(project);
    write("package.json", JSON.stringify({ name: "empty", private: true, type: "module" }));
    await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", tarball], {
      cwd: project,
      env,
    });
  });
  after(() => folder.remove());

  function write(name: string, text: string): void {
    writeFileSync(join(project, name), text);
  }

  /** What a program of the project prints, run by a command. */
  async function output(name: string, text: string, command: readonly string[]): Promise<unknown> {
    write(name, text);
    const [program = "", ...rest] = command;
    const { stdout } = await run(program, [...rest, name], { cwd: project, env });
    return JSON.parse(stdout);
  }

  /** Type checks a source as a project of TypeScript does that trusts no library. */
  async function typeCheck(source: string, compilerOptions: object): Promise<string> {
    write("uses.ts", source);
    const strict = { strict: true, noEmit: true, skipLibCheck: false, target: "es2024" };
    const options = { ...strict, types: ["node"], ...compilerOptions };
    write("tsconfig.json", JSON.stringify({ compilerOptions: options, files: ["uses.ts"] }));
    try {
      return (await run(join(BIN, "tsc"), ["-p", "."], { cwd: project, env })).stdout;
    } catch (error) {
      return String(Reflect.get(Object(error), "stdout"));
    }
  }

  it("has nothing that publint objects to", async () => {
    const { messages } = await publint({ pkgDir: inFolder("dist"), strict: true, pack: "npm" });
    const manifest = { ...publishedManifest() };
    expect(messages.map((message) => formatMessage(message, manifest))).to.deep.equal([]);
  });

  it("has types wherever ES modules are resolved", async () => {
    const checked = await run("attw", [tarball, "--profile", "esm-only", "--format", "json"], {
      env,
    });
    const { analysis } = JSON.parse(checked.stdout);
    const problems = (analysis.problems as { kind: string; resolutionKind?: string }[]).filter(
      ({ resolutionKind, kind }) => resolutionKind !== "node10" && kind !== "CJSResolvesToESM",
    );
    expect(problems).to.deep.equal([]);
  });

  it("is at most 15 MB in 20 packages, the database's among them", () => {
    const { packages, bytes } = sizeOf(join(project, "node_modules"));
    expect(packages).to.be.within(1, 20);
    expect(bytes).to.be.within(1, 15 * MEBIBYTE);
  });

  const counted = { used: 2, allowed: false };

  it("counts in ES modules, and in CommonJS by require and by await import()", async () => {
    expect(await output("esm.mjs", IMPORTS + COUNT, ["node"])).to.deep.equal(counted);
    expect(await output("required.cjs", REQUIRES + COUNT, ["node"])).to.deep.equal(counted);
    expect(await output("awaited.cjs", AWAITS, ["node"])).to.deep.equal(counted);
  });

  it("says by name what an entry lacks that was not installed", async () => {
    write("lacking.mjs", 'import "@mailingcore/billing/stripe";');
    const failed = await run("node", ["lacking.mjs"], { cwd: project, env }).catch(String);
    expect(failed).to.contain("Cannot find package 'stripe'");
  });

  it("counts in Deno", async () => {
    const command = [
      "npx",
      "--yes",
      "deno@2.9.6",
      "run",
      "--no-prompt",
      "--allow-read",
      "--allow-env",
    ];
    expect(await output("deno.mjs", IMPORTS + COUNT, command)).to.deep.equal(counted);
  });

  it("loads in Bun, which has no node:sqlite of its own to count in", async () => {
    const text = `import { createQuota } from "@mailingcore/billing/quota";
import { createBilling } from "@mailingcore/billing";
console.log(JSON.stringify([typeof createQuota, typeof createBilling]));`;
    const command = ["npx", "--yes", "bun@1.4.5", "run"];
    expect(await output("bun.mjs", text, command)).to.deep.equal(["function", "function"]);
  });

  for (const [name, options] of [
    ["nodenext", { module: "nodenext" }],
    ["bundler", { module: "preserve", moduleResolution: "bundler" }],
  ] as const) {
    it(`has types without an error for TypeScript's ${name}, its libraries checked, too`, async () => {
      await install(["@types/node@24"]);
      expect(await typeCheck(USES_TYPES, options)).to.equal("");
      expect(await typeCheck("export const wrong: number = '';", options)).to.contain("TS2322");
    });
  }

  it("has types without an error for all entries, with the peers that they name", async () => {
    const { peerDependencies } = publishedManifest();
    await install(Object.entries(peerDependencies).map(([name, version]) => `${name}@${version}`));
    const options = { module: "nodenext" };
    const errors = (await typeCheck(USES_ALL_TYPES, options)).split("\n");
    expect(errors.filter((line) => /^(uses\.ts|node_modules\/@mailingcore)/.test(line))).to.be
      .empty;
  });

  async function install(packages: readonly string[]): Promise<void> {
    await run(
      "npm",
      ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", ...packages],
      { cwd: project, env },
    );
  }
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
