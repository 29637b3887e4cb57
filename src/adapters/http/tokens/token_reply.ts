import type { SpendingOutcome } from "../../../application/tokens/spend_from_ledger.ts";
import {
  availableTokens,
  type LedgerEntry,
  type TokenBalance,
} from "../../../domain/tokens/token_ledger.ts";
import { spendingHalted } from "../errors.ts";
import { HttpError } from "../http_error.ts";
import type { Shown } from "../schema.ts";
import type { BALANCE, LEDGER_ENTRY } from "./token_schemas.ts";

/** The codes of `spendingRefused`, by status. */
export const SPENDING_REFUSALS = {
  402: ["insufficient_tokens"],
  409: ["key_conflict"],
} as const;

/** A balance as the API shows it. */
export function balanceBody(balance: TokenBalance): Shown<typeof BALANCE> {
  const { monthly, packs, debt, reserved } = balance;
  return { monthly, packs, debt, reserved, available: availableTokens(balance) };
}

/** A ledger entry as the API shows it, without the hashes of the chain. */
export function entryBody(entry: LedgerEntry): Shown<typeof LEDGER_ENTRY> {
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
