import type { Catalog, TokenPack, TokenPackDefinition } from "../domain/catalog.ts";
import type { CatalogPublisher } from "./ports/catalog_publisher.ts";

/** Token packs as they are at the payment provider, and the lookup keys that got a new price. */
export interface PublishedPacks {
  readonly packs: readonly TokenPack[];
  readonly created: readonly string[];
}

/**
 * Makes the payment provider offer the token packs. Packs that are no longer written stay as
 * inactive ones.
 *
 * @throws {PortError}
 */
export async function publishPacks(
  publisher: CatalogPublisher,
  definitions: readonly TokenPackDefinition[],
  stored: Catalog | undefined,
): Promise<PublishedPacks> {
  const lookupKeys = definitions.map(packLookupKey);
  const published = lookupKeys.length === 0 ? [] : await publisher.prices(lookupKeys);
  const packs: TokenPack[] = [];
  const created: string[] = [];
  for (const definition of definitions) {
    const { slug: packSlug, name, amount, currency } = definition;
    const lookupKey = packLookupKey(definition);
    const known = published.find((price) => price.lookupKey === lookupKey);
    const productId =
      stored?.packs.find(({ slug }) => slug === packSlug)?.productId ??
      known?.productId ??
      `mailingcore_pack_${packSlug}`;
    await publisher.putProduct({ productId, name, packSlug });
    const wanted = { productId, lookupKey, amount, currency, interval: null };
    const isSame =
      known?.productId === productId &&
      known.amount === amount &&
      known.currency === currency &&
      known.interval === null;
    if (!isSame) {
      created.push(lookupKey);
    }
    const { priceId } = isSame ? known : await publisher.createPrice(wanted);
    packs.push({ ...definition, productId, priceId });
  }
  const retired = (stored?.packs ?? [])
    .filter(({ slug }) => !definitions.some((definition) => definition.slug === slug))
    .map((pack) => ({ ...pack, active: false }));
  return { packs: [...packs, ...retired], created };
}

/** The name under which the payment provider finds the current price of a pack. */
export function packLookupKey({ slug }: TokenPackDefinition): string {
  return `mailingcore_pack_${slug}_once`;
}
