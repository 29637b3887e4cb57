import { created, inRange, matches } from "../listing.ts";
import { text } from "../params.ts";

/** The filters of lists about payments. */
export const OF_PAYMENT = { charge: text, created, payment_intent: text };

/** Whether something is about the payment that a list asks for. */
export function isOf(wanted: {
  charge: string | undefined;
  payment_intent: string | undefined;
  created: Parameters<typeof inRange>[1];
}) {
  return (found: { charge: string | null; payment_intent?: string | null; created: number }) =>
    matches(wanted.charge, found.charge) &&
    matches(wanted.payment_intent, found.payment_intent ?? null) &&
    inRange(found.created, wanted.created);
}
