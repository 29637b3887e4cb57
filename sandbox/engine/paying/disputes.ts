import { newId } from "../../state/ids.ts";
import type { WireCharge, WireDispute } from "../../state/wire.ts";
import { invalidRequest } from "../request_error.ts";
import { emit, emitChange, type Transaction } from "../transaction.ts";
import { BLANK_EVIDENCE } from "./blank_evidence.ts";
import { recordMovement } from "./books.ts";

const DAY_SECONDS = 86_400;

/** What a payer's bank disputes. */
export interface NewDispute {
  /** All of it by default, in minor units. */
  amount?: number | undefined;
  /** Asks first, and takes nothing yet. */
  inquiry: boolean;
  reason?: WireDispute["reason"];
}

/**
 * Opens a dispute over a paid charge, which takes the money back; emits `charge.dispute.created` and
 * `charge.dispute.funds_withdrawn`. An inquiry takes nothing yet.
 * @throws {RequestError} where the charge was not paid, or is disputed already
 */
export function openDispute(
  tx: Transaction,
  charge: WireCharge,
  { amount, inquiry, reason = "fraudulent" }: NewDispute,
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
    evidence: { ...BLANK_EVIDENCE },
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
    reason,
    status: inquiry ? "warning_needs_response" : "needs_response",
  };
  tx.state.disputes.set(dispute.id, dispute);
  charge.disputed = true;
  if (!inquiry) {
    move(tx, dispute, -dispute.amount);
  }
  emit(tx, "charge.dispute.created", dispute);
  if (!inquiry) {
    emit(tx, "charge.dispute.funds_withdrawn", dispute);
  }
  return dispute;
}

/**
 * Keeps the evidence that a merchant has; once it is submitted, the bank looks at it. Emits
 * `charge.dispute.updated`. In test mode the text `winning_evidence` or `losing_evidence` decides
 * (docs.stripe.com/testing#disputes).
 * @throws {RequestError} where the dispute is closed
 */
export function giveEvidence(
  tx: Transaction,
  dispute: WireDispute,
  given: { evidence: Record<string, string>; metadata: Record<string, string>; submit: boolean },
): void {
  if (isClosed(dispute)) {
    throw invalidRequest("This dispute is already closed.");
  }
  emitChange(tx, "charge.dispute.updated", dispute, (changed) => {
    Object.assign(changed.evidence, given.evidence);
    changed.metadata = given.metadata;
    changed.evidence_details.has_evidence ||= Object.keys(given.evidence).length > 0;
    if (given.submit) {
      changed.evidence_details.submission_count += 1;
      changed.status = changed.status.startsWith("warning")
        ? "warning_under_review"
        : "under_review";
    }
  });
  const text = dispute.evidence.uncategorized_text;
  if (given.submit && (text === "winning_evidence" || text === "losing_evidence")) {
    closeDispute(tx, dispute, text === "winning_evidence" ? "won" : "lost");
  }
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
  if (isClosed(dispute)) {
    throw invalidRequest("This dispute is already closed.");
  }
  emitChange(tx, "charge.dispute.closed", dispute, (changed) => {
    changed.status = status;
  });
  if (status === "won" && dispute.balance_transactions.length > 0) {
    move(tx, dispute, dispute.amount);
    emit(tx, "charge.dispute.funds_reinstated", dispute);
  }
}

function isClosed({ status }: WireDispute): boolean {
  return ["won", "lost", "warning_closed"].includes(status);
}

/** Takes the disputed money, or gives it back. */
function move(tx: Transaction, dispute: WireDispute, amount: number): void {
  const { id, charge, currency } = dispute;
  const taken = amount < 0;
  dispute.balance_transactions.push(
    recordMovement(tx, {
      type: "adjustment",
      amount,
      currency,
      source: id,
      description: `Chargeback ${taken ? "withdrawal" : "reversal"} for ${charge}`,
    }),
  );
}
