import { copyOf } from "../../state/copy_of.ts";
import { newSessionId } from "../../state/ids.ts";
import type { WireCheckoutSession } from "../../state/wire.ts";
import { invalidRequest } from "../request_error.ts";
import type { Transaction } from "../transaction.ts";

const DAY_SECONDS = 86_400;
const KEPT_SECONDS = 30 * DAY_SECONDS;

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

/**
 * Opens the copy of an expired session that its recovery address leads to; emits nothing. Source:
 * docs.stripe.com/payments/checkout/abandoned-carts.
 * @throws {RequestError} where it cannot be recovered, or not any more
 */
export function recoverSession(tx: Transaction, expired: WireCheckoutSession): WireCheckoutSession {
  const { recovery } = expired.after_expiration ?? {};
  const details = tx.state.checkoutDetails.get(expired.id);
  const until = recovery?.expires_at ?? 0;
  if (recovery?.enabled !== true || details === undefined || until <= tx.now) {
    throw invalidRequest("This checkout cannot be taken up again.");
  }
  const id = newSessionId();
  const session: WireCheckoutSession = {
    ...copyOf(expired),
    id,
    after_expiration: { recovery: { ...recovery, expires_at: null, url: null } },
    allow_promotion_codes: recovery.allow_promotion_codes || expired.allow_promotion_codes,
    created: tx.now,
    expires_at: tx.now + DAY_SECONDS,
    recovered_from: expired.id,
    status: "open",
    url: `${tx.baseUrl}/c/pay/${id}`,
  };
  tx.state.checkoutSessions.set(id, session);
  tx.state.checkoutDetails.set(id, copyOf(details));
  return session;
}
