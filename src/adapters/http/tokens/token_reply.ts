import type { SpendingOutcome } from "../../../application/tokens/spend_from_ledger.ts";
import { REASON_PATTERN, REASON_RULE } from "../../../domain/text.ts";
import {
  availableTokens,
  type LedgerEntry,
  type TokenBalance,
} from "../../../domain/tokens/token_ledger.ts";
import { spendingHalted } from "../errors.ts";
import { HttpError } from "../http_error.ts";

/** Tokens that can be asked for. */
export const TOKEN_AMOUNT_SCHEMA = {
  type: "integer",
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
} as const;

/** Why something is done, for people. */
export const TOKEN_REASON_SCHEMA = {
  type: "string",
  pattern: REASON_PATTERN,
  description: REASON_RULE,
} as const;

/** A balance as the API shows it. */
export function balanceBody(balance: TokenBalance) {
  const { monthly, packs, debt, reserved } = balance;
  return { monthly, packs, debt, reserved, available: availableTokens(balance) };
}

/** A ledger entry as the API shows it, without the hashes of the chain. */
export function entryBody(entry: LedgerEntry) {
  const { seq, key, kind, amount, expired, reason, source, at } = entry;
  const { monthly, packs, debt, reserved } = entry;
  return {
    seq,
    key,
    kind,
    amount,
    expired,
    monthly,
    packs,
    debt,
    reserved,
    reason,
    source,
    at: at.toISOString(),
  };
}

/** Why tokens were not spent. */
export function spendingRefused(
  outcome: Exclude<SpendingOutcome, { readonly type: "recorded" }>,
): HttpError {
  switch (outcome.type) {
    case "insufficient_tokens":
      return new HttpError(402, {
        code: "insufficient_tokens",
        message: "There are not enough AI tokens left: buy a token pack or a larger plan",
        fields: { balance: balanceBody(outcome.balance) },
      });
    case "key_conflict":
      return keyConflict(outcome.entry);
    case "spending_halted":
      return spendingHalted();
    default:
      return outcome satisfies never;
  }
}

function keyConflict(entry: LedgerEntry): HttpError {
  const reason = entry.reason === null ? "without a reason" : `for "${entry.reason}"`;
  const message = `This key stands for ${-entry.amount} tokens ${reason}: use another one`;
  return new HttpError(409, {
    code: "key_conflict",
    message,
    details: [{ field: "key", message }],
  });
}
