import { newId } from "../state/ids.ts";
import type { WireCharge, WireDispute } from "../state/wire.ts";
import { BLANK_EVIDENCE } from "./blank_evidence.ts";
import { invalidRequest } from "./request_error.ts";
import { emit, emitChange, type Transaction } from "./transaction.ts";

const DAY_SECONDS = 86_400;

/**
 * Opens a dispute over a paid charge, which takes the money back; emits `charge.dispute.created` and
 * `charge.dispute.funds_withdrawn`. An inquiry takes nothing yet.
 * @throws {RequestError} where the charge was not paid, or is disputed already
 */
export function openDispute(
  tx: Transaction,
  charge: WireCharge,
  { amount, inquiry }: { amount: number | undefined; inquiry: boolean },
): WireDispute {
  if (charge.status !== "succeeded" || charge.disputed) {
    throw invalidRequest(`Charge ${charge.id} cannot be disputed.`);
  }
  const dispute: WireDispute = {
    id: newId("dp"),
    object: "dispute",
    amount: Math.min(amount ?? charge.amount, charge.amount),
    balance_transactions: [],
    charge: charge.id,
    created: tx.now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: BLANK_EVIDENCE,
    evidence_details: {
      due_by: tx.now + 9 * DAY_SECONDS,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: null,
    is_charge_refundable: inquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: "fraudulent",
    status: inquiry ? "warning_needs_response" : "needs_response",
  };
  tx.state.disputes.set(dispute.id, dispute);
  charge.disputed = true;
  emit(tx, "charge.dispute.created", dispute);
  if (!inquiry) {
    emit(tx, "charge.dispute.funds_withdrawn", dispute);
  }
  return dispute;
}

/**
 * Decides a dispute; emits `charge.dispute.closed`, and `charge.dispute.funds_reinstated` where the
 * money comes back.
 * @throws {RequestError} where it is decided already
 */
export function closeDispute(
  tx: Transaction,
  dispute: WireDispute,
  status: "won" | "lost" | "warning_closed",
): void {
  if (["won", "lost", "warning_closed"].includes(dispute.status)) {
    throw invalidRequest("This dispute is closed.");
  }
  emitChange(tx, "charge.dispute.closed", dispute, (changed) => {
    changed.status = status;
  });
  if (status === "won") {
    emit(tx, "charge.dispute.funds_reinstated", dispute);
  }
}
