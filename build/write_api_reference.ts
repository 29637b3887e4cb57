import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import manifest from "../package.json" with { type: "json" };
import { outputFolder } from "./output_folder.ts";

/** The release of TypeScript that has an API for programs; ours is a program itself. */
const PACKAGES = ["typedoc@0.28.20", "typescript@6.0"];
const ENTRIES = "node_modules/.cache/api_entries";

/** Writes what the package's entries export as pages, from the comments, into a folder. */
const folder = outputFolder("docs/api");
rmSync(ENTRIES, { recursive: true, force: true });
mkdirSync(ENTRIES, { recursive: true });
const files = Object.entries(manifest.exports).map(([entry, source]) => {
  const file = `${ENTRIES}/${entry.replace("./", "").replace(".", "billing")}.ts`;
  const name = entry.replace(".", manifest.name);
  const exported = source.replace("./", "../../../");
  // A module is called as it is imported, not as its source is.
  const [comment = "/** @module */"] =
    /^\/\*\*.*?@module.*?\*\//s.exec(readFileSync(source, "utf8")) ?? [];
  const named = comment.replace("@module", `@module ${name}`);
  writeFileSync(file, `${named}\nexport * from "${exported}";\n`);
  return file;
});
const settings = { extends: "../../../tsconfig.build.json", include: ["*.ts"], exclude: [] };
writeFileSync(`${ENTRIES}/tsconfig.json`, JSON.stringify({ ...settings, files: [] }));
execFileSync(
  "npx",
  [
    "--yes",
    ...PACKAGES.flatMap((name) => ["--package", name]),
    "typedoc",
    ...files.flatMap((file) => ["--entryPoints", file]),
    ...["--tsconfig", `${ENTRIES}/tsconfig.json`, "--out", folder, "--name", manifest.name],
    ...["--readme", "docs/embedding.md", "--excludeInternal", "--skipErrorChecking"],
  ],
  { stdio: "inherit" },
);
