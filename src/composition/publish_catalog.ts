import { CatalogFileError, readCatalogFile } from "../adapters/catalog_file/catalog_file.ts";
import type { CatalogChange } from "../application/catalog/catalog_plan.ts";
import type { SyncCatalog, SyncCatalogOptions } from "../application/catalog/sync_catalog.ts";

/**
 * Publishes the plans file and returns what was or, in a dry run, would be changed.
 *
 * @throws {CatalogFileError} when the file describes no catalogue
 */
export async function publishCatalog(
  plansFile: string,
  syncCatalog: SyncCatalog,
  options?: SyncCatalogOptions,
): Promise<readonly CatalogChange[]> {
  const outcome = await syncCatalog.execute(await readCatalogFile(plansFile), options);
  if (outcome.type === "invalid") {
    throw new CatalogFileError(`Cannot use ${plansFile}: ${outcome.problems.join("; ")}`);
  }
  return outcome.changes;
}
