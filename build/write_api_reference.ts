import { execFileSync } from "node:child_process";
import manifest from "../package.json" with { type: "json" };

/** The release of TypeScript that has an API for programs; ours is a program itself. */
const PACKAGES = ["typedoc@0.28.20", "typescript@6.0"];

/** Writes what the package's entries export as pages, from the comments, into a folder. */
const folder = process.argv[2] ?? "docs/api";
execFileSync(
  "npx",
  [
    "--yes",
    ...PACKAGES.flatMap((name) => ["--package", name]),
    "typedoc",
    ...Object.values(manifest.exports).flatMap((source) => ["--entryPoints", source]),
    ...["--tsconfig", "tsconfig.build.json", "--out", folder, "--name", manifest.name],
    ...["--readme", "docs/embedding.md", "--excludeInternal", "--skipErrorChecking"],
  ],
  { stdio: "inherit" },
);
