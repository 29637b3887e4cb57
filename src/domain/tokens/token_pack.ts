/** A payment for a token pack that was taken back, in part or whole, or is disputed. */
export interface PackReversal {
  /** The refund's or dispute's id at the payment provider. */
  readonly id: string;
  readonly kind: "refund" | "dispute";
  readonly createdAt: Date;
  /** Minor units. */
  readonly amount: number;
  /**
   * Whether the money is away: a refund that has not failed, a dispute that is open or lost. A
   * dispute that was won and an inquiry without a withdrawal are not.
   */
  readonly inForce: boolean;
}

/** A token pack that was bought, as the payment provider knows it at one moment. */
export interface PackPurchase {
  /** The Checkout session: the fact that is credited once (P23). */
  readonly sessionId: string;
  readonly packSlug: string;
  /** Tokens that were sold, whatever the catalogue says today. */
  readonly tokens: number;
  /** What was paid for them. Minor units. */
  readonly amount: number;
  /** Whether the money has come; delayed payment methods take days (P29). */
  readonly paid: boolean;
  readonly reversals: readonly PackReversal[];
}

/**
 * The tokens of a purchase that were paid back, for the reversals in force (P29): the same share of
 * the tokens as of the money, rounded down, and never more than were sold.
 */
export function reversedTokens(
  { tokens, amount }: Pick<PackPurchase, "tokens" | "amount">,
  reversals: readonly Pick<PackReversal, "amount">[],
): number {
  if (amount === 0) {
    return 0;
  }
  const taken = reversals.reduce((sum, reversal) => sum + reversal.amount, 0);
  const share = (BigInt(tokens) * BigInt(Math.min(taken, amount))) / BigInt(amount);
  return Number(share);
}
