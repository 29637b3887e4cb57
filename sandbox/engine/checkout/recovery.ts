import type { WireCheckoutSession } from "../../state/wire.ts";
import type { Transaction } from "../transaction.ts";

const KEPT_SECONDS = 30 * 86_400;

/** How an expired session can be taken up again, where it was opened to be. */
export function recoveryOf(
  tx: Transaction,
  { id, after_expiration: after }: WireCheckoutSession,
): WireCheckoutSession["after_expiration"] {
  if (after?.recovery?.enabled !== true) {
    return after;
  }
  const url = `${tx.baseUrl}/c/pay/${id}/recover`;
  return { ...after, recovery: { ...after.recovery, expires_at: tx.now + KEPT_SECONDS, url } };
}
