import { createHash } from "node:crypto";
import { copyFileSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { makeOnce, run } from "../../mongodb_server/build_once.ts";

const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/clients", import.meta.url));

/** A client that was installed, and the folder it is in; or why it is not there. */
export type Installed = { readonly folder: string } | { readonly reason: string };

/** The file of that name in this folder. */
export function sourceFile(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** A Python environment with the packages of a requirements file; `bin/python` runs it. */
export function installPython(requirements: string): Promise<Installed> {
  return install("python", [requirements], async (folder) => {
    await run("python3", ["-m", "venv", folder]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    await run(join(folder, "bin/python"), [...pip, "-r", sourceFile(requirements)]);
  });
}

/** A program built from a Go module in this folder; it has the folder's name. */
export function installGo(module: string): Promise<Installed> {
  const files = ["go.mod", "go.sum", "main.go", "discover.go", "fill.go"];
  const sources = files.map((file) => `${module}/${file}`);
  return install("go", sources, async (folder) => {
    await run("go", ["build", "-o", join(folder, "program"), "."], { cwd: sourceFile(module) });
  });
}

/** A folder with the npm packages of a package.json and all files beside it that are named. */
export function installNpm(manifest: string, files: readonly string[] = []): Promise<Installed> {
  return install("npm", [manifest, ...files], async (folder) => {
    for (const file of [manifest, ...files]) {
      copyFileSync(sourceFile(file), join(folder, basename(file)));
    }
    await run("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], { cwd: folder });
  });
}

/**
 * Declares the tests of a client that was installed. Where it could not be, one test says so; it
 * fails where REQUIRE_STRIPE_CLIENTS is set.
 */
export function describeClient(
  title: string,
  installed: Installed,
  tests: (folder: string) => void,
): void {
  describe(title, function () {
    this.timeout(600_000);
    if ("folder" in installed) {
      tests(installed.folder);
      return;
    }
    it("DID NOT RUN, which is allowed where REQUIRE_STRIPE_CLIENTS is not set", () => {
      expect(process.env.REQUIRE_STRIPE_CLIENTS, installed.reason).to.not.equal("1");
    });
  });
}

async function install(
  kind: string,
  sources: readonly string[],
  build: (folder: string) => Promise<void>,
): Promise<Installed> {
  const hash = createHash("sha256").update(kind);
  for (const source of sources) {
    hash.update(readFileSync(sourceFile(source)));
  }
  try {
    const name = `${kind}_${hash.digest("hex").slice(0, 16)}`;
    return { folder: await makeOnce(join(CACHE, name), build) };
  } catch (error) {
    return { reason: String(error instanceof Error ? error.message : error) };
  }
}
