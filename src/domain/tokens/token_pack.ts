import type { PaymentReversal } from "../subscription/payment_reversal.ts";

/** A bought token pack, as the payment provider knows it at one moment. */
export interface PackPurchase {
  /** The Checkout session, or the invoice of a top-up: the fact that is credited once (P23). */
  readonly sessionId: string;
  readonly packSlug: string;
  /** Tokens sold, whatever the catalogue says today. */
  readonly tokens: number;
  /** The price paid, in minor units. */
  readonly amount: number;
  /** Whether the money has arrived; delayed payment methods take days (P29). */
  readonly paid: boolean;
  readonly reversals: readonly PaymentReversal[];
}

/** Sums up what the refunds and disputes that are in force have taken. Minor units. */
export function takenBack(reversals: readonly PaymentReversal[]): number {
  return reversals.reduce((sum, { inForce, amount }) => sum + (inForce ? amount : 0), 0);
}

/**
 * Returns how many of a purchase's tokens its reversals in force take back (P29): the same share of
 * the tokens as of the money, rounded down and never more than were sold.
 */
export function reversedTokens(
  { tokens, amount }: Pick<PackPurchase, "tokens" | "amount">,
  reversals: readonly Pick<PaymentReversal, "amount">[],
): number {
  if (amount === 0) {
    return 0;
  }
  const taken = reversals.reduce((sum, reversal) => sum + reversal.amount, 0);
  const share = (BigInt(tokens) * BigInt(Math.min(taken, amount))) / BigInt(amount);
  return Number(share);
}
