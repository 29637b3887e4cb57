import type { Catalog } from "../../../domain/catalog/catalog.ts";

/** Keeps the current catalogue. Every method throws `PortError`. */
export interface CatalogStore {
  /** Returns the catalogue; `undefined` before the first synchronisation. */
  read(): Promise<Catalog | undefined>;

  /**
   * Saves the catalogue under the next revision if the stored one is still at `catalog.revision`
   * (0: none stored). Otherwise returns `conflict` and changes nothing. Atomic.
   */
  save(catalog: Catalog): Promise<"saved" | "conflict">;
}
