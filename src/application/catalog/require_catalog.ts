import type { Catalog } from "../../domain/catalog/catalog.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import { PortError } from "../ports/port_error.ts";

/**
 * The catalogue in force.
 *
 * @throws {PortError} transient until a catalogue was synchronised
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
