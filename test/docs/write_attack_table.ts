import { readFile, writeFile } from "node:fs/promises";
import { withAttackTable } from "./attack_table.ts";

const path = "docs/decisions.md";
await writeFile(path, withAttackTable(await readFile(path, "utf8")));
