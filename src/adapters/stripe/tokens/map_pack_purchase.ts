import type { PaymentReversal } from "../../../domain/subscription/payment_reversal.ts";
import type { PackPurchase } from "../../../domain/tokens/token_pack.ts";
import { PACK_KIND } from "../checkout/pack_checkout_params.ts";
import type { WireObject } from "../wire_object.ts";
import { TOP_UP_KIND } from "./top_up/top_up_invoice.ts";

/** What to expand in a list of Checkout Sessions, to see the refunds of what they sold. */
export const PACK_SESSION_PARTS = ["data.payment_intent.latest_charge.refunds"];

/** A number of tokens, as metadata says it. */
const TOKENS = /^[1-9][0-9]{0,14}$/;

/**
 * Returns the tenant for whom something of a kind bought a pack; `null` if its metadata does not say
 * whose, which and how many tokens: then nobody can credit it, and no other purchase waits for it.
 */
export function buyerOf(wire: WireObject, kind: string): string | null {
  const metadata = wire.childOrNull("metadata");
  const isClear =
    metadata?.textOrNull("kind") === kind &&
    metadata.textOrNull("packSlug") !== null &&
    TOKENS.test(metadata.textOrNull("tokens") ?? "");
  return isClear ? metadata.textOrNull("tenantId") : null;
}

/** Returns the tenant to whom a Checkout Session sold one of our token packs; `null` for others. */
export function tenantOfPackSession(session: WireObject): string | null {
  return session.textOrNull("mode") === "payment" ? buyerOf(session, PACK_KIND) : null;
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
  return buyerOf(invoice, TOP_UP_KIND);
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
  if (!TOKENS.test(tokens)) {
    throw wire.contradiction("metadata.tokens is not a number of tokens");
  }
  return {
    sessionId: wire.text("id"),
    packSlug: metadata.text("packSlug"),
    tokens: Number(tokens),
  };
}
