import { leftOf } from "../quota/usage_months.ts";
import { type LedgerEntry, totalOf } from "./token_ledger.ts";
import { sealEntry } from "./token_ledger_seal.ts";
import { heldTokens } from "./token_ledger_spending.ts";

/** A fault in a ledger. */
export interface LedgerProblem {
  /** The entry that shows it. */
  readonly seq: number;
  readonly message: string;
}

/**
 * Checks an entry against the previous one (P30). A changed entry is found by its own hash, a
 * removed or inserted one by the next entry's link in the chain.
 */
export async function entryProblems(
  previous: LedgerEntry | undefined,
  entry: LedgerEntry,
): Promise<LedgerProblem[]> {
  const { hash, previousHash, ...content } = entry;
  const expectedSeq = (previous?.seq ?? 0) + 1;
  const sealed = await sealEntry(content, previousHash);
  const checks: [boolean, string][] = [
    [entry.seq === expectedSeq, `it should have number ${expectedSeq}`],
    [previousHash === (previous?.hash ?? ""), "it does not follow from the entry before it"],
    [hash === sealed.hash, "it was changed: its hash is another"],
    [isBalance(entry), "its balance is not possible"],
    [isWhatMonthsLeave(entry), "its monthly tokens are not what its months leave"],
    [entry.amount === totalOf(entry) - totalOf(previous ?? NOTHING), "its amount does not add up"],
    [
      entry.reserved === (previous?.reserved ?? 0) + reservedChange(entry),
      "its reserved tokens do not add up",
    ],
  ];
  return checks.flatMap(([ok, message]) => (ok ? [] : { seq: entry.seq, message }));
}

function isWhatMonthsLeave({ months, monthly }: LedgerEntry): boolean {
  return months === null || monthly === (leftOf(months) ?? 0);
}

const NOTHING = { monthly: 0, packs: 0, debt: 0 };

function isBalance({ monthly, packs, debt, reserved, expired }: LedgerEntry): boolean {
  const whole = [monthly, packs, debt, reserved, expired].every(
    (tokens) => Number.isSafeInteger(tokens) && tokens >= 0,
  );
  return whole && (packs === 0 || debt === 0);
}

function reservedChange({ kind, hold }: LedgerEntry): number {
  if (hold === null) {
    return 0;
  }
  return kind === "reserve" ? heldTokens(hold) : -heldTokens(hold);
}
