/** What an account does about payments that fail, which Stripe's dashboard sets. */
export interface DunningSettings {
  /** Days between a declined attempt and the next. */
  retryDays: number[];
  /** What becomes of the subscription after the last attempt; `past_due` leaves it as it is. */
  subscription: "cancel" | "past_due" | "pause" | "unpaid";
  /** What becomes of the invoice after the last attempt. */
  invoice: "open" | "uncollectible";
}

/** Three further attempts within 15 days, then the subscription ends. */
export function usualDunning(): DunningSettings {
  return { retryDays: [3, 5, 7], subscription: "cancel", invoice: "open" };
}
