import { readFileSync } from "node:fs";
import { expect } from "chai";

/** Licences that let anybody use a package in a closed product, without conditions for the rest of it. */
const ALLOWED = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "ISC",
  "MIT",
];
/** Packages that say it in an older way than the lock file reads. */
const BY_HAND: Readonly<Record<string, string>> = { "node_modules/limiter": "MIT" };

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly integrity?: string;
}

/** The packages that run in production, by where they are installed. */
function inProduction(lock: { packages: Readonly<Record<string, LockedPackage>> }) {
  return Object.entries(lock.packages).filter(
    ([path, { dev, link }]) => path.startsWith("node_modules/") && !dev && !link,
  );
}

/** Those whose licence does not allow what we do. */
function refused(lock: { packages: Readonly<Record<string, LockedPackage>> }): string[] {
  return inProduction(lock)
    .map(([path, { license }]) => [path, license ?? BY_HAND[path] ?? "unknown"] as const)
    .filter(([, license]) => !ALLOWED.includes(license))
    .map(([path, license]) => `${path}: ${license}`);
}

describe("Licences", () => {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));

  it("of all packages that run in production allow it", () => {
    expect(inProduction(lock).length).to.be.greaterThan(50);
    expect(refused(lock)).to.deep.equal([]);
  });

  it("that are unknown, or are not among the allowed ones, are found", () => {
    const packages = {
      "": { license: "GPL-3.0" },
      "node_modules/a": { license: "GPL-3.0" },
      "node_modules/b": {},
      "node_modules/c": { license: "AGPL-3.0-only", dev: true },
      "node_modules/d": { license: "MIT" },
      "node_modules/e": { license: "(MIT OR GPL-2.0)" },
    };
    expect(refused({ packages })).to.deep.equal([
      "node_modules/a: GPL-3.0",
      "node_modules/b: unknown",
      "node_modules/e: (MIT OR GPL-2.0)",
    ]);
  });

  it("that are told by hand are those of packages that are there and say none", () => {
    for (const path of Object.keys(BY_HAND)) {
      expect(lock.packages[path]).to.be.an("object").that.does.not.have.property("license");
    }
  });

  it("come with a hash for every package, so that nobody can exchange one", () => {
    const without = inProduction(lock).filter(([, { integrity }]) => !integrity);
    expect(without.map(([path]) => path)).to.deep.equal([]);
  });
});
