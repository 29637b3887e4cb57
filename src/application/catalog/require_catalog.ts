import type { Catalog } from "../../domain/catalog/catalog.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import { PortError } from "../ports/port_error.ts";

/**
 * Returns the current catalogue.
 *
 * @throws {PortError} transient until a catalogue has been synchronised
 */
export async function requireCatalog(store: CatalogStore): Promise<Catalog> {
  const catalog = await store.read();
  if (catalog === undefined) {
    throw new PortError("Cannot read the catalogue: it was never synchronised", {
      transient: true,
    });
  }
  return catalog;
}
