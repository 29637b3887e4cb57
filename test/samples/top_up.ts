import { newTopUp, type TopUp } from "../../src/domain/tokens/top_up.ts";
import { TENANT } from "./account.ts";
import { afterNow } from "./dates.ts";

/** A top-up with everything in it, of which a purchase is under way. */
export function sampleTopUp(changes: Partial<TopUp> = {}): TopUp {
  return {
    ...newTopUp(TENANT),
    enabled: true,
    belowTokens: 1_000,
    packSlug: "growth",
    maxPerMonth: 3,
    month: "2026-03",
    bought: 1,
    settledSeq: 7,
    open: {
      seq: 9,
      packSlug: "growth",
      tokens: 50_000,
      priceId: "price_growth",
      currency: "eur",
      startedAt: "2026-03-15T12:00:00.000Z",
      month: "2026-03",
    },
    dueAt: afterNow(1_000),
    stopped: {
      at: "2026-03-14T12:00:00.000Z",
      seq: 6,
      packSlug: "growth",
      reason: "card_declined",
    },
    ...changes,
  };
}
