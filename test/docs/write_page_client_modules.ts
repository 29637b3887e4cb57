import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pageClientModules } from "./page_client_modules.ts";

for (const [path, text] of pageClientModules()) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
