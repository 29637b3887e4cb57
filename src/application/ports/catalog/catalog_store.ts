import type { Catalog } from "../../../domain/catalog/catalog.ts";

/** Keeps the catalogue in force. Every method throws `PortError`. */
export interface CatalogStore {
  /** The catalogue, or `undefined` before the first synchronisation. */
  read(): Promise<Catalog | undefined>;

  /**
   * Saves the catalogue if the stored one is still at `catalog.revision` (0: none stored), then
   * stores it with the next revision; else answers `conflict` and changes nothing.
   */
  save(catalog: Catalog): Promise<"saved" | "conflict">;
}
