import type { SettleOutcome } from "../../../application/tokens/settle_reservation.ts";
import { counted } from "../../../domain/counted.ts";
import type { LedgerEntry } from "../../../domain/tokens/token_ledger.ts";
import { usedTokens } from "../../../domain/tokens/token_ledger_spending.ts";
import type { ReplyTo } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { balanceBody } from "./token_reply.ts";
import type { SETTLED } from "./token_schemas.ts";

/** The codes of `alreadySettled`. */
export const SETTLED_CODES = [
  "reservation_committed",
  "reservation_expired",
  "reservation_released",
] as const;

/** The reply to a commit or release of a reservation. */
export function settleReply(outcome: SettleOutcome, key: string): ReplyTo<typeof SETTLED> {
  switch (outcome.type) {
    case "settled": {
      const { entry } = outcome;
      const { amount: returned, expired } = entry;
      const body = { key, used: usedTokens(entry), returned, expired, balance: balanceBody(entry) };
      return { status: 200, body };
    }
    case "unknown_reservation":
      return new HttpError(404, {
        code: "unknown_reservation",
        message: "No tokens were reserved under this key",
      });
    case "exceeds_reservation": {
      const message = `Only ${counted(outcome.reserved, "token")} ${outcome.reserved === 1 ? "is" : "are"} reserved: debit the rest separately`;
      return new HttpError(422, {
        code: "exceeds_reservation",
        message,
        details: [{ field: "amount", message }],
      });
    }
    case "already_settled":
      return alreadySettled(outcome.entry);
    default:
      return outcome satisfies never;
  }
}

/** The reply for a reservation that had already ended in another way. */
export function alreadySettled(entry: LedgerEntry): HttpError {
  if (entry.kind === "commit") {
    return new HttpError(409, {
      code: "reservation_committed",
      message: `This reservation was committed with ${usedTokens(entry)} tokens`,
    });
  }
  return entry.reason === "expired"
    ? new HttpError(409, {
        code: "reservation_expired",
        message: "This reservation has expired: debit the tokens if they were used",
      })
    : new HttpError(409, {
        code: "reservation_released",
        message: "This reservation was released: debit the tokens if they were used",
      });
}
