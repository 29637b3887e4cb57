import type { TokenPack } from "../../domain/catalog/catalog.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import { requireCatalog } from "./require_catalog.ts";

/** Lists the token packs that can be bought. */
export class ListTokenPacks {
  readonly #catalog: CatalogStore;

  constructor(ports: { catalog: CatalogStore }) {
    this.#catalog = ports.catalog;
  }

  /**
   * The active packs, fewest tokens first.
   *
   * @throws {PortError} when the catalogue cannot be read
   */
  async execute(): Promise<readonly TokenPack[]> {
    const { packs } = await requireCatalog(this.#catalog);
    return packs.filter(({ active }) => active).toSorted((a, b) => a.tokens - b.tokens);
  }
}
