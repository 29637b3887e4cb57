import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect } from "chai";

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly unknown[];
  readonly hashes?: readonly { readonly alg: string }[];
}

describe("npm run sbom", () => {
  it("lists what runs in production, as CycloneDX, and nothing that does not", () => {
    const text = execFileSync("npm", ["run", "--silent", "sbom"], { encoding: "utf8" });
    const { bomFormat, specVersion, components } = JSON.parse(text) as {
      bomFormat: string;
      specVersion: string;
      components: readonly Component[];
    };
    expect([bomFormat, specVersion]).to.deep.equal(["CycloneDX", "1.5"]);
    const names = components.map(({ name }) => name);
    const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(names).to.include.members(Object.keys(dependencies));
    expect(names).to.not.include.members(["mocha", "typescript"]);
    expect(Object.keys(devDependencies)).to.include.members(["mocha", "typescript"]);
    for (const { name, version, purl, hashes } of components) {
      expect(purl, name).to.match(/^pkg:npm\//);
      expect(purl, name).to.include(`@${version}`);
      expect(hashes?.[0]?.alg, name).to.equal("SHA-512");
    }
  });
});
