import type { PackPurchase } from "../../src/domain/tokens/token_pack.ts";

/** A paid pack of a thousand tokens, of which nothing was refunded. */
export function samplePack(changes: Partial<PackPurchase> = {}): PackPurchase {
  return {
    sessionId: "cs_1",
    packSlug: "starter",
    tokens: 1_000,
    amount: 500,
    paid: true,
    reversals: [],
    ...changes,
  };
}
