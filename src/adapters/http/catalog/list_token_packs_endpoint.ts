import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import type { OfferedPack } from "../../../application/catalog/list_token_packs.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { AMOUNT, COUNT, CURRENCY, closed, listOf, type Shown, TAX } from "../schema.ts";

const TOKEN_PACK = closed(
  {
    slug: Type.String(),
    name: Type.String(),
    tokens: COUNT,
    amount: AMOUNT,
    currency: CURRENCY,
    stripePriceId: Type.String(),
    tax: TAX,
  },
  { title: "TokenPack" },
);

/** `GET /token-packs`: the AI tokens that can be bought beside a plan. */
export function listTokenPacksEndpoint({ listTokenPacks }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/token-packs",
    access: "user",
    summary: "AI tokens that can be bought beside a plan",
    answer: listOf(TOKEN_PACK),
    async handle() {
      const packs = await listTokenPacks.execute();
      return { status: 200, body: { data: packs.map(packBody) } };
    },
  });
}

function packBody(pack: OfferedPack): Shown<typeof TOKEN_PACK> {
  const { slug, name, tokens, amount, currency, priceId, tax } = pack;
  return { slug, name, tokens, amount, currency, stripePriceId: priceId, tax };
}
