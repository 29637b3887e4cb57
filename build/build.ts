import { execFileSync } from "node:child_process";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { bundleEntries } from "./bundle_entries.ts";
import { outputFolder } from "./output_folder.ts";
import { publishedManifest } from "./published_manifest.ts";

const CLIENT = "src/adapters/dashboard/client";
const folder = outputFolder("dist");

rmSync(folder, { recursive: true, force: true });
execFileSync("tsc", ["-p", "tsconfig.build.json", "--outDir", folder], { stdio: "inherit" });
cpSync(CLIENT, `${folder}/${CLIENT}`, { recursive: true });
for (const file of ["README.md", "LICENSE", "CHANGELOG.md"]) {
  cpSync(file, `${folder}/${file}`);
}
const published = publishedManifest();
const entries = Object.values(published.exports).map((entry) => entry.default);
await bundleEntries(folder, { entries, served: CLIENT });
writeFileSync(`${folder}/package.json`, `${JSON.stringify(published, null, 2)}\n`);
