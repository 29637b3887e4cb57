import type { State } from "../../state/state.ts";
import { findTestCard } from "../cards.ts";
import { declineOf } from "../request_error.ts";
import { FAILING_IBANS } from "../wallet/test_cards.ts";

/** What comes of an attempt to charge a payment method. */
export type Outcome =
  | { kind: "succeeded" }
  | { kind: "declined"; code: string; declineCode: string | null; message: string }
  | { kind: "no_method" }
  | { kind: "requires_action" }
  | { kind: "processing"; seconds: number; succeeds: boolean };

/** Who sits before the screen: nobody, somebody, or somebody who has just confirmed. */
export type Presence = "off_session" | "on_session" | "authenticated";

const DAY_SECONDS = 86_400;

/** A bank debit takes this long. */
const DEBIT_SECONDS = 5 * DAY_SECONDS;

/** How an issuer declines a card. */
export function declined(reason: string): Outcome {
  const { code, decline_code: declineCode, message } = declineOf(reason);
  return { kind: "declined", code, declineCode, message };
}

/** What an attempt to charge a saved payment method comes to; null is none on file. */
export function outcomeOf(
  state: Pick<State, "cardNumbers" | "paymentMethods">,
  paymentMethod: string | null,
  presence: Presence,
): Outcome {
  const method = state.paymentMethods.get(paymentMethod ?? "");
  if (method === undefined) {
    return { kind: "no_method" };
  }
  const number = state.cardNumbers.get(method.id) ?? "";
  if (method.type !== "card") {
    const succeeds = FAILING_IBANS.every((failing) => failing !== number);
    return { kind: "processing", seconds: DEBIT_SECONDS, succeeds };
  }
  const card = findTestCard(number);
  switch (card?.behavior) {
    case "succeeds":
      return { kind: "succeeded" };
    case "challenge":
      return presence === "on_session" ? { kind: "requires_action" } : { kind: "succeeded" };
    case "always_challenge":
      return presence === "authenticated" ? { kind: "succeeded" } : { kind: "requires_action" };
    default:
      return declined(card?.declineCode ?? "generic_decline");
  }
}
