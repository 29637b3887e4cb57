import { Type } from "typebox";
import { REASON_PATTERN, REASON_RULE } from "../../../domain/text.ts";
import { LEDGER_ENTRY_KINDS } from "../../../domain/tokens/token_ledger.ts";
import { COUNT, closed, DATE_TIME, nullable, oneOf } from "../schema.ts";

/** Tokens that can be asked for. */
export const TOKEN_AMOUNT_SCHEMA = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** Why something is done, for people. */
export const TOKEN_REASON_SCHEMA = Type.String({
  pattern: REASON_PATTERN,
  description: REASON_RULE,
});

/** Tokens by where they come from. */
export const BALANCE_FIELDS = {
  monthly: COUNT,
  packs: COUNT,
  debt: COUNT,
  reserved: COUNT,
  available: COUNT,
};

/** A balance. */
export const BALANCE = closed(BALANCE_FIELDS, { title: "TokenBalance" });

/** A ledger entry. */
export const LEDGER_ENTRY = closed(
  {
    seq: Type.Integer({ minimum: 1 }),
    key: Type.String(),
    kind: oneOf(LEDGER_ENTRY_KINDS),
    amount: Type.Integer(),
    expired: COUNT,
    monthly: COUNT,
    packs: COUNT,
    debt: COUNT,
    reserved: COUNT,
    reason: nullable(Type.String()),
    source: nullable(Type.String()),
    at: DATE_TIME,
  },
  { title: "LedgerEntry" },
);

/** How a reservation ended. */
export const SETTLED = closed({
  key: Type.String(),
  used: COUNT,
  returned: Type.Integer(),
  expired: COUNT,
  balance: BALANCE,
});
