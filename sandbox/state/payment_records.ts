/** A payment whose method takes days. */
export interface DelayedPayment {
  /** Unix seconds. */
  settlesAt: number;
  succeeds: boolean;
}

/** A payment by bank debit whose money comes, or does not, some days later. */
export interface Debit {
  /** Unix seconds. */
  settlesAt: number;
  succeeds: boolean;
  /** The invoice that it pays; null for a payment of its own. */
  invoice: string | null;
  /** The Checkout Session that it was begun in, if any. */
  session?: string;
}
