import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * `npm run --silent sbom`: prints the list of all packages that run in production, as CycloneDX.
 * npm makes it from a project without development dependencies: told to omit them, it also leaves
 * out every package that one of them needs, too.
 */
const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));
const { devDependencies: _, ...project } = read("package.json");
const lock = read("package-lock.json");
const { devDependencies: __, ...root } = lock.packages[""];
const installed = Object.entries<{ dev?: boolean; link?: boolean }>(lock.packages).filter(
  ([path, { dev, link }]) => path.startsWith("node_modules/") && !dev && !link,
);

const outer = mkdtempSync(join(tmpdir(), "sbom-"));
// npm names the project after its folder.
const folder = join(outer, "billing");
mkdirSync(folder);
const write = (file: string, content: object) =>
  writeFileSync(join(folder, file), JSON.stringify(content));
write("package.json", { ...project, workspaces: undefined });
write("package-lock.json", { ...lock, packages: { "": root, ...Object.fromEntries(installed) } });
const options = ["--package-lock-only", "--sbom-type", "application", "--sbom-format", "cyclonedx"];
process.stdout.write(execFileSync("npm", ["sbom", ...options], { cwd: folder, encoding: "utf8" }));
rmSync(outer, { recursive: true });
