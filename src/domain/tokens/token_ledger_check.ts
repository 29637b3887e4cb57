import { leftOf } from "../quota/usage_months.ts";
import type { LedgerKeys } from "./ledger_keys.ts";
import { type LedgerEntry, totalOf } from "./token_ledger.ts";
import { sealProblem } from "./token_ledger_seal.ts";
import { heldTokens } from "./token_ledger_spending.ts";

/** A fault in a ledger. */
export interface LedgerProblem {
  /** The number of the entry that shows it, or that is missing. */
  readonly seq: number;
  readonly message: string;
}

/** An entry that is stored and cannot be read. */
export interface UnreadableEntry {
  readonly tenantId: string;
  /** Its number; `null` where that cannot be read either. Such entries come last. */
  readonly seq: number | null;
  /** What is wrong with it. */
  readonly fault: string;
}

/** An entry as it was found. */
export type FoundEntry = LedgerEntry | UnreadableEntry;

/** Tells whether an entry could not be read. */
export function isUnreadable(entry: FoundEntry): entry is UnreadableEntry {
  return "fault" in entry;
}

/**
 * Checks an entry against the previous one (P30). A changed entry is found by its own hash, a
 * removed or inserted one by the next entry's link in the chain.
 */
export async function entryProblems(
  previous: FoundEntry | undefined,
  entry: FoundEntry,
  keys: LedgerKeys,
): Promise<LedgerProblem[]> {
  const expectedSeq = (previous?.seq ?? 0) + 1;
  if (isUnreadable(entry)) {
    return [{ seq: entry.seq ?? expectedSeq, message: `it cannot be read: ${entry.fault}` }];
  }
  const seal = await sealProblem(entry, keys);
  const link = previous !== undefined && isUnreadable(previous) ? undefined : linkOf(previous);
  const checks: [boolean, string][] = [
    [entry.seq === expectedSeq, `it should have number ${expectedSeq}`],
    [
      link === undefined || entry.previousHash === link.hash,
      "it does not follow from the entry before it",
    ],
    [
      link === undefined || entry.keyId !== null || link.keyId === null,
      "it has no seal, but the entry before it has one",
    ],
    [seal === undefined, seal ?? ""],
    [isBalance(entry), "its balance is not possible"],
    [isWhatMonthsLeave(entry), "its monthly tokens are not what its months leave"],
    [
      link === undefined || entry.amount === totalOf(entry) - totalOf(link),
      "its amount does not add up",
    ],
    [
      link === undefined || entry.reserved === link.reserved + reservedChange(entry),
      "its reserved tokens do not add up",
    ],
  ];
  return checks.flatMap(([ok, message]) => (ok ? [] : { seq: entry.seq, message }));
}

/** What the next entry continues. */
function linkOf(previous: LedgerEntry | undefined) {
  return previous ?? { ...NOTHING, reserved: 0, hash: "", keyId: null };
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
