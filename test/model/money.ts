import { closeDispute, openDispute } from "../../sandbox/engine/paying/disputes.ts";
import { createRefund, failRefund } from "../../sandbox/engine/paying/refunds.ts";
import type { Transaction } from "../../sandbox/engine/transaction.ts";
import type { Step } from "./history.ts";

/** Money that goes back, or comes again. */
export type MoneyStep = Extract<Step, { do: "refund" | "bounce" | "dispute" | "decide" }>;

/**
 * Moves money of one of the customer's payments, whatever it was for: packs give tokens back,
 * subscriptions stay as they are.
 */
export function moveMoney(tx: Transaction, customer: string, step: MoneyStep): void {
  const charges = [...tx.state.charges.values()].filter((charge) => charge.customer === customer);
  const ofCustomer = ({ charge }: { charge: unknown }) => charges.some(({ id }) => id === charge);
  switch (step.do) {
    case "refund": {
      const left = charges.filter((c) => c.paid && c.amount_refunded < c.amount);
      const charge = pickOf(left, step.pick);
      if (charge !== undefined) {
        const open = charge.amount - charge.amount_refunded;
        const amount = Math.ceil((open * step.percent) / 100);
        createRefund(tx, charge, { amount, reason: "requested_by_customer", metadata: {} });
      }
      break;
    }
    case "bounce": {
      const refund = pickOf([...tx.state.refunds.values()].filter(ofCustomer), step.pick);
      if (refund !== undefined) {
        failRefund(tx, refund);
      }
      break;
    }
    case "dispute": {
      const charge = pickOf(charges, step.pick);
      if (charge !== undefined) {
        openDispute(tx, charge, { amount: undefined, inquiry: step.inquiry });
      }
      break;
    }
    case "decide": {
      const dispute = pickOf([...tx.state.disputes.values()].filter(ofCustomer), step.pick);
      if (dispute !== undefined) {
        const lost = dispute.status === "warning_needs_response" ? "warning_closed" : "lost";
        closeDispute(tx, dispute, step.won ? "won" : lost);
      }
      break;
    }
    default:
      step satisfies never;
  }
}

function pickOf<T>(all: readonly T[], pick: number): T | undefined {
  return all[pick % Math.max(1, all.length)];
}
