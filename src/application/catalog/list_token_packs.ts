import type { TokenPack } from "../../domain/catalog/catalog.ts";
import {
  type PaperworkSettings,
  paperworkOf,
  type TaxBehavior,
  taxOf,
} from "../../domain/catalog/paperwork.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import { requireCatalog } from "./require_catalog.ts";

/** A token pack on offer, with what its price says of tax. */
export interface OfferedPack extends TokenPack {
  readonly tax: TaxBehavior | null;
}

/** Lists the token packs that can be bought. */
export class ListTokenPacks {
  readonly #catalog: CatalogStore;
  readonly #settings: PaperworkSettings;

  constructor(ports: { catalog: CatalogStore }, settings: PaperworkSettings) {
    this.#catalog = ports.catalog;
    this.#settings = settings;
  }

  /**
   * The active packs, fewest tokens first.
   *
   * @throws {PortError} when the catalogue cannot be read
   */
  async execute(): Promise<readonly OfferedPack[]> {
    const { packs } = await requireCatalog(this.#catalog);
    return packs
      .filter(({ active }) => active)
      .toSorted((a, b) => a.tokens - b.tokens)
      .map((pack) => ({ ...pack, tax: taxOf(pack, paperworkOf(pack, this.#settings)) }));
  }
}
