import type { Tables } from "../../sandbox/state/state.ts";

/** The provider's books about single payments. */
export type PaymentBooks = Tables<"checkoutSessions" | "paymentIntents" | "refunds" | "disputes">;

const MONEY_IS_AWAY = ["needs_response", "under_review", "lost"];

/**
 * The tokens of the packs that a tenant has paid for and not got its money back: of a pack of which
 * a share of the money went back, the same share of the tokens. Shares no code with the service.
 *
 * @param tokensOf what a pack holds, by its price in minor units
 */
export function expectedPackTokens(
  books: PaymentBooks,
  tokensOf: Readonly<Record<number, number>>,
  tenantId: string,
): number {
  let tokens = 0;
  for (const session of books.checkoutSessions.values()) {
    const isPaid = session.mode === "payment" && session.payment_status === "paid";
    if (isPaid && session.client_reference_id === tenantId) {
      const price = session.amount_total ?? 0;
      const sold = tokensOf[price] ?? Number.NaN;
      const away = Math.min(price, moneyAway(books, String(session.payment_intent)));
      tokens += sold - Math.floor((sold * away) / price);
    }
  }
  return tokens;
}

function moneyAway({ paymentIntents, refunds, disputes }: PaymentBooks, intentId: string): number {
  const charge = paymentIntents.get(intentId)?.latest_charge;
  const refunded = [...refunds.values()].filter(
    (refund) => refund.charge === charge && refund.status !== "failed",
  );
  const disputed = [...disputes.values()].filter(
    (dispute) => dispute.charge === charge && MONEY_IS_AWAY.includes(dispute.status),
  );
  return [...refunded, ...disputed].reduce((sum, { amount }) => sum + amount, 0);
}
