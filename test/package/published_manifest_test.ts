import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import { LOADED_BY, publishedManifest } from "../../build/published_manifest.ts";
import manifest from "../../package.json" with { type: "json" };

const run = promisify(execFile);
const WITHOUT_PAYMENTS = ["./quota", "./sqlite"];

/** The packages that an entry imports in a process of its own. */
async function packagesLoadedBy(entry: string): Promise<string[]> {
  const specifier = entry.replace(".", manifest.name);
  const { stdout } = await run(process.execPath, ["test/package/loaded_packages.ts", specifier]);
  return JSON.parse(stdout);
}

describe("the published manifest", () => {
  const { dependencies, peerDependencies, peerDependenciesMeta } = publishedManifest();

  for (const [entry, named] of Object.entries(LOADED_BY)) {
    it(`names what ${entry} loads`, async () => {
      const loaded = await packagesLoadedBy(entry);
      // The page's own packages are sent to browsers, not loaded.
      const sent = entry === "./dashboard" ? ["charts.css", "htm", "preact"] : [];
      expect(loaded).to.have.members(named.filter((name) => !sent.includes(name)));
    });
  }

  it("P40 has nothing for who counts but what is their own: no Stripe, no JWT, no Inversify", async () => {
    for (const entry of WITHOUT_PAYMENTS) {
      expect(await packagesLoadedBy(entry), entry).to.deep.equal([]);
    }
  });

  it("makes peers of what a host need not have", () => {
    expect(Object.keys(dependencies)).to.have.members(["inversify", "reflect-metadata"]);
    expect(Object.keys(peerDependenciesMeta)).to.have.members(Object.keys(peerDependencies));
    expect(peerDependencies).to.include.keys("stripe", "express", "mongoose", "@types/express");
    const elsewhere = [...LOADED_BY["./testing"], ...LOADED_BY["./react"], "ws"];
    expect(Object.keys(manifest.dependencies)).to.include.members(
      Object.keys(peerDependencies).filter(
        (name) => !/^@(types|nestjs)\//.test(name) && !elsewhere.includes(name),
      ),
    );
  });
});
