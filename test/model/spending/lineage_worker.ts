import { parentPort, workerData } from "node:worker_threads";
import { readCatalogFile } from "../../../src/adapters/catalog_file/catalog_file.ts";
import { World } from "../world.ts";
import { evolve, type Lineage } from "./evolve.ts";

const template = await World.prepare(await readCatalogFile("plans.json"));
for (const lineage of workerData as readonly Lineage[]) {
  const { tally, ...bred } = await evolve(lineage, template);
  parentPort?.postMessage({ ...bred, lineage, counts: tally.entries() });
}
