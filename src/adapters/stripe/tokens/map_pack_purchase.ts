import type { PaymentReversal } from "../../../domain/subscription/payment_reversal.ts";
import type { PackPurchase } from "../../../domain/tokens/token_pack.ts";
import { PACK_KIND } from "../checkout/pack_checkout_params.ts";
import type { WireObject } from "../wire_object.ts";
import { TOP_UP_KIND } from "./top_up/top_up_invoice.ts";

/** What to expand in a list of Checkout Sessions, to see the refunds of what they sold. */
export const PACK_SESSION_PARTS = ["data.payment_intent.latest_charge.refunds"];

/** Returns the tenant to whom a Checkout Session sold one of our token packs; `null` for others. */
export function tenantOfPackSession(session: WireObject): string | null {
  const metadata = session.childOrNull("metadata");
  const isPack =
    session.textOrNull("mode") === "payment" && metadata?.textOrNull("kind") === PACK_KIND;
  return isPack ? (metadata?.textOrNull("tenantId") ?? null) : null;
}

/**
 * Maps a Checkout Session to the token pack it sold.
 *
 * @throws {PortError} if the session does not say clearly what it sold
 */
export function mapPackPurchase(
  session: WireObject,
  reversals: readonly PaymentReversal[],
): PackPurchase {
  const amount = session.integer("amount_total");
  const status = session.text("payment_status");
  return {
    ...soldBy(session),
    amount,
    // A promotion code can leave nothing to pay.
    paid: status === "paid" || (status === "no_payment_required" && amount === 0),
    reversals,
  };
}

/** Returns the tenant whose automatic top-up an invoice is for; `null` for others. */
export function tenantOfTopUp(invoice: WireObject): string | null {
  const metadata = invoice.childOrNull("metadata");
  return metadata?.textOrNull("kind") === TOP_UP_KIND ? metadata.textOrNull("tenantId") : null;
}

/**
 * Maps the paid invoice of an automatic top-up to the token pack it sold.
 *
 * @throws {PortError} if the invoice does not say clearly what it sold
 */
export function mapTopUpPurchase(
  invoice: WireObject,
  reversals: readonly PaymentReversal[],
): PackPurchase {
  return { ...soldBy(invoice), amount: invoice.integer("total"), paid: true, reversals };
}

function soldBy(wire: WireObject): Pick<PackPurchase, "sessionId" | "packSlug" | "tokens"> {
  const metadata = wire.child("metadata");
  const tokens = metadata.text("tokens");
  if (!/^[1-9][0-9]{0,14}$/.test(tokens)) {
    throw wire.contradiction("metadata.tokens is not a number of tokens");
  }
  return {
    sessionId: wire.text("id"),
    packSlug: metadata.text("packSlug"),
    tokens: Number(tokens),
  };
}
