import type { Billing } from "../../../application/billing.ts";
import type { TokenPack } from "../../../domain/catalog/catalog.ts";
import type { Endpoint } from "../endpoint.ts";

/** `GET /token-packs`: the AI tokens that can be bought beside a plan. */
export function listTokenPacksEndpoint({ listTokenPacks }: Billing): Endpoint {
  return {
    method: "get",
    path: "/token-packs",
    access: "user",
    async handle() {
      const packs = await listTokenPacks.execute();
      return { status: 200, body: { data: packs.map(packBody) } };
    },
  };
}

function packBody({ slug, name, tokens, amount, currency, priceId }: TokenPack) {
  return { slug, name, tokens, amount, currency, stripePriceId: priceId };
}
