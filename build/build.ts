import { execFileSync } from "node:child_process";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { publishedManifest } from "./published_manifest.ts";

const CLIENT = "src/adapters/dashboard/client";
const folder = process.argv[2] ?? "dist";

rmSync(folder, { recursive: true, force: true });
execFileSync("tsc", ["-p", "tsconfig.build.json", "--outDir", folder], { stdio: "inherit" });
cpSync(CLIENT, `${folder}/${CLIENT}`, { recursive: true });
for (const file of ["README.md", "LICENSE", "CHANGELOG.md"]) {
  cpSync(file, `${folder}/${file}`);
}
writeFileSync(`${folder}/package.json`, `${JSON.stringify(publishedManifest(), null, 2)}\n`);
