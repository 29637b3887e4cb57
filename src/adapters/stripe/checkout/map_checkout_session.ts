import type { CheckoutSession } from "../../../application/ports/subscription/payment_gateway.ts";
import type { WireObject } from "../wire_object.ts";

/**
 * Maps a Checkout Session; returns `null` if it is no longer open.
 *
 * @throws {PortError} if a field is missing or unreadable
 */
export function mapCheckoutSession(wire: WireObject): CheckoutSession | null {
  const url = wire.textOrNull("url");
  return url === null ? null : { id: wire.text("id"), url, attempt: attemptOf(wire) };
}

function attemptOf(wire: WireObject): number | null {
  const metadata = wire.childOrNull("metadata");
  const attempt = metadata?.textOrNull("attempt") ?? "";
  const ours = (metadata?.textOrNull("tenantId") ?? null) !== null;
  return ours && /^\d{1,15}$/.test(attempt) ? Number(attempt) : null;
}
