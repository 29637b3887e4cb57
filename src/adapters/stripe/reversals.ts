import type { Stripe } from "stripe";
import type { PaymentReversal } from "../../domain/subscription/payment_reversal.ts";
import { listAll, readAll } from "./list_all.ts";
import type { WireObject } from "./wire_object.ts";

const LARGEST_PAGE = 100;
/** States in which a dispute withholds the money. Source: Stripe API, "The Dispute object". */
const DISPUTES_IN_FORCE: readonly string[] = ["needs_response", "under_review", "lost"];
/** States of a refund that did not reach the payer. Source: Stripe API, "The Refund object". */
const FAILED_REFUNDS: readonly string[] = ["failed", "canceled"];

/**
 * Lists the refunds and disputes of a charge. Reads its `refunds` anew unless the charge includes
 * them all.
 *
 * @throws {PortError}
 */
export async function reversalsOf(stripe: Stripe, charge: WireObject): Promise<PaymentReversal[]> {
  const disputes = charge.flag("disputed") ? await disputesOf(stripe, charge.text("id")) : [];
  return [...(await refundsOf(stripe, charge)).map(mapRefund), ...disputes.map(mapDispute)];
}

/**
 * Lists the refunds and disputes of what a Checkout Session sold, whose charge was expanded.
 *
 * @throws {PortError}
 */
export async function reversalsOfSession(
  stripe: Stripe,
  session: WireObject,
): Promise<PaymentReversal[]> {
  const charge = session.childOrNull("payment_intent")?.childOrNull("latest_charge") ?? null;
  return charge === null ? [] : await reversalsOf(stripe, charge);
}

async function refundsOf(stripe: Stripe, charge: WireObject): Promise<readonly WireObject[]> {
  const embedded = charge.childOrNull("refunds");
  if (embedded !== null && !embedded.flag("has_more")) {
    return embedded.objects("data");
  }
  const id = charge.text("id");
  const action = `list the refunds of charge "${id}"`;
  return await readAll(
    listAll({ action, object: "refund" }, (cursor) =>
      stripe.refunds.list({ charge: id, limit: LARGEST_PAGE, ...cursor }),
    ),
  );
}

async function disputesOf(stripe: Stripe, charge: string): Promise<WireObject[]> {
  const action = `list the disputes of charge "${charge}"`;
  return await readAll(
    listAll({ action, object: "dispute" }, (cursor) =>
      stripe.disputes.list({ charge, limit: LARGEST_PAGE, ...cursor }),
    ),
  );
}

/** Whether a refund reached the payer; one on its way already counts. */
export function reachesPayer(refund: WireObject): boolean {
  return !FAILED_REFUNDS.includes(refund.textOrNull("status") ?? "");
}

/** Maps a refund. */
function mapRefund(refund: WireObject): PaymentReversal {
  return { ...reversalOf(refund), kind: "refund", inForce: reachesPayer(refund) };
}

/** Maps a dispute; an inquiry is one that has not taken the money. */
function mapDispute(dispute: WireObject): PaymentReversal {
  const inForce = DISPUTES_IN_FORCE.includes(dispute.text("status"));
  return { ...reversalOf(dispute), kind: "dispute", inForce };
}

function reversalOf(wire: WireObject): Pick<PaymentReversal, "id" | "createdAt" | "amount"> {
  return { id: wire.text("id"), createdAt: wire.date("created"), amount: wire.integer("amount") };
}
