import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import type { SourceTree } from "./source_graph.ts";

const FOLDERS = ["src", "sandbox", "test", "bench"];

/** The sources of the project; those for browsers are JavaScript. */
export function readSourceTree(root: string): SourceTree {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(root).includes(folder)
      ? readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) =>
          join(folder, file).split(sep).join("/"),
        )
      : [],
  ).filter((file) => /\.[tj]s$/.test(file) && !/(^|\/)(node_modules|dist)\//.test(file));
  return new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
}
