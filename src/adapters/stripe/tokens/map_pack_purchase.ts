import type { PackPurchase, PackReversal } from "../../../domain/tokens/token_pack.ts";
import { PACK_KIND } from "../checkout/pack_checkout_params.ts";
import type { WireObject } from "../wire_object.ts";

/** A dispute holds the money back in these states. Source: Stripe API, "The Dispute object". */
const DISPUTES_IN_FORCE: readonly string[] = ["needs_response", "under_review", "lost"];
/** A refund that did not reach the payer. Source: Stripe API, "The Refund object". */
const FAILED_REFUNDS: readonly string[] = ["failed", "canceled"];

/** Whether a Checkout Session sold one of our token packs for this tenant. */
export function isPackSession(session: WireObject, tenantId: string): boolean {
  const metadata = session.childOrNull("metadata");
  return (
    session.textOrNull("mode") === "payment" &&
    metadata?.textOrNull("kind") === PACK_KIND &&
    metadata.textOrNull("tenantId") === tenantId
  );
}

/**
 * A token pack from the JSON of its Checkout Session.
 *
 * @throws {PortError} where what was sold cannot be read
 */
export function mapPackPurchase(
  session: WireObject,
  reversals: readonly PackReversal[],
): PackPurchase {
  const metadata = session.child("metadata");
  const tokens = metadata.text("tokens");
  if (!/^[1-9][0-9]{0,14}$/.test(tokens)) {
    throw session.contradiction("metadata.tokens is not a number of tokens");
  }
  return {
    sessionId: session.text("id"),
    packSlug: metadata.text("packSlug"),
    tokens: Number(tokens),
    amount: session.integer("amount_total"),
    paid: session.text("payment_status") === "paid",
    reversals,
  };
}

/** A refund from Stripe's JSON; one on its way to the payer counts already. */
export function mapRefund(refund: WireObject): PackReversal {
  const inForce = !FAILED_REFUNDS.includes(refund.textOrNull("status") ?? "");
  return { ...reversalOf(refund), kind: "refund", inForce };
}

/** A dispute from Stripe's JSON; an inquiry is one that has not taken the money. */
export function mapDispute(dispute: WireObject): PackReversal {
  const inForce = DISPUTES_IN_FORCE.includes(dispute.text("status"));
  return { ...reversalOf(dispute), kind: "dispute", inForce };
}

function reversalOf(wire: WireObject): Pick<PackReversal, "id" | "createdAt" | "amount"> {
  return { id: wire.text("id"), createdAt: wire.date("created"), amount: wire.integer("amount") };
}
