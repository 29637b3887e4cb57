import { readFileSync } from "node:fs";
import { expect } from "chai";
import { readSourceTree } from "../architecture/read_source_tree.ts";
import { importGraph, roomGraph } from "../architecture/source_graph.ts";
import { isSandboxVendor, VENDOR_HOMES } from "../architecture/vendor_homes.ts";

const ROOT = new URL("../../", import.meta.url);
const DECISIONS = textOf("docs/decisions.md");
const DEPENDENCIES = DECISIONS.slice(DECISIONS.indexOf("## Dependencies"));

function textOf(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}

/** The packages that a `package.json` names under a key. */
function packagesOf(path: string, key: "dependencies" | "devDependencies"): string[] {
  return Object.keys(JSON.parse(textOf(path))[key] ?? {});
}

describe("docs/decisions.md", () => {
  for (const layer of ["domain", "application"]) {
    const [, line = ""] = new RegExp(`^   ${layer}: +(.+)$`, "m").exec(DECISIONS) ?? [];
    const columns = line.split("|").map((column) => column.trim().split(" "));
    const room = new RegExp(`^src/${layer}/(?!ports/)([^/]+)/`);
    const roomOf = (file: string) => room.exec(file)?.[1] ?? null;
    const rooms = roomGraph(importGraph(readSourceTree(ROOT.pathname)), roomOf);

    it(`names the rooms of the ${layer}`, () => {
      expect(columns.flat()).to.have.members([...rooms.keys()]);
    });

    it(`shows which rooms of the ${layer} use which`, () => {
      const columnOf = (name: string) => columns.findIndex((column) => column.includes(name));
      const wrong = [...rooms].flatMap(([name, used]) =>
        [...used].filter((other) => columnOf(other) >= columnOf(name)).map((to) => [name, to]),
      );
      expect(wrong).to.deep.equal([]);
    });
  }

  it("numbers its decisions one after the other", () => {
    const numbers = [...DECISIONS.matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number));
    expect(numbers).to.deep.equal(numbers.map((_, index) => index + 1));
    expect(numbers).to.not.be.empty;
  });

  const root = packagesOf("package.json", "dependencies");
  const sandbox = packagesOf("sandbox/package.json", "dependencies");

  it("gives a reason for every dependency, and for nothing that is none", () => {
    const table = [...DEPENDENCIES.matchAll(/^\| ([a-z@][^|]+) \|/gm)].flatMap(([, names = ""]) =>
      names.trim().split(", "),
    );
    expect(table.filter((name) => name !== "package")).to.have.members([
      ...new Set([...root, ...sandbox]),
    ]);
  });

  it("names every development dependency but types", () => {
    const named = [...DEPENDENCIES.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    const missing = [
      ...packagesOf("package.json", "devDependencies"),
      ...packagesOf("sandbox/package.json", "devDependencies"),
    ].filter((name) => !name.startsWith("@types/") && !named.includes(name));
    expect(missing).to.deep.equal([]);
  });

  it("knows the place of every dependency, and the sandbox's own", () => {
    const homes = Object.keys(VENDOR_HOMES).filter(
      (name) => !/^(node:|@nestjs\/|react$)/.test(name),
    );
    expect(homes).to.have.members(root);
    expect(sandbox.filter((name) => !isSandboxVendor(name))).to.deep.equal([]);
    expect([...root, "left-pad"].filter(isSandboxVendor)).to.have.members(
      root.filter((name) => sandbox.includes(name)),
    );
  });
});
